using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>Who carries a short message to a phone. Two: an HTTP gateway, and the development outbox of demo and drill.</summary>
internal interface IMessageSender
{
    /// <exception cref="HttpRequestException">Not delivered; it is tried again later.</exception>
    Task SendAsync(string number, string text, CancellationToken ct);
}

/// <summary>The outbox page shows what would have been sent. Nothing leaves the machine.</summary>
internal sealed class DevelopmentOutbox : IMessageSender
{
    public Task SendAsync(string number, string text, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>What a gateway wants, from a file: address, headers, and a body with {number} and {text} in it.</summary>
internal sealed record GatewaySettings(Uri Url, string ContentType, string Body, Dictionary<string, string>? Headers)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="StorageException">The file cannot be read as gateway settings.</exception>
    public static GatewaySettings ReadFile(string file)
    {
        try
        {
            return Read(File.ReadAllText(file));
        }
        catch (Exception broken) when (broken is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new StorageException($"The message gateway file {file} cannot be used: {broken.Message}", broken);
        }
    }

    /// <exception cref="JsonException">A member is missing or unknown.</exception>
    public static GatewaySettings Read(string json) =>
        JsonSerializer.Deserialize<GatewaySettings>(json, Strict) is { Url: not null, Body: not null, ContentType: not null } settings ? settings : throw new JsonException("url, content_type and body are needed.");
}

internal sealed class HttpGateway(HttpClient client, GatewaySettings settings) : IMessageSender
{
    public async Task SendAsync(string number, string text, CancellationToken ct)
    {
        var json = settings.ContentType.Contains("json", StringComparison.OrdinalIgnoreCase);
        var body = settings.Body.Replace("{number}", Escaped(number, json), StringComparison.Ordinal).Replace("{text}", Escaped(text, json), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url) { Content = new StringContent(body, System.Text.Encoding.UTF8, settings.ContentType) };
        foreach (var (name, value) in settings.Headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
    }

    private static string Escaped(string value, bool json) => json ? JsonEncodedText.Encode(value).ToString() : Uri.EscapeDataString(value);
}

/// <summary>
/// The one seam for short messages: a row in the outbox, sealed under the person's key, in the same transaction as what it tells;
/// a loop delivers. Number and text are never logged.
/// </summary>
internal sealed class Messages(IDbContextFactory<Database> databases, Vault vault, TimeProvider clock, Heartbeats heartbeats, IMessageSender? sender = null) : BackgroundService
{
    private const int MostAttempts = 6;
    private const int Batch = 50;

    /// <summary>Longer than a gateway may take (10 s), so that nobody sends what another is sending.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim rung = new(0, 1);

    /// <summary>False where no sender is set up: then places are kept without a code.</summary>
    public bool CanSend => sender is not null;

    public static OutboxRow Sealed(Guid person, byte[] personKey, string kind, string number, string text, DateTimeOffset now) =>
        Sealed(Guid.CreateVersion7(now), person, personKey, kind, number, text, now);

    /// <param name="id">Follows from what is told, where it must be told once by whichever node is first.</param>
    public static OutboxRow Sealed(Guid id, Guid person, byte[] personKey, string kind, string number, string text, DateTimeOffset now)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(new ShortMessage(number, text));
        return new OutboxRow { Id = id, Person = person, At = now.Ms(), Kind = kind, Sealed = Vault.Seal(personKey, plain, id, 0), Attempts = 0 };
    }

    /// <summary>To a number of this deployment, which is nobody's account: sealed under the deployment key.</summary>
    public OutboxRow ToNumber(Guid id, string kind, string number, string text, DateTimeOffset now) =>
        new() { Id = id, At = now.Ms(), Kind = kind, Sealed = vault.Wrap(JsonSerializer.SerializeToUtf8Bytes(new ShortMessage(number, text)), id), Attempts = 0 };

    public void Ring()
    {
        if (rung.CurrentCount == 0)
        {
            try
            {
                rung.Release();
            }
            catch (SemaphoreFullException)
            {
                // Rung twice at once is rung.
            }
        }
    }

    /// <summary>Opens a row for the outbox page and for the sender; null where the person's key is gone.</summary>
    public async Task<ShortMessage?> Open(Database database, OutboxRow row, CancellationToken ct)
    {
        if (row.Person is not { } person)
        {
            return JsonSerializer.Deserialize<ShortMessage>(vault.Unwrap(row.Sealed, row.Id));
        }

        var wrapped = await database.Set<AccountRow>().AsNoTracking().Where(a => a.Id == person).Select(a => a.Wrapped).FirstOrDefaultAsync(ct)
            ?? await database.Set<StaffRow>().AsNoTracking().Where(s => s.Id == person).Select(s => s.Wrapped).FirstOrDefaultAsync(ct);
        return wrapped is null ? null : JsonSerializer.Deserialize<ShortMessage>(Vault.Open(vault.Unwrap(wrapped, person), row.Sealed, row.Id, 0));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (sender is not null)
                {
                    await Deliver(sender, stoppingToken);
                }

                heartbeats.Beat(nameof(Messages), clock.GetUtcNow());
                await rung.WaitAsync(LookAgain, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away; the rows wait.
                heartbeats.Failed(nameof(Messages), broken.GetType().Name, clock.GetUtcNow());
                await Task.Delay(LookAgain, clock, stoppingToken);
            }
        }
    }

    private async Task Deliver(IMessageSender carrier, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var rows = await database.Set<OutboxRow>().AsNoTracking()
            .Where(o => o.SentAt == null && o.Attempts < MostAttempts && (o.ClaimedUntil == null || o.ClaimedUntil < now.Ms())).OrderBy(o => o.At).Take(Batch).ToListAsync(ct);
        foreach (var row in rows)
        {
            // Claimed before it is sent, in one statement: two nodes do not send the same message.
            var mine = await Row(database, row.Id).Where(o => o.SentAt == null && (o.ClaimedUntil == null || o.ClaimedUntil < now.Ms()))
                .ExecuteUpdateAsync(set => set.SetProperty(o => o.ClaimedUntil, (now + Claim).Ms()).SetProperty(o => o.Attempts, o => o.Attempts + 1), ct);
            if (mine == 0)
            {
                continue;
            }

            try
            {
                if (await Open(database, row, ct) is { } message)
                {
                    await carrier.SendAsync(message.Number, message.Text, ct);
                }

                await Row(database, row.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.SentAt, clock.GetUtcNow().Ms()).SetProperty(o => o.Failed, (string?)null), CancellationToken.None);
            }
            catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                await Row(database, row.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Failed, failed.GetType().Name).SetProperty(o => o.ClaimedUntil, (clock.GetUtcNow() + LookAgain).Ms()), CancellationToken.None);
            }
        }
    }

    private static IQueryable<OutboxRow> Row(Database database, Guid id) => database.Set<OutboxRow>().Where(o => o.Id == id);

    public override void Dispose()
    {
        rung.Dispose();
        base.Dispose();
    }
}

internal sealed record ShortMessage(string Number, string Text);

using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// The one seam for short messages: a row in the outbox, sealed under the person's key, in the same transaction as what it tells;
/// a loop delivers, unless the message is older than a code lives: then it helps nobody. Number and text are never logged.
/// </summary>
internal sealed class Messages(
    IDbContextFactory<Database> databases, Vault vault, TimeProvider clock, Heartbeats heartbeats, Breaker breaker, CodeLimits limits, ILogger<Messages> log, IMessageSender? sender = null) : BackgroundService
{
    private const int MostAttempts = 6;
    private const int Batch = 50;

    /// <summary>Longer than a gateway may take (10 s), so that nobody sends what another is sending.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim rung = new(0, 1);

    /// <summary>A code to whoever comes back. A number that we do not know gets none, so its fate may tell nobody anything.</summary>
    public const string CodeToComeBack = "code_to_come_back";

    /// <summary>Of a notice to many: behind everything that one person waits for.</summary>
    public const string Notice = "notice";

    /// <summary>False where no sender is set up, or the gateway fails: then places are kept without a code.</summary>
    public bool CanSend => sender is not null && breaker.BrokenSince is null;

    /// <summary>When the gateway was found to fail; null while it works.</summary>
    public DateTimeOffset? FailingSince => breaker.BrokenSince;

    /// <summary>For whoever watches the machine.</summary>
    public string State => sender is null ? "not_set_up" : CanSend ? "sent" : "failing";

    /// <summary>Whether a code may be offered: it can be sent, or it is time to try again.</summary>
    public bool MayOffer(DateTimeOffset now) => sender is not null && breaker.MayTry(now);

    /// <summary>Whether a code may be promised to this one person now; while the gateway fails, one in each turn is the trial.</summary>
    public bool Promise(DateTimeOffset now) => sender is not null && breaker.Promise(now);

    /// <summary>It will not be tried again: too often, or too old to help.</summary>
    public bool IsGivenUp(OutboxRow row, DateTimeOffset now) =>
        row.SentAt is null && (row.ClaimedUntil is not { } claimed || claimed < now.Ms()) && (row.Attempts >= MostAttempts || row.At <= (now - limits.ValidFor).Ms());

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
        var oldest = (now - limits.ValidFor).Ms();
        var rows = await database.Set<OutboxRow>().AsNoTracking()
            .Where(o => o.SentAt == null && o.At > oldest && o.Attempts < MostAttempts && (o.ClaimedUntil == null || o.ClaimedUntil < now.Ms())).OrderBy(o => o.Kind == Notice).ThenBy(o => o.At).Take(Batch).ToListAsync(ct);
        foreach (var row in rows)
        {
            heartbeats.Beat(nameof(Messages), clock.GetUtcNow());
            if (row.Kind == CodeToComeBack ? !CanSend : !breaker.Lets(clock.GetUtcNow()))
            {
                continue;
            }

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
                    Learn(row, null);
                }

                await Row(database, row.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.SentAt, clock.GetUtcNow().Ms()).SetProperty(o => o.Failed, (string?)null), CancellationToken.None);
            }
            catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
            {
                Learn(row, failed);
                await Row(database, row.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.Failed, failed.GetType().Name).SetProperty(o => o.ClaimedUntil, (clock.GetUtcNow() + LookAgain).Ms()), CancellationToken.None);
            }
        }
    }

    /// <summary>What the fate of a message says about the gateway. One that answers that it will not take this message works.</summary>
    private void Learn(OutboxRow row, Exception? failed)
    {
        if (row.Kind == CodeToComeBack)
        {
            return;
        }

        if (failed is null or HttpRequestException { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity })
        {
            if (breaker.Works())
            {
                log.LogWarning("Messages go out again.");
            }
        }
        else if (breaker.Failed(clock.GetUtcNow()))
        {
            log.LogError("Messages do not go out: {Kind} {Status}. Places are kept by recovery codes; one message is tried again each {Seconds} s.", failed.GetType().Name, (int?)(failed as HttpRequestException)?.StatusCode, limits.GatewayRestSeconds);
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

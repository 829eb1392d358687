using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;

[assembly: Mapped<UploadRow, UploadMapping>]

namespace Yizhen.Web.Statistics;

internal sealed class UploadRow
{
    /// <summary>The day, and for a running one the hour: 2020-01-26, 2020-01-26T14.</summary>
    public required string Id { get; init; }

    public required long MadeAt { get; init; }

    /// <summary>As it is sent, to the byte.</summary>
    public required string Body { get; init; }

    public required int Tries { get; set; }

    public required long NextAt { get; set; }

    public required long? SentAt { get; set; }

    /// <summary>Why the last try failed: a status or the name of a fault.</summary>
    public required string? Fault { get; set; }
}

internal sealed class UploadMapping : IEntityTypeConfiguration<UploadRow>
{
    public void Configure(EntityTypeBuilder<UploadRow> builder)
    {
        builder.HasKey(u => u.Id);
        builder.InSnakeCase("upload");
    }
}

/// <summary>How far the platform is behind.</summary>
/// <param name="Waiting">Made and not yet taken.</param>
/// <param name="Oldest">When the oldest of them was made.</param>
public sealed record UploadState(int Waiting, DateTimeOffset? Oldest, DateTimeOffset? LastSent, string? Fault);

/// <summary>
/// Counts for the provincial platform: each hour of the running day, and each day once it is over. They are stored before they are sent, sent in order,
/// and tried until they are taken; a day that ended while nothing ran is made up for. Sent at least once: the id tells the receiver what it has already.
/// </summary>
internal sealed class Uploads(
    IDbContextFactory<Database> databases, LivePicture live, PageSettings settings, TimeProvider clock, Heartbeats heartbeats, IHttpClientFactory clients, UploadSettings? target = null) : BackgroundService
{
    private const int MostTries = 5;
    private const int MostDays = 400;
    private const int Most = 100;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>The first figures after a start read every statistical code. Whoever comes in its first minutes is not made to wait for that.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a try may take.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    /// <summary>Null where nothing is uploaded.</summary>
    public async Task<UploadState?> State(CancellationToken ct)
    {
        if (target is null)
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        var open = database.Set<UploadRow>().AsNoTracking().Where(u => u.SentAt == null);
        var oldest = await open.OrderBy(u => u.MadeAt).Select(u => new { u.MadeAt, u.Fault }).FirstOrDefaultAsync(ct);
        var last = await database.Set<UploadRow>().AsNoTracking().MaxAsync(u => u.SentAt, ct);
        return new(await open.CountAsync(ct), oldest?.MadeAt.Utc(), last?.Utc(), oldest?.Fault);
    }

    /// <summary>Makes what is due and sends what is open.</summary>
    public async Task Turn(DateTimeOffset now, CancellationToken ct)
    {
        if (target is not null)
        {
            await Make(target, now, ct);
            await Send(target, now, ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var quiet = clock.GetUtcNow() + Quiet;
        while (target is not null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = clock.GetUtcNow();
                await (now < quiet ? Send(target, now, stoppingToken) : Turn(now, stoppingToken));
                heartbeats.Beat(nameof(Uploads), clock.GetUtcNow());
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away; what is due is made at the next turn.
                heartbeats.Failed(nameof(Uploads), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Make(UploadSettings to, DateTimeOffset now, CancellationToken ct)
    {
        // The figures are of the picture's moment, which is a little older than now: around midnight it decides which day is over.
        var picture = await live.Look(ct);
        var (local, today) = (TimeZoneInfo.ConvertTime(picture.At, settings.Zone), picture.Today);
        var first = picture.Cubes.Select(c => c.Day).DefaultIfEmpty(today).Min();
        var due = Enumerable.Range(0, Math.Min(MostDays, today.DayNumber - first.DayNumber)).Select(n => today.AddDays(-1 - n)).Reverse().Select(day => (Id: Name(day), day))
            .Append((Id: string.Create(CultureInfo.InvariantCulture, $"{today:yyyy-MM-dd}T{local.Hour:00}"), today)).ToList();
        var ids = due.Select(d => d.Id).ToList();
        await using var database = await databases.CreateDbContextAsync(ct);
        var made = await database.Set<UploadRow>().AsNoTracking().Where(u => ids.Contains(u.Id)).Select(u => u.Id).ToHashSetAsync(ct);
        foreach (var (id, day) in due.Where(d => !made.Contains(d.Id)))
        {
            var figures = await live.Figures(picture, new Asked(null, day, day), ct);
            database.Add(new UploadRow
            {
                Id = id,
                MadeAt = now.Ms(),
                Body = JsonSerializer.Serialize(new UploadBody(1, to.Sender, id, day, day < today, figures), Faces.Json),
                Tries = 0,
                NextAt = 0,
                SentAt = null,
                Fault = null,
            });
            try
            {
                await database.SaveChangesAsync(ct);
            }
            catch (DbUpdateException)
            {
                // Another node was faster.
                database.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>In order: while one is not taken, none behind it is sent.</summary>
    private async Task Send(UploadSettings to, DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        foreach (var row in await database.Set<UploadRow>().Where(u => u.SentAt == null).OrderBy(u => u.MadeAt).ThenBy(u => u.Id).Take(Most).ToListAsync(ct))
        {
            // Claimed before it is sent, in one statement: two nodes do not send the same one at once.
            var (was, until) = (row.NextAt, (now + Claim).Ms());
            if (was > now.Ms() || await database.Set<UploadRow>().Where(u => u.Id == row.Id && u.SentAt == null && u.NextAt == was).ExecuteUpdateAsync(set => set.SetProperty(u => u.NextAt, until), ct) == 0)
            {
                return;
            }

            using var client = clients.CreateClient(nameof(Uploads));
            row.Fault = await SignedPost.SendAsync(client, to.Url, to.Secret, ("Idempotency-Key", $"{to.Sender}-{row.Id}"), row.Body, now, ct);
            row.Tries++;
            row.SentAt = row.Fault is null ? now.Ms() : null;
            row.NextAt = (now + Every * Math.Pow(2, Math.Min(row.Tries, MostTries))).Ms();
            await database.SaveChangesAsync(ct);
            if (row.SentAt is null)
            {
                return;
            }
        }
    }

    private static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <param name="Version">Of this form of message: 1.</param>
/// <param name="Final">The day is over.</param>
internal sealed record UploadBody(int Version, string Sender, string Id, DateOnly Day, bool Final, PictureFigures Picture);

using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// A consultation that cannot be read breaks nobody else's page. It is named, by kind of fault and id and nothing else, in the node's log and in
/// the pool's journal, from which the operator's board tells it: once an hour, however often somebody looks.
/// </summary>
internal sealed class Unreadable(IDbContextFactory<Database> databases, ILogger<Unreadable> logs)
{
    private const string Kind = "unreadable";

    private static readonly TimeSpan Again = TimeSpan.FromHours(1);
    private static readonly TimeSpan Shown = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> told = new();

    /// <summary>A fault of this one consultation: not a database that is away, nor a reader who has gone.</summary>
    public static bool Is(Exception broken) => broken is not OperationCanceledException && !Outage.Is(broken);

    public async Task Tell(ConsultationId id, Exception broken, DateTimeOffset now)
    {
        if (told.TryGetValue(id.Value, out var last) && now - last < Again)
        {
            return;
        }

        var why = broken.GetType().Name;
        await using var database = await databases.CreateDbContextAsync();
        database.Add(new JournalRow { Pool = Duties.Pool, At = now.Ms(), Kind = Kind, Consultation = id.Value, Body = JsonSerializer.Serialize(new { why }) });
        await database.SaveChangesAsync();
        told[id.Value] = now;
        logs.LogError("Consultation {Consultation} cannot be read: {Kind}", id.Value, why);
    }

    /// <summary>Told of within a day, by any node.</summary>
    public static async Task<IReadOnlyList<ConsultationId>> Lately(Database database, DateTimeOffset now, CancellationToken ct)
    {
        var since = (now - Shown).Ms();
        var ids = await database.Set<JournalRow>().AsNoTracking().Where(j => j.Kind == Kind && j.At >= since).Select(j => j.Consultation).Distinct().ToListAsync(ct);
        return [.. ids.OfType<Guid>().Order().Select(id => new ConsultationId(id))];
    }
}

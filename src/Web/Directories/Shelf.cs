using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Directories;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Directories;

/// <summary>
/// Both directories as they stand: of each publisher its newest list, and what was added since. Kept in memory until another list is taken or undone, on whichever node;
/// each question costs one small query.
/// </summary>
internal sealed class Shelf(IDbContextFactory<Database> databases, ReadLists lists)
{
    public const string Hospitals = "hospitals";
    public const string Services = "services";

    private Held<Hospital>? hospitals;
    private Held<AdviceElsewhere>? services;

    public async Task<ImmutableArray<Hospital>> HospitalsAsync(CancellationToken ct)
    {
        var held = await Fresh(Hospitals, hospitals, body => JsonSerializer.Deserialize<Hospital>(body, Faces.Json), h => h.Key, ct);
        hospitals = held;
        return held.Any ? held.Lines : lists.DemoHospitals;
    }

    public async Task<ImmutableArray<AdviceElsewhere>> ServicesAsync(CancellationToken ct)
    {
        var held = await Fresh(Services, services, body => JsonSerializer.Deserialize<AdviceElsewhere>(body, Faces.Json), s => s.Key, ct);
        services = held;
        return held.Any ? held.Lines : lists.DemoServices;
    }

    public async Task<Hospital?> FindAsync(Guid key, CancellationToken ct) => (await HospitalsAsync(ct)).FirstOrDefault(h => h.Key == key);

    /// <summary>The newest statement of each of these; of all where null.</summary>
    public async Task<IReadOnlyDictionary<Guid, HospitalStatement>> StatementsAsync(IReadOnlyCollection<Guid>? of, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var all = database.Set<StatementRow>().AsNoTracking();
        var newest = all.Where(s => !all.Any(later => later.Hospital == s.Hospital && later.Seq > s.Seq));
        return await (of is null ? newest : newest.Where(s => of.Contains(s.Hospital))).ToDictionaryAsync(s => s.Hospital, s => new HospitalStatement(s.At.Utc(), s.Open, (int?)s.Room, (int?)s.Waiting), ct);
    }

    /// <summary>Lists that stand or stood, the newest first.</summary>
    public async Task<IReadOnlyList<ListRow>> ListsAsync(string directory, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<ListRow>().AsNoTracking().Where(l => l.Directory == directory && l.TakenAt != null).OrderByDescending(l => l.TakenAt).ThenByDescending(l => l.Id).ToListAsync(ct);
    }

    private async Task<Held<T>> Fresh<T>(string directory, Held<T>? held, Func<string, T?> read, Func<T, Guid> key, CancellationToken ct)
        where T : class
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var stood = database.Set<ListRow>().AsNoTracking().Where(l => l.Directory == directory && l.TakenAt != null);
        var stamp = (await stood.CountAsync(ct), await stood.CountAsync(l => l.UndoneAt != null, ct));
        if (held is not null && held.Stamp == stamp)
        {
            return held;
        }

        var standing = await stood.Where(l => l.UndoneAt == null).OrderBy(l => l.TakenAt).ThenBy(l => l.Id).ToListAsync(ct);
        var lines = new Dictionary<Guid, (string Publisher, T Line)>();
        foreach (var list in standing)
        {
            var rows = await database.Set<LineRow>().AsNoTracking().Where(r => r.List == list.Id).OrderBy(r => r.Seq).ToListAsync(ct);
            if (!list.Adds)
            {
                var publishers = rows.Select(r => r.Publisher).ToHashSet();
                foreach (var gone in lines.Where(l => publishers.Contains(l.Value.Publisher)).Select(l => l.Key).ToList())
                {
                    lines.Remove(gone);
                }
            }

            foreach (var row in rows)
            {
                var line = read(row.Body) ?? throw new InvalidOperationException($"Line {row.Seq} of the directory is empty.");
                lines[key(line)] = (row.Publisher, line);
            }
        }

        return new(stamp, standing.Count > 0, [.. lines.Values.Select(l => l.Line)]);
    }

    /// <param name="Stamp">Lists ever taken, and undone: both only grow.</param>
    /// <param name="Any">A list stands; else the demo's own is shown in a rehearsal.</param>
    private sealed record Held<T>((int Taken, int Undone) Stamp, bool Any, ImmutableArray<T> Lines);
}

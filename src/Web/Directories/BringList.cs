using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Directories;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Directories;

/// <summary>A file as it was brought.</summary>
/// <param name="Directory">hospitals or services.</param>
internal sealed record BroughtFile(string Directory, string File, string Text, bool Adds, ListDefaults Defaults);

/// <summary>What taking a list would do.</summary>
/// <param name="New">Lines that stand nowhere now.</param>
/// <param name="Changed">Lines that say something else now.</param>
/// <param name="Gone">Lines of the same publishers that the list does not name any more.</param>
internal sealed record ListEffect(int New, int Changed, int Same, int Gone, ImmutableArray<string> Publishers);

/// <summary>
/// A list is brought, looked at, and taken whole or not at all. Nothing of it is shown to a patient before somebody has taken it; undoing puts the one before in its place again.
/// </summary>
internal sealed class BringList(IDbContextFactory<Database> databases, ReadLists lists, Shelf shelf, Deployment deployment)
{
    private const int LongestFile = 200;

    /// <summary>Stored to be looked at; with any line at fault nothing is stored.</summary>
    public async Task<(Decision<ListRow> List, ImmutableArray<FaultyLine> Faults)> Bring(BroughtFile file, Subject who, DateTimeOffset now)
    {
        if (!deployment.IsRehearsal && ReadLists.IsShipped(file.Text))
        {
            return (Refusal.OnlyInDemo, []);
        }

        var (rows, faults) = file.Directory == Shelf.Services
            ? Rows(lists.Services(file.Text, file.Defaults), s => (s.Key, s.Publisher))
            : Rows(lists.Hospitals(file.Text, file.Defaults), h => (h.Key, h.Publisher));
        if (!faults.IsEmpty || rows.Count == 0)
        {
            return (Refusal.ListAtFault, faults);
        }

        var list = new ListRow
        {
            Id = Guid.CreateVersion7(now), Directory = file.Directory, Organisation = who.Organisation, At = now.Ms(), Actor = who.Actor.Length > 0 ? who.Actor : "system",
            Name = who.Name, File = file.File.Length > LongestFile ? file.File[..LongestFile] : file.File, Adds = file.Adds, Lines = rows.Count,
        };
        await using var database = await databases.CreateDbContextAsync();
        database.ChangeTracker.AutoDetectChangesEnabled = false;
        database.Add(list);
        database.AddRange(rows.Select(r => new LineRow { List = list.Id, Key = r.Key, Publisher = r.Publisher, Body = r.Body }));
        await database.SaveChangesAsync();
        return (list, []);

        static (List<(Guid Key, string Publisher, string Body)> Rows, ImmutableArray<FaultyLine> Faults) Rows<T>(ReadList<T> read, Func<T, (Guid, string)> of) =>
            ([.. read.Lines.Select(line => (of(line).Item1, of(line).Item2, JsonSerializer.Serialize(line, Faces.Json)))], read.Faults);
    }

    /// <summary>Null where it is not there, or another organisation's.</summary>
    public async Task<ListRow?> Find(Guid id, Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<ListRow>().AsNoTracking().FirstOrDefaultAsync(l => l.Id == id && l.Organisation == who.Organisation, ct);
    }

    public async Task<ListEffect> Effect(ListRow list, CancellationToken ct)
    {
        var standing = list.Directory == Shelf.Services
            ? (await shelf.ServicesAsync(ct)).ToDictionary(s => s.Key, s => (s.Publisher, Body: JsonSerializer.Serialize(s, Faces.Json)))
            : (await shelf.HospitalsAsync(ct)).ToDictionary(h => h.Key, h => (h.Publisher, Body: JsonSerializer.Serialize(h, Faces.Json)));
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<LineRow>().AsNoTracking().Where(r => r.List == list.Id).Select(r => new { r.Key, r.Publisher, r.Body }).ToListAsync(ct);
        var (keys, publishers) = (rows.Select(r => r.Key).ToHashSet(), rows.Select(r => r.Publisher).Distinct().Order(StringComparer.Ordinal).ToImmutableArray());
        var known = rows.Where(r => standing.ContainsKey(r.Key)).ToList();
        var same = known.Count(r => standing[r.Key].Body == r.Body);
        return new(rows.Count - known.Count, known.Count - same, same, list.Adds ? 0 : standing.Count(s => !keys.Contains(s.Key) && publishers.Contains(s.Value.Publisher)), publishers);
    }

    /// <summary>From now on it stands. Taking it twice is taking it once.</summary>
    public async Task<Decision<bool>> Take(Guid id, Subject who, DateTimeOffset now)
    {
        var at = now.Ms();
        await using var database = await databases.CreateDbContextAsync();
        var own = database.Set<ListRow>().Where(l => l.Id == id && l.Organisation == who.Organisation);
        return await own.Where(l => l.TakenAt == null).ExecuteUpdateAsync(set => set.SetProperty(l => l.TakenAt, at)) == 1 || await own.AnyAsync(l => l.UndoneAt == null) ? true : Refusal.NotFound;
    }

    /// <summary>The newest list of this directory stands no more, and what stood before it stands again.</summary>
    /// <param name="seen">Which list whoever presses has seen as the newest; null: whichever it is.</param>
    public async Task<Decision<ListRow>> Undo(string directory, Guid? seen, Subject who, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var newest = await database.Set<ListRow>().Where(l => l.Directory == directory && l.TakenAt != null && l.UndoneAt == null).OrderByDescending(l => l.TakenAt).ThenByDescending(l => l.Id).FirstOrDefaultAsync();
        // What was brought at the machine is every operator's, and the machine's owner may undo all.
        if (newest is null || (newest.Organisation != who.Organisation && newest.Organisation != Guid.Empty && who.Organisation != Guid.Empty))
        {
            return Refusal.NotFound;
        }

        if (seen is { } known && known != newest.Id)
        {
            return Refusal.Conflict;
        }

        (newest.UndoneAt, newest.UndoneBy) = (now.Ms(), who.Actor.Length > 0 ? who.Actor : "system");
        await database.SaveChangesAsync();
        return newest;
    }
}

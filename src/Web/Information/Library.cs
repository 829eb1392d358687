using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Information;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Information;

/// <summary>What a library shows on a day.</summary>
internal sealed record LibraryShown(ImmutableArray<KeptEntry> Entries, Lazy<AnswerIndex> Index)
{
    public IEnumerable<KeptEntry> Typical => Entries.Where(e => e.Entry.Typical).Take(LibraryEntry.MostTypical);

    public KeptEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);
}

/// <summary>
/// The questions and answers of an organisation: rows that are only added to, folded when they are read. In demo and drill the shipped entries stand under
/// them. The index is made again when a row was added, on whichever node, or a day begins.
/// </summary>
internal sealed class Library(IDbContextFactory<Database> databases, Deployment deployment, Lexicon lexicon)
{
    private static readonly Lazy<ShippedLibrary> Shipped = new(() => ShippedLibrary.Parse(Policies.Text("library.json")));
    private static readonly Lazy<SearchWords> Words = new(() => SearchWords.Parse(Policies.Text("library-words.json")));
    private static readonly Lazy<Pinyin> Sounds = new(() => Pinyin.Parse(Policies.Text("pinyin.json")));

    private readonly ConcurrentDictionary<Guid, (long Seq, DateOnly Day, LibraryShown Shown)> made = new();

    public async Task<LibraryShown> Shown(Guid organisation, DateTimeOffset now, CancellationToken ct)
    {
        var day = Day(now);
        await using var database = await databases.CreateDbContextAsync(ct);
        var last = await database.Set<LibraryRow>().Where(l => l.Organisation == organisation).MaxAsync(l => (long?)l.Seq, ct) ?? 0;
        if (made.TryGetValue(organisation, out var held) && held.Seq == last && held.Day == day)
        {
            return held.Shown;
        }

        ImmutableArray<KeptEntry> entries = [.. (await All(organisation, ct)).Where(e => e.IsShown(day, deployment.IsRehearsal))];
        var shown = new LibraryShown(entries, new(() => new AnswerIndex([.. entries.Select(e => new Findable(e.Key, [.. e.Entry.Ways]))], Words.Value, Sounds.Value, lexicon)));
        made[organisation] = (last, day, shown);
        return shown;
    }

    /// <summary>All of them, also what is withdrawn, not reviewed or past its time.</summary>
    public async Task<ImmutableArray<KeptEntry>> All(Guid organisation, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<LibraryRow>().AsNoTracking().Where(l => l.Organisation == organisation).OrderBy(l => l.Seq).ToListAsync(ct);
        var entries = deployment.IsRehearsal ? Shipped.Value.Entries.ToDictionary(e => e.Key, OfFile, StringComparer.Ordinal) : new(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            entries[row.Key] = After(entries.GetValueOrDefault(row.Key), row);
        }

        return [.. entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal)];
    }

    public async Task<KeptEntry?> Find(Guid organisation, string key, CancellationToken ct) => (await All(organisation, ct)).FirstOrDefault(e => e.Key == key);

    public async Task<ImmutableArray<LibraryStep>> Steps(Guid organisation, string key, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<LibraryRow>().AsNoTracking().Where(l => l.Organisation == organisation && l.Key == key).OrderByDescending(l => l.Seq).ToListAsync(ct);
        return [.. rows.Select(r => new LibraryStep(r.Kind, r.At.Utc(), r.Name, r.Why))];
    }

    /// <param name="key">Null: a new entry.</param>
    public async Task<Decision<KeptEntry>> Write(Subject who, string? key, LibraryEntry entry, string why, DateTimeOffset now)
    {
        if (key is not null && await Find(who.Organisation, key, CancellationToken.None) is null)
        {
            return Refusal.NotFound;
        }

        return entry.Check().Is(out var whole, out var no)
            ? await Add(who, key ?? $"b{Base32.Write(Guid.CreateVersion7(now))}", LibraryRow.Written, why, JsonSerializer.Serialize(whole, Faces.Json), now)
            : no;
    }

    /// <param name="version">The one that was read: whoever reviews has seen what they sign.</param>
    public async Task<Decision<KeptEntry>> Review(Subject who, string key, int version, DateTimeOffset now) =>
        await Find(who.Organisation, key, CancellationToken.None) is not { } entry ? Refusal.NotFound
        : entry.Withdrawn is not null || entry.Version != version ? Refusal.Conflict
        : (await Add(who, key, LibraryRow.Reviewed, "", version.ToString(CultureInfo.InvariantCulture), now)).Then<KeptEntry>(after => after.ReviewedBy is null ? Refusal.Conflict : after);

    public async Task<Decision<KeptEntry>> Withdraw(Subject who, string key, string why, DateTimeOffset now) =>
        await Find(who.Organisation, key, CancellationToken.None) is not { } entry ? Refusal.NotFound
        : why.Trim().Length == 0 ? Refusal.ReasonNeeded
        : entry.Withdrawn is not null ? Refusal.Conflict
        : await Add(who, key, LibraryRow.Withdrawn, why.Trim(), null, now);

    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, deployment.Zone).DateTime);

    private async Task<Decision<KeptEntry>> Add(Subject who, string key, string kind, string why, string? content, DateTimeOffset now)
    {
        await using (var database = await databases.CreateDbContextAsync())
        {
            database.Add(new LibraryRow { Organisation = who.Organisation, Key = key, Kind = kind, At = now.Ms(), Actor = who.Actor, Name = who.Name, Why = why, Content = content });
            await database.SaveChangesAsync();
        }

        return await Find(who.Organisation, key, CancellationToken.None) is { } after ? after : Refusal.NotFound;
    }

    private static KeptEntry OfFile(ShippedEntry e) => new(e.Key, 1, Shipped.Value.Entry(e), null, "", e.ReviewedBy, null, null, null, true);

    private static KeptEntry After(KeptEntry? before, LibraryRow row) => (row.Kind, before) switch
    {
        (LibraryRow.Written, _) => new(
            row.Key, (before?.Version ?? 0) + 1, JsonSerializer.Deserialize<LibraryEntry>(row.Content ?? "", Faces.Json) ?? throw new StorageException($"The entry {row.Key} of the library is empty."),
            row.At.Utc(), row.Name, null, null, null, null, false),
        // Somebody has written the next one meanwhile: that one nobody has read yet. A row of before the version was noted is of the one before it.
        (LibraryRow.Reviewed, { } entry) when row.Content is { } read && read != entry.Version.ToString(CultureInfo.InvariantCulture) => entry,
        (LibraryRow.Reviewed, { } entry) => entry with { ReviewedBy = row.Name, ReviewedAt = row.At.Utc() },
        (LibraryRow.Withdrawn, { } entry) => entry with { Withdrawn = row.Why, WithdrawnAt = row.At.Utc() },
        _ => throw new StorageException($"The library holds {row.Kind} of {row.Key}, which this version does not know."),
    };
}

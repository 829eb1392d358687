using Yizhen.Rules.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// Who waits, or has a promise, in the order of urgency and time, kept from turn to turn: only who has changed is put in anew. Who came in the same
/// millisecond stands as in the log, so for every leader in the same order; the log is asked once for each of them, for a place in it never changes.
/// </summary>
internal sealed class LineSeen(LogOrder log)
{
    private readonly List<Head> line = [];
    private readonly Dictionary<Guid, long> places = [];

    /// <summary>Whoever is asked for by a clinician is not among them.</summary>
    public IReadOnlyList<Head> InOrder => line;

    /// <summary>All of them anew.</summary>
    public async Task Begin(IEnumerable<Head> open, CancellationToken ct)
    {
        line.Clear();
        await Join([.. open.Where(Stands)], ct);
        foreach (var gone in places.Keys.Except(line.Select(h => h.Id)).ToList())
        {
            places.Remove(gone);
        }
    }

    /// <param name="changed">Who is newer than before, or no longer open.</param>
    public async Task Change(HashSet<Guid> changed, IReadOnlyDictionary<Guid, Head> open, CancellationToken ct)
    {
        if (changed.Count > 0)
        {
            line.RemoveAll(h => changed.Contains(h.Id));
            await Join([.. changed.Where(open.ContainsKey).Select(id => open[id]).Where(Stands)], ct);
        }
    }

    private static bool Stands(Head head) => head.PromptedTo is null && (head.Bucket == Bucket.Waiting.Code() || head.Bucket == Bucket.Promised.Code());

    private async Task Join(List<Head> newer, CancellationToken ct)
    {
        newer.Sort(InTime);
        var unknown = newer.Zip(newer.Skip(1)).Where(pair => InTime(pair.First, pair.Second) == 0).SelectMany(pair => new[] { pair.First.Id, pair.Second.Id })
            .Concat(newer.SelectMany(AsLate)).Where(id => !places.ContainsKey(id)).ToHashSet();
        if (unknown.Count > 0)
        {
            var found = await log.Of(unknown, ct);
            foreach (var id in unknown)
            {
                places[id] = found.GetValueOrDefault(id);
            }
        }

        // Each put in where it belongs, or, where half of them are new, all sorted.
        if (newer.Count > line.Count)
        {
            line.AddRange(newer);
            line.Sort(InLog);
            return;
        }

        foreach (var head in newer)
        {
            var at = line.BinarySearch(head, Comparer<Head>.Create(InLog));
            line.Insert(at < 0 ? ~at : at, head);
        }
    }

    /// <summary>Whoever stands already and came in the same millisecond, and who is put beside them.</summary>
    private IEnumerable<Guid> AsLate(Head head)
    {
        var at = line.BinarySearch(head, Comparer<Head>.Create(InTime));
        if (at < 0)
        {
            return [];
        }

        var (first, last) = (at, at);
        while (first > 0 && InTime(line[first - 1], head) == 0)
        {
            first--;
        }

        while (last < line.Count - 1 && InTime(line[last + 1], head) == 0)
        {
            last++;
        }

        return line.GetRange(first, last - first + 1).Select(h => h.Id).Append(head.Id);
    }

    private int InLog(Head a, Head b) => InTime(a, b) is not 0 and var order ? order : places.GetValueOrDefault(a.Id).CompareTo(places.GetValueOrDefault(b.Id));

    private static int InTime(Head a, Head b) => (a.Urgency, a.ArrivedAt, a.OpenedAt).CompareTo((b.Urgency, b.ArrivedAt, b.OpenedAt));
}

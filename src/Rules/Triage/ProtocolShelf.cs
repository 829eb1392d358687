using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>
/// The protocols that may serve, signatures already checked. Judging is a pure function of answers, day and region:
/// the same day's packs give the same outcome for ever.
/// </summary>
public sealed class ProtocolShelf
{
    private static readonly Func<string, bool> Nothing = _ => false;

    private static readonly Func<string, bool> Everything = _ => true;

    private static readonly ImmutableArray<Disposition> NeedsCover = [Disposition.D4, Disposition.D5];

    private static readonly ImmutableArray<Disposition> FromTheMostAcute =
        [Disposition.D0, Disposition.D6, Disposition.D1, Disposition.D2, Disposition.D3, Disposition.D4, Disposition.D5];

    private readonly ImmutableArray<Protocol> protocols;

    /// <exception cref="ArgumentException">No red-flag pack with a fallback row: then nobody could be told anything safe.</exception>
    public ProtocolShelf(IEnumerable<Protocol> protocols)
    {
        this.protocols = [.. protocols.OrderByDescending(p => p.RedFlags).ThenBy(p => p.Id, StringComparer.Ordinal)];
        if (!this.protocols.Any(p => p is { RedFlags: true, Fallback: not null, Unsure: not null }))
        {
            throw new ArgumentException("No red-flag protocol with a fallback row may serve.", nameof(protocols));
        }
    }

    public IReadOnlyList<Protocol> All => protocols;

    /// <summary>The packs of a day, red flags first. An open end stays in force until a later version of the same id begins.</summary>
    /// <param name="region">Six-digit code; chooses the overlay and nothing else.</param>
    public IReadOnlyList<Protocol> InForce(DateOnly day, string? region)
    {
        var valid = Valid(day);
        return [.. valid.Where(p => p.Overlay is null).Select(p => valid.Where(o => o.IsOver(p.Id, region)).Aggregate(p, Under))];
    }

    /// <summary>The newest version of each id, national and regional, that is in force on a day.</summary>
    internal IReadOnlyList<Protocol> Valid(DateOnly day) => [.. protocols.Where(p => p.IsInForce(day)).GroupBy(p => (p.Id, p.Overlay)).Select(versions => versions.MaxBy(p => p.From)).OfType<Protocol>()];

    public Outcome Judge(IReadOnlyDictionary<string, string> answers, DateOnly day, string? region) => Judge(InForce(day, region), answers, askable: true);

    /// <param name="packs">Those of one day and region.</param>
    /// <param name="askable">
    /// False where nobody can be asked back: what is not stated decides nothing by itself, and is only listed as to be asked next.
    /// An explicit "not sure" about a red flag, or nothing stated at all, still leads to a human.
    /// </param>
    public Outcome Judge(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers, bool askable)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var matching = Matching(packs, answers, askable).ToImmutableArray();
        var (pack, row) = Decisive(packs, answers, askable, matching);
        var sources = pack.Sources.Where(s => row.Sources.Contains(s.Id));
        return new Outcome(
            row.Disposition,
            row.Urgency,
            row.Need,
            [.. row.Flags.Concat(matching.SelectMany(m => m.Row.Flags)).Distinct()],
            pack.Pin,
            row.Id,
            [.. packs.Select(p => p.Pin)],
            row.Headline,
            row.Reason,
            Texts(pack, row.Advice),
            Texts(pack, row.Watch),
            Texts(pack, row.CallNow),
            [.. sources],
            [.. StillToAsk(packs, answers).Select(q => q.Code)],
            row.Signs);
    }

    /// <summary>What is still to ask, in order, red flags first; empty when an emergency has been answered already.</summary>
    public IReadOnlyList<Question> Questions(IReadOnlyDictionary<string, string> answers, DateOnly day, string? region)
    {
        var packs = InForce(day, region);
        return Matching(packs, answers, askable: true).Any(m => m.Row.Urgency == Urgency.Emergency) ? [] : [.. StillToAsk(packs, answers)];
    }

    /// <summary>Reads a form's answers by the questions of the day. Nothing is kept of a form that holds one that cannot be read.</summary>
    public Decision<ImmutableDictionary<string, string>> ReadAnswers(IReadOnlyDictionary<string, string> stated, DateOnly day, string? region)
    {
        ArgumentNullException.ThrowIfNull(stated);
        var questions = InForce(day, region).SelectMany(p => p.Questions).DistinctBy(q => q.Code).ToDictionary(q => q.Code, StringComparer.Ordinal);
        var read = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (code, text) in stated)
        {
            if (!questions.TryGetValue(code, out var question))
            {
                return Refusal.Malformed;
            }

            if (!AnswerText.Read(question, text).Is(out var value, out var why))
            {
                return why;
            }

            read[code] = value;
        }

        return read.ToImmutable();
    }

    private (Protocol Pack, Row Row) Decisive(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers, bool askable, ImmutableArray<(Protocol Pack, Row Row)> matching)
    {
        // On a day without red flags in force nothing is judged: the shelf's own last resort sends everybody to a human.
        var safety = packs.Concat(protocols).First(p => p is { RedFlags: true, Fallback: not null, Unsure: not null });
        var found = answers.Count > 0 || askable ? matching.ToList() : [];
        if (packs.Where(p => p.RedFlags).SelectMany(p => p.Questions).Any(q => q.RedFlag && Doubts(answers.GetValueOrDefault(q.Code))))
        {
            found.Add((safety, safety.Rows.First(r => r.Id == safety.Unsure)));
        }

        if (found.Count == 0)
        {
            return (safety, safety.Rows.First(r => r.Id == safety.Fallback));
        }

        var (pack, row) = InOrder(found).First();
        return askable && NeedsCover.Contains(row.Disposition) && HangsOnUnknown(packs, answers)
            ? pack.Rows.FirstOrDefault(r => r.Id == pack.Unsure) is { } unsure ? (pack, unsure) : (safety, safety.Rows.First(r => r.Id == safety.Fallback))
            : (pack, row);
    }

    /// <summary>Of rows that hold, the first decides.</summary>
    internal static IEnumerable<(Protocol Pack, Row Row)> InOrder(IEnumerable<(Protocol Pack, Row Row)> rows) =>
        rows.OrderBy(m => Acuity(m.Row.Disposition)).ThenBy(m => m.Row.Urgency).ThenBy(m => m.Row.Disposition == Disposition.D3);

    /// <summary>Only for whom the pack covers, and only with every question answered.</summary>
    internal static bool KeepsHome(Disposition disposition) => NeedsCover.Contains(disposition);

    /// <summary>
    /// From the most acute. Highest acuity wins (L2): adding a sign can only move a person to the front. A doctor online and psychological
    /// support are equally far from home: there urgency decides, and between equals fear that leads goes to the counsellor.
    /// </summary>
    public static int Acuity(Disposition disposition) => FromTheMostAcute.IndexOf(disposition == Disposition.D7 ? Disposition.D3 : disposition);

    /// <summary>Something that was not answered, or answered "not sure", could still send this person to somebody (L3).</summary>
    private static bool HangsOnUnknown(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers)
    {
        // What no question asks may be volunteered in the story; that it was not says nothing.
        var open = packs.SelectMany(p => p.Questions)
            .Where(q => !q.Optional && (answers.ContainsKey(q.Code) || q.AskedWhen?.Holds(answers) != false))
            .Select(q => q.Code).ToHashSet(StringComparer.Ordinal);
        return packs.SelectMany(p => p.Rows).Any(r => !NeedsCover.Contains(r.Disposition) && r.When is { } when && when.Holds(answers, input => !open.Contains(input)) is null);
    }

    /// <summary>
    /// Rows that hold. Whom a pack does not cover it may still send to somebody, for a sign does not lose its weight by the person's age;
    /// it may not keep them at home.
    /// </summary>
    private static IEnumerable<(Protocol Pack, Row Row)> Matching(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers, bool askable)
    {
        var asked = !askable || RedFlagsAnswered(packs, answers);
        var silent = askable ? Nothing : Everything;
        return
            from pack in packs
            let covered = asked && (pack.Covers is null || pack.Covers.Holds(answers, silent) == true)
            from row in pack.Rows
            where (covered || !NeedsCover.Contains(row.Disposition)) && row.When?.Holds(answers, silent) == true
            select (pack, row);
    }

    /// <summary>Nobody is told to stay at home whose red flags were not asked and answered.</summary>
    private static bool RedFlagsAnswered(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers) =>
        packs.Any(p => p.RedFlags) && packs.Where(p => p.RedFlags).SelectMany(p => p.Questions).Where(q => q.RedFlag && q.AskedWhen is null).All(q => answers.ContainsKey(q.Code));

    private static bool Doubts(string? answer) => answer?.Split(Condition.Separator).Contains(Question.Unknown) == true;

    private static IEnumerable<Question> StillToAsk(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers) =>
        packs.SelectMany(p => p.Questions).DistinctBy(q => q.Code)
            .Where(q => !answers.ContainsKey(q.Code) && (q.AskedWhen is null || q.AskedWhen.Holds(answers) == true));

    /// <summary>A regional overlay replaces the rows that it names and adds its own; questions and texts come with it.</summary>
    internal static Protocol Under(Protocol national, Protocol overlay) => national with
    {
        Version = Pinning.Under(national.Version, overlay.Version),
        Rows = [.. overlay.Rows, .. national.Rows.Where(r => overlay.Rows.All(o => o.Id != r.Id))],
        Questions = [.. national.Questions, .. overlay.Questions.Where(q => national.Questions.All(n => n.Code != q.Code))],
        Texts = national.Texts.SetItems(overlay.Texts),
        Sources = [.. national.Sources, .. overlay.Sources.Where(s => national.Sources.All(n => n.Id != s.Id))],
        Covers = overlay.Covers ?? national.Covers,
    };

    private static ImmutableArray<Wording> Texts(Protocol pack, ImmutableArray<string> keys) => [.. keys.Select(key => pack.Texts[key])];
}

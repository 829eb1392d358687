using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>The packs of one day and region, overlays laid over them, with what every judging by them needs found once.</summary>
public sealed class DayPacks
{
    private static readonly Func<string, bool> Everything = _ => true;

    private readonly (Protocol Pack, Row Row) unsure;
    private readonly (Protocol Pack, Row Row) fallback;
    private readonly ImmutableArray<ProtocolPin> pins;
    private readonly ImmutableArray<Question> questions;
    private readonly ImmutableArray<Question> redFlags;

    /// <param name="lastResort">The shelf's own. On a day without red flags in force nothing is judged: it sends everybody to a human.</param>
    internal DayPacks(IEnumerable<Protocol> packs, Protocol lastResort)
    {
        All = [.. packs];
        var safety = All.FirstOrDefault(ProtocolShelf.IsLastResort) ?? lastResort;
        unsure = (safety, safety.Rows.First(r => r.Id == safety.Unsure));
        fallback = (safety, safety.Rows.First(r => r.Id == safety.Fallback));
        pins = [.. All.Select(p => p.Pin)];
        questions = [.. All.SelectMany(p => p.Questions).DistinctBy(q => q.Code)];
        redFlags = [.. All.Where(p => p.RedFlags).SelectMany(p => p.Questions).Where(q => q.RedFlag)];
    }

    public ImmutableArray<Protocol> All { get; }

    /// <param name="askable">
    /// False where nobody can be asked back: what is not stated decides nothing by itself, and is only listed as to be asked next.
    /// An explicit "not sure" about a red flag, or nothing stated at all, still leads to a human.
    /// </param>
    public Outcome Judge(IReadOnlyDictionary<string, string> answers, bool askable)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var given = new GivenAnswers(answers, judged: true);
        var matching = Matching(given, askable);
        var (pack, row) = Decisive(given, askable, matching);
        return new Outcome(
            row.Disposition,
            row.Urgency,
            row.Need,
            [.. row.Flags.Concat(matching.SelectMany(m => m.Row.Flags)).Distinct()],
            pack.Pin,
            row.Id,
            pins,
            row.Headline,
            row.Reason,
            Texts(pack, row.Advice),
            Texts(pack, row.Watch),
            Texts(pack, row.CallNow),
            [.. pack.Sources.Where(s => row.Sources.Contains(s.Id))],
            [.. StillToAsk(given).Select(q => q.Code)],
            row.Signs);
    }

    /// <summary>What is still to ask, in order, red flags first; empty when an emergency has been answered already.</summary>
    public IReadOnlyList<Question> Questions(IReadOnlyDictionary<string, string> answers)
    {
        var given = new GivenAnswers(answers, judged: false);
        return Matching(given, askable: true).Any(m => m.Row.Urgency == Urgency.Emergency) ? [] : [.. StillToAsk(given)];
    }

    private (Protocol Pack, Row Row) Decisive(GivenAnswers answers, bool askable, List<(Protocol Pack, Row Row)> matching)
    {
        var doubt = redFlags.Any(q => answers.Of(q.Code)?.Doubts == true);
        List<(Protocol Pack, Row Row)> found = [.. answers.Count > 0 || askable ? matching : [], .. doubt ? [unsure] : Array.Empty<(Protocol, Row)>()];
        if (found.Count == 0)
        {
            return fallback;
        }

        var (pack, row) = ProtocolShelf.InOrder(found).First();
        return askable && ProtocolShelf.KeepsHome(row.Disposition) && HangsOnUnknown(answers)
            ? pack.Rows.FirstOrDefault(r => r.Id == pack.Unsure) is { } open ? (pack, open) : fallback
            : (pack, row);
    }

    /// <summary>Something that was not answered, or answered "not sure", could still send this person to somebody (L3).</summary>
    private bool HangsOnUnknown(GivenAnswers answers)
    {
        // What no question asks may be volunteered in the story; that it was not says nothing.
        var open = All.SelectMany(p => p.Questions)
            .Where(q => !q.Optional && (answers.Has(q.Code) || q.AskedWhen?.Holds(answers) != false))
            .Select(q => q.Code).ToHashSet(StringComparer.Ordinal);
        return All.SelectMany(p => p.Rows).Any(r => !ProtocolShelf.KeepsHome(r.Disposition) && r.When is { } when && when.Holds(answers, input => !open.Contains(input)) is null);
    }

    /// <summary>
    /// Rows that hold. Whom a pack does not cover it may still send to somebody, for a sign does not lose its weight by the person's age;
    /// it may not keep them at home.
    /// </summary>
    private List<(Protocol Pack, Row Row)> Matching(GivenAnswers answers, bool askable)
    {
        var asked = !askable || RedFlagsAnswered(answers);
        var matching = new List<(Protocol, Row)>();
        bool? Holds(Condition condition) => askable ? condition.Holds(answers) : condition.Holds(answers, Everything);
        foreach (var pack in All)
        {
            var covered = asked && (pack.Covers is null || Holds(pack.Covers) == true);
            foreach (var row in pack.Rows)
            {
                if ((covered || !ProtocolShelf.KeepsHome(row.Disposition)) && row.When is { } when && Holds(when) == true)
                {
                    matching.Add((pack, row));
                }
            }
        }

        return matching;
    }

    /// <summary>Nobody is told to stay at home whose red flags were not asked and answered.</summary>
    private bool RedFlagsAnswered(GivenAnswers answers) =>
        All.Any(p => p.RedFlags) && redFlags.Where(q => q.AskedWhen is null).All(q => answers.Has(q.Code));

    private IEnumerable<Question> StillToAsk(GivenAnswers answers) =>
        questions.Where(q => !answers.Has(q.Code) && (q.AskedWhen is null || q.AskedWhen.Holds(answers) == true));

    private static ImmutableArray<Wording> Texts(Protocol pack, ImmutableArray<string> keys) => [.. keys.Select(key => pack.Texts[key])];
}

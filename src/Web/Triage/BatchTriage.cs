using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Web.Triage;

/// <summary>What triage says of a case that cannot be asked back.</summary>
internal sealed record CaseResult(
    string CaseId,
    string Disposition,
    ImmutableArray<string> Flags,
    int Urgency,
    string Need,
    string Row,
    ImmutableArray<string> Sources,
    string ReasonZh,
    string ReasonEn,
    CaseFacts FactsRead,
    ImmutableArray<string> AskedNext,
    ImmutableArray<string> Reported);

/// <summary>One protocol with the red-flag packs of a day, applied to cases of which nothing more can be asked.</summary>
internal sealed class BatchTriage(ProtocolShelf shelf, string protocol, DateOnly day, string? region, Lexicon lexicon)
{
    /// <summary>Nothing but own words is known: rows may be more careful then, for nobody can be asked back.</summary>
    private static readonly KeyValuePair<string, string> OwnWords = new("told_by", "words");

    private readonly DayPacks packs = shelf.Prepared(shelf.InForce(day, region).Where(p => p.RedFlags || p.Id == protocol));

    private ImmutableArray<(string Code, decimal? Min, decimal? Max)>? ranges;

    /// <summary>False where no version of the protocol is in force that day: then nobody may be judged by it.</summary>
    public bool IsInForce => packs.All.Any(p => p.Id == protocol);

    /// <param name="written">Day on which the text was written, from which "since Tuesday" is counted back; null: unknown, and no such words are read.</param>
    public CaseResult Judge(CaseLine line, DateOnly? written = null)
    {
        var (dangers, readings) = lexicon.Hear(line.Text, written);
        var read = line.Facts.With(readings);
        var unasked = read.Infection is { } infection && !packs.All.SelectMany(p => p.Questions).Any(q => q.Code == "infection" && q.Choices.Any(c => c.Value == infection)) ? infection : null;
        read = unasked is null ? read : read with { Infection = null };
        var answers = read.Answers();
        if (!string.IsNullOrWhiteSpace(line.Text) && line.Facts.Answers().IsEmpty)
        {
            answers = answers.Add(OwnWords.Key, OwnWords.Value);
        }

        if (dangers.Count > 0)
        {
            answers = answers.SetItem("danger", string.Join(Condition.Separator, dangers.Select(d => d.Code)));
        }

        var implausible = Implausible(answers).ToImmutableArray();
        if (implausible is [_, ..])
        {
            answers = answers.RemoveRange(implausible).SetItem("implausible", string.Join(Condition.Separator, implausible));
        }

        var outcome = packs.Judge(answers, askable: false);
        return new CaseResult(
            line.CaseId, outcome.PublicName, outcome.Flags, (int)outcome.Urgency, outcome.Need, outcome.Row,
            [.. outcome.Sources.Select(s => s.Id)], outcome.Reason.Zh, outcome.Reason.En, read, outcome.AskedNext,
            [.. line.Reported, .. unasked is null ? [] : new[] { $"infection {unasked}" }, .. implausible.Select(code => $"{code} is not plausible")]);
    }

    /// <summary>Numbers that the questions of the day would have asked for again (L8), or that no page asks: they are not read, and a human is told so.</summary>
    private IEnumerable<string> Implausible(ImmutableDictionary<string, string> answers) =>
        (ranges ??= Ranges())
            .Where(range => answers.TryGetValue(range.Code, out var text) && decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) && (number < range.Min || number > range.Max))
            .Select(range => range.Code).Distinct();

    private ImmutableArray<(string Code, decimal? Min, decimal? Max)> Ranges() =>
        [.. packs.All.SelectMany(p => p.Questions.Where(q => q.Kind == QuestionKind.Number).Select(q => (q.Code, q.Min, q.Max)).Concat((p.Inputs ?? []).Select(i => (i.Code, i.Min, i.Max))))];
}

using System.Collections.Immutable;
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
    private readonly ImmutableArray<Protocol> packs = [.. shelf.InForce(day, region).Where(p => p.RedFlags || p.Id == protocol)];

    /// <summary>False where no version of the protocol is in force that day: then nobody may be judged by it.</summary>
    public bool IsInForce => packs.Any(p => p.Id == protocol);

    public CaseResult Judge(CaseLine line)
    {
        var (dangers, readings) = lexicon.Hear(line.Text ?? "");
        var read = line.Facts.With(readings);
        var answers = read.Answers();
        if (dangers.Count > 0)
        {
            answers = answers.SetItem("danger", string.Join(Condition.Separator, dangers.Select(d => d.Code)));
        }

        var outcome = shelf.Judge(packs, answers, askable: false);
        return new CaseResult(
            line.CaseId, outcome.PublicName, outcome.Flags, (int)outcome.Urgency, outcome.Need, outcome.Row,
            [.. outcome.Sources.Select(s => s.Id)], outcome.Reason.Zh, outcome.Reason.En, read, outcome.AskedNext, line.Reported);
    }
}

using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Triage;

/// <param name="Consultations">That were judged in these days and could be read.</param>
/// <param name="Outcomes">Of them, each judgement and each correction.</param>
/// <param name="Same">Byte for byte.</param>
/// <param name="NotKept">Could not be judged again: a version that was pinned is not kept here.</param>
/// <param name="Damaged">Consultations that cannot be opened.</param>
/// <param name="Gone">Erased, or past the time for which they may be kept: their outcomes are no more.</param>
/// <param name="First">The first that differs, or cannot be judged again; null where everything is the same.</param>
internal sealed record Replayed(int Consultations, int Outcomes, int Same, int NotKept, int Damaged, int Gone, string? First);

/// <summary>Judges every stored outcome again by the versions that it is pinned to, and compares the bytes.</summary>
internal sealed class ReplayOutcomes(Judgements judgements, ProtocolShelf shelf, AccessLog access, IDbContextFactory<Database> databases, Deployment deployment, TimeProvider clock)
{
    private const string Purpose = "recount";

    /// <param name="from">First day, in the deployment's zone, on which something was said; null from the beginning.</param>
    /// <param name="to">Last day; null to the end.</param>
    public async Task<Replayed> Run(DateOnly? from, DateOnly? to, Looking who, CancellationToken ct)
    {
        var (consultations, outcomes, same, notKept, damaged, gone) = (0, 0, 0, 0, 0, 0);
        string? first = null;
        await foreach (var judged in judgements.ReadAsync(ever => Admit(from, to, who, ever, ct), ct))
        {
            damaged += judged.Readable == Readable.Damaged ? 1 : 0;
            gone += judged.Readable is Readable.Erased or Readable.Ended ? 1 : 0;
            first ??= judged.Readable == Readable.Damaged ? $"consultation {judged.Id}: it cannot be opened" : null;
            var within = judged.Judgements.Where(j => !(Day(j) < from) && !(Day(j) > to)).ToList();
            consultations += within.Count > 0 ? 1 : 0;
            foreach (var judgement in within)
            {
                outcomes++;
                var fault = Fault(judgement, out var missing);
                same += fault is null ? 1 : 0;
                notKept += missing ? 1 : 0;
                first ??= fault is null ? null : $"consultation {judged.Id} version {judgement.Version}, judged on {Day(judgement):yyyy-MM-dd}: {fault}";
            }
        }

        return new Replayed(consultations, outcomes, same, notKept, damaged, gone, first);
    }

    private DateOnly Day(Judgement judgement) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(judgement.At, deployment.Zone).DateTime);

    private string? Fault(Judgement judgement, out bool missing)
    {
        var told = judgement.Told;
        var packs = shelf.Pinned(judgement.Outcome.JudgedBy, told.Place?.Region);
        missing = !packs.Missing.IsEmpty;
        if (missing)
        {
            return $"{packs.Missing[0].Id} {packs.Missing[0].Version}, by which it was judged, is not kept here";
        }

        var again = shelf.Judge(packs.Packs, told.Answers, askable: true);
        return judgement.Is(again) ? null
            : $"it said {judgement.Outcome.Disposition} by {judgement.Outcome.DecidedBy.Id} {judgement.Outcome.DecidedBy.Version} row {judgement.Outcome.Row}, and the same versions say {again.Disposition} by {again.DecidedBy.Id} {again.DecidedBy.Version} row {again.Row}{(judgement.Outcome.Differences(again).IsEmpty ? ", in other words or with other sources" : "")}";
    }

    private async Task<IReadOnlySet<Guid>> Admit(DateOnly? from, DateOnly? to, Looking who, IReadOnlySet<Guid> ever, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await who.Admit(ever, database, access, Purpose, $"outcomes {from:yyyy-MM-dd}..{to:yyyy-MM-dd}", clock.GetUtcNow(), ct);
    }
}

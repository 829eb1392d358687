namespace Yizhen.Rules.Triage;

/// <summary>
/// A version of a protocol was taken back: from then on it judges nobody whom the recall covers. Said once for the deployment, so that whoever was still being
/// asked, or gets worse later, needs no second run.
/// </summary>
/// <param name="Organisation">Whose consultations it covers; null for every one of the deployment.</param>
/// <param name="By">As it stands in headers.</param>
public sealed record Recall(ProtocolPin Recalled, ProtocolPin InItsPlace, DateTimeOffset At, Guid? Organisation, string By)
{
    internal bool Covers(Guid? organisation) => Organisation is null || Organisation == organisation;
}

public static class Recalling
{
    /// <summary>What stands in the place of what for an organisation's consultations, in the order in which it was recalled: a recall may itself be taken back.</summary>
    public static IEnumerable<(ProtocolPin Recalled, ProtocolPin By)> For(this IEnumerable<Recall> recalls, Guid? organisation) =>
        recalls.Where(r => r.Covers(organisation)).Select(r => (r.Recalled, r.InItsPlace));

    /// <summary>The version that judges now where <paramref name="version"/> would have.</summary>
    public static ProtocolPin InPlaceOf(this IEnumerable<Recall> recalls, ProtocolPin version, Guid? organisation) =>
        recalls.For(organisation).Aggregate(version, (stands, recall) => stands == recall.Recalled ? recall.By : stands);

    /// <summary>Whether the recall would change what judges; said a second time it says nothing new.</summary>
    public static bool SaysSomethingNew(this IEnumerable<Recall> recalls, Recall recall)
    {
        ArgumentNullException.ThrowIfNull(recall);
        return recalls.InPlaceOf(recall.Recalled, recall.Organisation) != recall.InItsPlace;
    }
}

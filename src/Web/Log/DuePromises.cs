using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>Whose dated answer goes to a clinician now, also while others wait: they stand in the pool among these.</summary>
internal static class DuePromises
{
    public static IQueryable<Head> Of(IQueryable<Head> heads, PromiseRules rules, DateTimeOffset now)
    {
        var (promised, callBack) = (Bucket.Promised.Code(), Promising.CallBack);
        var (written, called) = (Promises.DueBefore(isCallBack: false, rules, now.Ms()), Promises.DueBefore(isCallBack: true, rules, now.Ms()));
        return heads.Where(h => h.Bucket == promised && h.PromisedBy <= (h.Promise == callBack ? called : written));
    }

    /// <summary>As dispatch sees whoever is in the pool: who waits, and whose dated answer is to be written.</summary>
    public static Waiting InPool(this Head head, int order, DispatchRules rules, DateTimeOffset now) =>
        head.Bucket == Bucket.Promised.Code() ? Promises.InPool(head.Asks(order), head.PromisedBy ?? 0, rules) : Promises.Since(head.Asks(order), head.WaitsFrom, rules, now.Ms());
}

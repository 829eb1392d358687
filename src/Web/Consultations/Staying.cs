using Yizhen.Web.Accounts;
using Yizhen.Web.Log;

namespace Yizhen.Web.Consultations;

/// <summary>A stream of staff asks for its account every few seconds, however seldom it has something to show.</summary>
internal static class Staying
{
    /// <summary>A revoked account is out of its streams within five seconds.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(4);

    /// <returns>At the bell, or after <paramref name="atMost"/>; false when the account that listens is out.</returns>
    public static async Task<bool> StaysAsync(this Bell.Ear ear, SignIns signIns, Subject who, TimeSpan atMost, CancellationToken ct)
    {
        var step = who.IsPatient ? atMost : AskAgain;
        for (var left = atMost; left > TimeSpan.Zero; left -= step)
        {
            var rang = await ear.NextAsync(left < step ? left : step, ct);
            if (!await signIns.IsLive(who, ct))
            {
                return false;
            }

            if (rang)
            {
                return true;
            }
        }

        return true;
    }
}

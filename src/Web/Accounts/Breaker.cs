using Yizhen.Rules.Regulation;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Whether the gateway carries messages at all. After a few failures in a row nothing is promised to anybody for a while; then one message is
/// tried, and its fate decides for all. Each node learns it for itself, and again after a restart.
/// </summary>
internal sealed class Breaker(CodeLimits limits)
{
    private readonly Lock turn = new();
    private DateTimeOffset? brokenSince;
    private DateTimeOffset restsUntil;
    private int failures;
    private bool promised;

    /// <summary>Null while messages go out, as far as is known.</summary>
    public DateTimeOffset? BrokenSince
    {
        get
        {
            lock (turn)
            {
                return brokenSince;
            }
        }
    }

    /// <summary>Looks, and takes no turn.</summary>
    public bool MayTry(DateTimeOffset now)
    {
        lock (turn)
        {
            return brokenSince is null || restsUntil <= now;
        }
    }

    /// <summary>A message may be promised. After the rest one is, and everybody else waits for its fate.</summary>
    public bool Promise(DateTimeOffset now)
    {
        lock (turn)
        {
            if (brokenSince is null)
            {
                return true;
            }

            if (restsUntil > now)
            {
                return false;
            }

            (restsUntil, promised) = (now + limits.GatewayRest, true);
            return true;
        }
    }

    /// <summary>One message may be sent: any while it works, the promised one, or after the rest one of those that wait.</summary>
    public bool Lets(DateTimeOffset now)
    {
        lock (turn)
        {
            if (brokenSince is null || promised)
            {
                promised = false;
                return true;
            }

            if (restsUntil > now)
            {
                return false;
            }

            restsUntil = now + limits.GatewayRest;
            return true;
        }
    }

    /// <returns>True where it had been broken.</returns>
    public bool Works()
    {
        lock (turn)
        {
            var was = brokenSince is not null;
            (brokenSince, failures, promised) = (null, 0, false);
            return was;
        }
    }

    /// <returns>True where it is found broken now.</returns>
    public bool Failed(DateTimeOffset now)
    {
        lock (turn)
        {
            var was = brokenSince is not null;
            failures++;
            if (was || failures >= limits.GatewayFailures)
            {
                (brokenSince, restsUntil) = (brokenSince ?? now, now + limits.GatewayRest);
            }

            return !was && brokenSince is not null;
        }
    }
}

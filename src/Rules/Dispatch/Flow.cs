using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>
/// What has happened lately, counted by minutes: how many calls came, how many of a group were taken, how long a call takes.
/// Rebuilt after a restart from the same events.
/// </summary>
public sealed class Flow(DispatchRules rules)
{
    private const long Minute = 60_000;

    private readonly Recent calls = new((int)(rules.Calls.WindowMs / Minute));
    private readonly Dictionary<(string Need, Urgency Urgency, bool IsCall), Recent> begun = [];
    private long workMs = rules.TypicalMs * rules.TypicalWeight;
    private long worked = rules.TypicalWeight;

    public void Came(Waiting who, long now)
    {
        ArgumentNullException.ThrowIfNull(who);
        if (who.IsCall)
        {
            calls.Add(now / Minute);
        }
    }

    public void Began(Waiting who, long now)
    {
        ArgumentNullException.ThrowIfNull(who);
        Of((who.Need, who.Urgency, who.IsCall)).Add(now / Minute);
    }

    /// <summary>A call is over.</summary>
    /// <param name="tookMs">From the assignment to the end.</param>
    public void Ended(long tookMs)
    {
        workMs += Math.Max(0, tookMs);
        worked++;
    }

    /// <summary>Calls that are expected to run at the same time, in thousandths: how many come, times how long one takes.</summary>
    internal long CallsAtOnce(long now) => calls.Sum(now / Minute) * (workMs / worked) * 1000 / rules.Calls.WindowMs;

    internal int Begun((string Need, Urgency Urgency, bool IsCall) group, long now) => Of(group).Sum(now / Minute);

    /// <summary>People of this urgency or less who were taken within the window of the offers.</summary>
    public int BegunFrom(Urgency urgency, long now) => begun.Where(b => b.Key.Urgency >= urgency).Sum(b => b.Value.Sum(now / Minute));

    private Recent Of((string, Urgency, bool) group)
    {
        if (!begun.TryGetValue(group, out var recent))
        {
            begun[group] = recent = new Recent((int)(rules.Offers.WindowMs / Minute));
        }

        return recent;
    }

    /// <summary>A count over the last minutes.</summary>
    private sealed class Recent(int minutes)
    {
        private readonly int[] counts = new int[minutes];
        private readonly long[] at = new long[minutes];

        public void Add(long minute)
        {
            var place = (int)(minute % minutes);
            counts[place] = at[place] == minute ? counts[place] + 1 : 1;
            at[place] = minute;
        }

        public int Sum(long minute)
        {
            var sum = 0;
            for (var place = 0; place < minutes; place++)
            {
                sum += at[place] > minute - minutes ? counts[place] : 0;
            }

            return sum;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Overload;

/// <summary>How much of the room a class may take, how many of it may queue, and for how long.</summary>
/// <param name="Share">Of those who are answered at once, all classes together: with so many inside nobody more of this class gets in. Above 0, 1 at most.</param>
/// <param name="Queue">For each processor; 0 or more.</param>
/// <param name="PatienceMs">Longest wait in the queue, 1 or more milliseconds.</param>
/// <param name="Why">The reason for the numbers.</param>
public sealed record ClassLimits(double Share, int Queue, int PatienceMs, string Why);

/// <summary>How the number of those who are answered at once follows what is measured.</summary>
/// <param name="Fewest">For each processor; 1 or more.</param>
/// <param name="First">For each processor, before anything has been measured.</param>
/// <param name="Most">For each processor.</param>
/// <param name="TargetMs">A ready piece of work that waits longer than this for a thread and the processor: fewer at once.</param>
/// <param name="SlowMs">An answer that takes longer than this on the mean, as when the database is behind: fewer at once.</param>
/// <param name="TickMs">Measured so often while somebody queues.</param>
/// <param name="More">Added to the number at each tick in which somebody had to queue.</param>
/// <param name="Fewer">Times the number, at each tick above a target; between 0 and 1.</param>
/// <param name="HeldMs">A place that is held longer than this, as by a slow line, is lent to somebody else.</param>
/// <param name="Lent">Places lent at the same time, for each processor; 0 or more.</param>
/// <param name="Why">The reason for the numbers.</param>
public sealed record AtOnceLimits(int Fewest, int First, int Most, double TargetMs, double SlowMs, int TickMs, double More, double Fewer, int HeldMs, int Lent, string Why);

/// <summary>The waiting room before the door.</summary>
/// <param name="MostWaiting">Places that are remembered; whoever comes after them keeps the order of their token.</param>
/// <param name="ValidS">Seconds after which a token is no place any more.</param>
/// <param name="GraceS">Seconds that a called place is kept free.</param>
/// <param name="ShortestRetryS">Seconds; nobody is asked to come back sooner.</param>
/// <param name="LongestRetryS">Seconds; nobody is asked to come back later, but for the spread.</param>
/// <param name="Spread">So much of those seconds is added, another part for each place, so that those who were sent away together do not come back together; 0 or more.</param>
/// <param name="Sooner">So many times sooner than at the known pace people are asked to come back, so that the door never stands empty while somebody waits; 1 or more.</param>
/// <param name="Starts">A place lets its holder press Start so often: once, and again where the answer was lost on the way.</param>
/// <param name="Passes">And through the door so often in all, pages read again among them.</param>
/// <param name="PassS">Seconds from its first use in which a place is good.</param>
/// <param name="FewestCalled">So many may always be called and not yet there; 1 or more.</param>
/// <param name="AheadS">Or as many as get in during so many seconds; 0 or more.</param>
/// <param name="TickMs">The number of the called is set anew so often.</param>
/// <param name="More">Times the number of the called while the door has room; above 1.</param>
/// <param name="Fewer">Times that number while it has none; between 0 and 1.</param>
public sealed record TurnLimits(
    int MostWaiting, int ValidS, int GraceS, int ShortestRetryS, int LongestRetryS, double Spread, double Sooner, int Starts, int Passes, int PassS, int FewestCalled, double AheadS, int TickMs, double More, double Fewer);

/// <summary>The numbers of admission, from <c>policies/overload.json</c>.</summary>
/// <param name="Threads">For each processor, ready before they are needed; 1 or more. The embedded database works on the thread that asks, and an answer of "come again" must not wait for one.</param>
/// <param name="Streams">Live streams for each processor; 1 or more.</param>
/// <param name="Connections">Open at the same time, where the machine lets a process have so many files; 1 or more. Whoever comes then is told where to ring, and nothing else.</param>
/// <param name="TargetMs">A longer wait for a place means that the machine is busy.</param>
/// <param name="CalmMs">So long without a sign of it, and a stage is over.</param>
public sealed record OverloadLimits(string Version, ClassLimits First, ClassLimits Begun, ClassLimits Newcomers, AtOnceLimits AtOnce, int Threads, int Streams, int Connections, int TargetMs, int CalmMs, TurnLimits Turns)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static OverloadLimits Parse(string json)
    {
        var limits = JsonSerializer.Deserialize<OverloadLimits>(json, Strict) ?? throw new JsonException("The limits of overload are empty.");
        return limits is { Threads: >= 1, Streams: >= 1, Connections: >= 1, TargetMs: >= 1, CalmMs: >= 1 } && IsSound(limits.AtOnce) && IsSound(limits.Turns)
            && IsSound(limits.First) && IsSound(limits.Begun) && IsSound(limits.Newcomers) && limits.First.Share >= limits.Begun.Share && limits.Begun.Share >= limits.Newcomers.Share
            ? limits
            : throw new JsonException("The limits of overload are out of range.");
    }

    private static bool IsSound(ClassLimits one) => one is { Share: > 0 and <= 1, Queue: >= 0, PatienceMs: >= 1, Why.Length: > 0 };

    private static bool IsSound(AtOnceLimits one) =>
        one is { Fewest: >= 1, TargetMs: > 0, SlowMs: > 0, TickMs: >= 1, More: > 0, Fewer: > 0 and < 1, HeldMs: >= 1, Lent: >= 0, Why.Length: > 0 } && one.First >= one.Fewest && one.Most >= one.First;

    private static bool IsSound(TurnLimits turns) =>
        turns is { MostWaiting: >= 1, ValidS: >= 1, GraceS: >= 1, ShortestRetryS: >= 1, Spread: >= 0, Sooner: >= 1, Starts: >= 1, PassS: >= 1, FewestCalled: >= 1, AheadS: >= 0, TickMs: >= 1, More: > 1, Fewer: > 0 and < 1 }
        && turns.LongestRetryS >= turns.ShortestRetryS && turns.Passes >= turns.Starts;
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Overload;

/// <summary>How many of a class are answered at once, how many may queue, and for how long.</summary>
/// <param name="AtOnce">For each processor; 1 or more.</param>
/// <param name="Queue">For each processor; 0 or more.</param>
/// <param name="PatienceMs">Longest wait in the queue, 1 or more milliseconds.</param>
/// <param name="Why">The reason for the numbers.</param>
public sealed record ClassLimits(int AtOnce, int Queue, int PatienceMs, string Why);

/// <summary>The waiting room before the door.</summary>
/// <param name="MostWaiting">Places that are remembered; whoever comes after them keeps the order of their token.</param>
/// <param name="ValidS">Seconds after which a token is no place any more.</param>
/// <param name="GraceS">Seconds that a called place is kept free.</param>
/// <param name="ShortestRetryS">Seconds; nobody is asked to come back sooner.</param>
/// <param name="LongestRetryS">Seconds; nobody is asked to come back later.</param>
/// <param name="FewestCalled">So many may always be called and not yet there; 1 or more.</param>
/// <param name="AheadS">Or as many as get in during so many seconds; 0 or more.</param>
/// <param name="TickMs">The number of the called is set anew so often.</param>
/// <param name="More">Times the number of the called while the door has room; above 1.</param>
/// <param name="Fewer">Times that number while it has none; between 0 and 1.</param>
public sealed record TurnLimits(int MostWaiting, int ValidS, int GraceS, int ShortestRetryS, int LongestRetryS, int FewestCalled, double AheadS, int TickMs, double More, double Fewer);

/// <summary>The numbers of admission, from <c>policies/overload.json</c>.</summary>
/// <param name="Threads">For each processor, ready before they are needed; 1 or more. The embedded database works on the thread that asks, and an answer of "come again" must not wait for one.</param>
/// <param name="Streams">Live streams for each processor; 1 or more.</param>
/// <param name="TargetMs">A longer wait for a place means that the machine is busy.</param>
/// <param name="CalmMs">So long without a sign of it, and a stage is over.</param>
public sealed record OverloadLimits(string Version, ClassLimits First, ClassLimits Begun, ClassLimits Newcomers, int Threads, int Streams, int TargetMs, int CalmMs, TurnLimits Turns)
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
        return limits is { Threads: >= 1, Streams: >= 1, TargetMs: >= 1, CalmMs: >= 1 } && IsSound(limits.First) && IsSound(limits.Begun) && IsSound(limits.Newcomers) && IsSound(limits.Turns)
            ? limits
            : throw new JsonException("The limits of overload are out of range.");
    }

    private static bool IsSound(ClassLimits one) => one is { AtOnce: >= 1, Queue: >= 0, PatienceMs: >= 1, Why.Length: > 0 };

    private static bool IsSound(TurnLimits turns) =>
        turns is { MostWaiting: >= 1, ValidS: >= 1, GraceS: >= 1, ShortestRetryS: >= 1, FewestCalled: >= 1, AheadS: >= 0, TickMs: >= 1, More: > 1, Fewer: > 0 and < 1 } && turns.LongestRetryS >= turns.ShortestRetryS;
}

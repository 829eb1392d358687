using System.Globalization;

namespace Yizhen.Benchmarks;

/// <summary>One step of the search for the peak: persons who came a second, whole journeys that ended a second.</summary>
internal sealed record LoadStep(double Offered, double Journeys, double P99);

/// <summary>What <c>./bench overload</c> prints. Rates a second, times in milliseconds unless named otherwise, all counted from the time at which they should have been asked.</summary>
/// <param name="Steps">The search for the peak.</param>
/// <param name="Peak">Whole journeys a second, from the door to the queue, at the best step.</param>
/// <param name="Goodput">The same under ten times as many newcomers.</param>
/// <param name="Asked">Requests a second under overload, those who came again among them.</param>
/// <param name="InsideP99">Of steps between door and queue under overload.</param>
/// <param name="Lost">No answer, or another than yes and "come again".</param>
/// <param name="Unsent">Requests for which this client had no line.</param>
/// <param name="Normal">99 of a hundred answers were quicker at a half of the peak.</param>
/// <param name="BackSeconds">Null where two minutes were not enough.</param>
/// <param name="Others">Share of the server's core that went to other processes during the overload.</param>
/// <param name="Late">Share of the overload's time in which this client was more than 5 ms behind its plan.</param>
/// <param name="LateRequests">Share of the requests that it sent more than 5 ms late.</param>
internal sealed record OverloadMeasured(
    IReadOnlyList<LoadStep> Steps, double Peak, double Offered, double Asked, double Goodput, int Refused, double RefusedP50, double RefusedP99, int InsideRefused, double InsideP99,
    int RedFlags, int RedFlagsServed, double RedFlagP99, int Ongoing, int OngoingServed, double OngoingP99, int Lost, int Unsent, double Normal, double? BackSeconds, double Others, double Late, double LateRequests)
{
    private const double GoodputGoal = 0.9;
    private const double RefusalGoal = 50;
    private const double RedFlagGoal = 0.999;
    private const double BackGoal = 30;

    public double GoodputOfPeak => Goodput / Peak;

    public double RedFlagSuccess => RedFlags == 0 ? 0 : RedFlagsServed / (double)RedFlags;

    public bool MeetsGoals => GoodputOfPeak >= GoodputGoal && RefusedP99 <= RefusalGoal && RedFlagSuccess >= RedFlagGoal && BackSeconds <= BackGoal;

    public string Table()
    {
        var rows = Steps.Select(s => ("step", Text($"{s.Offered:0} came, {s.Journeys:0.0} whole journeys a second, p99 {s.P99:0} ms"), "")).Concat(
        [
            ("peak", Text($"{Peak:0.0} whole journeys a second"), ""),
            ("ten times: came / asked", Text($"{Offered:0} persons, {Asked:0} requests a second"), ""),
            ("goodput of peak", Text($"{GoodputOfPeak:0.0 %} ({Goodput:0.0} whole journeys a second)"), ">= 90 %"),
            ("refusals p50 / p99", Text($"{RefusedP50:0.0} / {RefusedP99:0.0} ms ({Refused})"), "p99 50 ms"),
            ("red flags answered", Text($"{RedFlagSuccess:0.00 %} of {RedFlags}, p99 {RedFlagP99:0} ms"), ">= 99.9 %"),
            ("ongoing answered", Text($"{OngoingServed} of {Ongoing}, p99 {OngoingP99:0} ms"), ""),
            ("door to queue: p99 / asked again", Text($"{InsideP99:0} ms / {InsideRefused}"), ""),
            ("no answer / not sent by this client", Text($"{Lost} / {Unsent}"), ""),
            ("back to normal (p99 was {0})", BackSeconds is { } back ? Text($"{back:0.0} s") : "not within two minutes", "30 s"),
            ("server's core used by others", Text($"{Others:0.0 %}"), ""),
            ("this client late: time / requests", Text($"{Late:0.0 %} / {LateRequests:0.0 %}"), ""),
        ]);
        return string.Join('\n', rows.Select(r => $"{string.Format(CultureInfo.InvariantCulture, r.Item1, Text($"{Normal:0} ms")),-38} {r.Item2,-58} {r.Item3}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

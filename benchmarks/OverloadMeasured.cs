using System.Globalization;

namespace Yizhen.Benchmarks;

/// <summary>What <c>./bench overload</c> prints. Rates a second, times in milliseconds unless named otherwise.</summary>
/// <param name="Sent">What was really asked for, those who came again among it.</param>
/// <param name="Unsent">Arrivals that this client could not send.</param>
/// <param name="Lost">No answer, or another than yes and "come again".</param>
/// <param name="Normal">99 of a hundred answers at the peak were quicker.</param>
/// <param name="BackSeconds">Null where a minute was not enough.</param>
internal sealed record OverloadMeasured(
    double Peak, double Offered, double Sent, double Goodput, int Unsent, int NewcomersIn, int Refused, double RefusedP50, double RefusedP99,
    int RedFlags, int RedFlagsServed, double RedFlagP99, int Ongoing, int OngoingServed, double OngoingP99, int Lost, double Normal, double? BackSeconds)
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
        var rows = new (string What, string Measured, string Goal)[]
        {
            ("peak", Text($"{Peak:0} a second, p99 {Normal:0} ms"), ""),
            ("offered, of which sent", Text($"{Offered:0}, {Sent:0} a second"), ""),
            ("goodput of peak", Text($"{GoodputOfPeak:0.0 %} ({Goodput:0} a second)"), ">= 90 %"),
            ("refusals p50 / p99", Text($"{RefusedP50:0.0} / {RefusedP99:0.0} ms ({Refused})"), "p99 50 ms"),
            ("red flags answered", Text($"{RedFlagSuccess:0.00 %} of {RedFlags}, p99 {RedFlagP99:0} ms"), ">= 99.9 %"),
            ("ongoing answered", Text($"{OngoingServed} of {Ongoing}, p99 {OngoingP99:0} ms"), ""),
            ("newcomers let in", Text($"{NewcomersIn}"), ""),
            ("no answer / not sent by this client", Text($"{Lost} / {Unsent}"), ""),
            ("back to normal", BackSeconds is { } back ? Text($"{back:0.0} s") : "not within a minute", "30 s"),
        };
        return string.Join('\n', rows.Select(r => $"{r.What,-38} {r.Measured,-38} {r.Goal}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

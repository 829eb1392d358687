using System.Collections.Immutable;
using System.Diagnostics;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;

namespace Yizhen.Benchmarks;

/// <summary>One invented consultation after another, from the opening to the worry after it: ten districts, seven ages, every disposition.</summary>
internal static class LargeDay
{
    private static readonly string[] Places = ["420102", "420106", "420922", "421002", "440106", "330106", "110105", "310115", "510104", "610113"];
    private static readonly string[] Ages = ["7", "23", "34", "45", "58", "71", "86"];

    private const int Writers = 32;

    /// <summary>Over the day that ends at <paramref name="now"/>, through the product's own log.</summary>
    public static async Task FillAsync(ConsultationLog log, int consultations, Guid organisation, DateTimeOffset now)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, consultations), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (n, _) =>
        {
            await StoreAsync(log, n, organisation, now.AddHours(-24).AddSeconds(86_400.0 * n / consultations));
            if ((n + 1) % 10_000 == 0)
            {
                Console.Error.WriteLine($"{n + 1} of {consultations} consultations, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
            }
        });
    }

    public static async Task StoreAsync(ConsultationLog log, int n, Guid organisation, DateTimeOffset at)
    {
        var stored = await log.Decide(new ConsultationId(Guid.CreateVersion7(at)), "system", at, _ => Consultation(n, organisation, at));
        _ = stored.Is(out _, out var why) ? true : throw new InvalidOperationException($"Not stored: {why}");
    }

    public static ImmutableArray<Fact> Consultation(int n, Guid organisation, DateTimeOffset at)
    {
        var consent = new Consent("2", true, true, true, true, false, false);
        var pin = new ProtocolPin("RESP-CN", "national-v1");
        var words = new Wording("看医生", "See a doctor");
        return
        [
            new Opened("wuhan", "link", organisation, n % 9 == 0 ? "en" : "zh-CN", ServiceMode.LightConsultation, Guid.CreateVersion7(at), Relation.Self, consent, new(2020, 1, 26), "text"),
            new PlaceStated(Places[n % 97 % Places.Length], null),
            new StoryTold("发热两天，咳嗽，一个人在家。", 4 + n % 6),
            new Answered(ImmutableDictionary<string, string>.Empty.Add("age", Ages[n % Ages.Length]).Add("symptoms", n % 2 == 0 ? "cough" : "cough,fever")),
            new Triaged(new Outcome((Disposition)(n % 8), Urgency.Soon, "general", [], pin, "R1", [pin], words, words, [words], [words], [words], [], [])),
            new Queued(at, Urgency.Soon, "general", null),
            new Assigned(Guid.CreateVersion7(at), "林医生", 1, "urgency_then_wait"),
            new Closed(false, "done"),
            new WorryStated(n % 5),
        ];
    }
}

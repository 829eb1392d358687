using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>Who is judged a second time is judged by the day they came, as corrected and recalled (ADR 5, ADR 7).</summary>
public sealed class JudgedAgainTests
{
    private const string Story = "咳嗽两天，鹤";

    [Theory, OnBothDatabases]
    public async Task Whoever_gets_worse_after_a_correction_is_judged_by_the_corrected_version_and_so_is_whoever_comes_after_the_recall(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        using var patient = await (await Caller.PatientAsync(site, Story, "330106", RecallTests.Fever)).InQueueAsync();
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.EndsWith("told=1", (await staff.SendAsync("/staff/recall", "/staff/recall", ("version", "RESP-CN@national-v1"), ("with", "RESP-CN@national-v2"))).Location, StringComparison.Ordinal);
        using var other = await (await Caller.PatientAsync(site, Story, "330106", RecallTests.Fever)).InQueueAsync();
        foreach (var person in new[] { patient, other })
        {
            // Judged anew twice: the correction stands also where a newer judgement has taken its place.
            foreach (var feeling in new[] { "worse", "same", "worse" })
            {
                await person.Post<Stored>($"{person.Consultation}/feeling", new { feeling });
            }
        }

        Assert.Equal(2 + 4, await site.CountAsync("select count(*) from fact where kind = 'triaged'"));
        foreach (var person in new[] { patient, other })
        {
            var outcome = (await person.Look()).Outcome;
            Assert.Contains(outcome?.JudgedBy ?? [], pin => pin == new ProtocolPin("RESP-CN", "national-v2"));
            Assert.Equal(Disposition.D1, outcome?.Disposition);
        }

        var replayed = await site.Services.GetRequiredService<ReplayOutcomes>().Run(null, null, Looking.AtTheMachine, CancellationToken.None);
        Assert.Equal((null, replayed.Outcomes), (replayed.First, replayed.Same));
        Assert.Null((await site.VerifyAsync()).Broken);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Worklist;

/// <summary>Somebody is told of what is overdue: once for each time, and also when the machine stopped in between.</summary>
public sealed class OverdueTests
{
    private const string Standby = "+8613900002222";

    [Theory, OnBothDatabases]
    public async Task Message_that_a_crash_kept_from_the_outbox_goes_out_with_the_next_turn(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var policy = site.Services.GetRequiredService<RecheckPolicy>();
        using var patient = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        clock.Advance(policy.Waiting.EveryMinutes.Of(Urgency.Urgent));
        await RecheckTests.LookAsync(site, clock);
        clock.Advance(policy.Waiting.AnswerMinutes.Of(Urgency.Urgent));
        await RecheckTests.LookAsync(site, clock);
        var due = clock.GetUtcNow() + policy.Worklist.DueMinutes.Of(Urgency.Urgent);

        // Escalated, and there the machine stopped: no message was written.
        Assert.Equal(1, await site.Services.GetRequiredService<Entries>().Escalate(due, CancellationToken.None));
        Assert.Empty(await RecheckTests.OutboxAsync(site, TellOverdue.Kind));
        var overdue = site.Services.GetRequiredService<TellOverdue>();
        for (var twice = 0; twice < 2; twice++)
        {
            await overdue.Tell(Standby, due, CancellationToken.None);
            Assert.Contains(patient.Id[^6..], Assert.Single(await RecheckTests.OutboxAsync(site, TellOverdue.Kind)), StringComparison.Ordinal);
        }

        await overdue.Tell(Standby, due + TimeSpan.FromMinutes(policy.Worklist.EscalateAgainMinutes), CancellationToken.None);
        Assert.Equal(2, (await RecheckTests.OutboxAsync(site, TellOverdue.Kind)).Count);
    }
}

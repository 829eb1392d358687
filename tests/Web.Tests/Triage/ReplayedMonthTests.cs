using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>A month of outcomes, judged again under each day's rules, is the same month byte for byte; what cannot be shown to be the same is never passed over.</summary>
public sealed class ReplayedMonthTests
{
    private static readonly string[] People =
    [
        RecheckTests.Mild,
        RecheckTests.FeverClinic,
        RecheckTests.Mild.Replace("temperature_c=37.0", "temperature_c=38.4", StringComparison.Ordinal),
    ];

    [Theory, OnBothDatabases]
    public async Task Month_across_every_change_of_the_rules_is_judged_again_to_the_same_bytes(DatabaseKind kind)
    {
        var clock = new TestClock(new(2020, 1, 22, 9, 0, 0, TimeSpan.FromHours(8)));
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var site = await TestSite.StartAsync(database, clock);
        await site.EverywhereAsync();
        await site.RunAsync("update campaign set rules_date = null");
        for (var day = 0; day < 31; day++)
        {
            foreach (var (region, at) in new[] { ("420102", day % People.Length), ("330106", (day + 1) % People.Length) })
            {
                using var patient = await Caller.PatientAsync(site, "有点咳嗽", region, People[at]);
                await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
            }

            clock.Advance(TimeSpan.FromDays(1));
        }

        var looking = Looking.AtTheMachine;
        var replay = site.Services.GetRequiredService<ReplayOutcomes>();
        var whole = await replay.Run(null, null, looking, CancellationToken.None);
        Assert.Equal((null, 62, 62, 62, 0), (whole.First, whole.Consultations, whole.Outcomes, whole.Same, whole.NotKept));
        var week = await replay.Run(new(2020, 2, 2), new(2020, 2, 8), looking, CancellationToken.None);
        Assert.Equal((14, 14), (week.Outcomes, week.Same));
        Assert.Equal(2, await site.CountAsync("select count(*) from access where purpose = 'recount' and amount = 62"));

        var versions = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var judged in site.Services.GetRequiredService<Judgements>().ReadAsync(Task.FromResult, CancellationToken.None))
        {
            versions.UnionWith(judged.Judgements.SelectMany(j => j.Outcome.JudgedBy).Where(p => p.Id == "RESP-CN").Select(p => p.Version));
        }

        Assert.Equal(["national-v1", "national-v1+2020-01-23", "national-v1+2020-02-02", "national-v2", "national-v2+2020-02-02", "national-v2+2020-02-11"], versions);
        var said = await Product.EndAsync(["protocol", "replay", "--from", "2020-01-22", "--to", "2020-02-22", "--state", database.Folder, .. database.Arguments]);
        Assert.Equal((0, ""), (said.Code, said.Complained));
        Assert.Contains("62 the same byte for byte, 0 differ", said.Said, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Outcome_that_the_same_versions_would_not_say_and_a_version_that_is_not_kept_are_named(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        using var patient = await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        using var erased = await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild);
        await erased.Post<ConsultationView>($"{erased.Consultation}/triage", new { });
        await erased.Delete<System.Text.Json.JsonElement>("/api/v1/me");

        var lost = await With(site, protocol => protocol.Version == "2020-01-23" ? null : protocol);
        Assert.Equal((1, 1, 1, 0), (lost.NotKept, lost.Outcomes, lost.Gone, lost.Same));
        Assert.StartsWith($"consultation {patient.Id} version", lost.First, StringComparison.Ordinal);
        Assert.EndsWith("RESP-CN national-v1+2020-01-23, by which it was judged, is not kept here", lost.First, StringComparison.Ordinal);

        // The same version with a stop more in its reasons: only the bytes tell.
        var words = await With(site, protocol => protocol with { Rows = [.. protocol.Rows.Select(r => r with { Reason = r.Reason with { En = r.Reason.En + "." } })] });
        Assert.Equal((0, 1, 0), (words.NotKept, words.Outcomes, words.Same));
        Assert.StartsWith($"consultation {patient.Id} version", words.First, StringComparison.Ordinal);
        Assert.EndsWith("in other words or with other sources", words.First, StringComparison.Ordinal);
    }

    /// <summary>The product's replay over other protocols than those that judged.</summary>
    private static Task<Replayed> With(TestSite site, Func<Protocol, Protocol?> change)
    {
        var shelf = new ProtocolShelf(site.Services.GetRequiredService<ProtocolShelf>().All.Select(change).OfType<Protocol>());
        return ActivatorUtilities.CreateInstance<ReplayOutcomes>(site.Services, shelf).Run(null, null, Looking.AtTheMachine, CancellationToken.None);
    }
}

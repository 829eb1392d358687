using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>A recall is said once: whoever is still being asked, waits unjudged or gets worse later is judged by the version in its place, without a second run.</summary>
public sealed class RecallStandsTests
{
    private const string Story = "咳嗽两天，鹤";
    private const string Page = "/staff/recall?version=RESP-CN%40national-v1&with=RESP-CN%40national-v2";
    private static readonly ProtocolPin First = new("RESP-CN", "national-v1");
    private static readonly ProtocolPin Second = new("RESP-CN", "national-v2");

    [Theory, OnBothDatabases]
    public async Task Whoever_is_still_being_asked_is_judged_by_the_version_in_its_place_and_nobody_recalls_twice(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        using var asked = await Caller.PatientAsync(site, Story, "330106", RecallTests.Fever);
        using var danger = await Caller.PatientAsync(site, "喘不上气，嘴唇发紫", "330106", RecallTests.Fever);
        using var same = await (await Caller.PatientAsync(site, Story, "330106", RecheckTests.FeverClinic)).InQueueAsync();
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var looked = WebUtility.HtmlDecode(await staff.ReadAsync(Page));
        Assert.Contains("这一版还没有召回，还会用来判断；现在有 2 人还在填写", looked, StringComparison.Ordinal);
        Assert.Contains("确认召回：从现在起不再用这一版判断", looked, StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from recall"));
        for (var twice = 0; twice < 2; twice++)
        {
            Assert.EndsWith("told=0", (await staff.SendAsync(twice == 0 ? Page : "/staff/sign-in", "/staff/recall", ("version", "RESP-CN@national-v1"), ("with", "RESP-CN@national-v2"))).Location, StringComparison.Ordinal);
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from recall where protocol = 'RESP-CN' and version = 'national-v1' and instead = 'national-v2' and actor like 'operator:%'"));
        Assert.Contains("这一版已经召回。从那时起的判断都用 national-v2，还在填写的 2 人也一样", WebUtility.HtmlDecode(await staff.ReadAsync(Page)), StringComparison.Ordinal);
        Assert.Contains("召回，换成 national-v2。", WebUtility.HtmlDecode(await staff.ReadAsync("/protocols/RESP-CN?version=national-v1")), StringComparison.Ordinal);
        Assert.DoesNotContain("召回", WebUtility.HtmlDecode(await staff.ReadAsync("/protocols/RESP-CN?version=national-v2")), StringComparison.Ordinal);

        foreach (var person in new[] { asked, danger })
        {
            await person.Post<ConsultationView>($"{person.Consultation}/triage", new { });
            Assert.Contains(Second, (await person.Look()).Outcome?.JudgedBy ?? []);
            Assert.Equal(Disposition.D1, (await asked.Look()).Outcome?.Disposition);
        }

        // Would have been told the same, and so was not corrected: worse, it is not the recalled version that judges.
        Assert.Contains(First, (await same.Look()).Outcome?.JudgedBy ?? []);
        await same.Post<Stored>($"{same.Consultation}/feeling", new { feeling = "worse" });
        Assert.Contains(Second, (await same.Look()).Outcome?.JudgedBy ?? []);
        using var api = new Caller(site);
        api.Holds(staff.Browser.DefaultRequestHeaders.Authorization?.Parameter ?? "");
        var left = await api.Get<JsonElement>("/api/v1/recalls/RESP-CN/national-v1?with=national-v2");
        Assert.Equal((0, 0, true), (left.GetProperty("would_change").GetInt32(), left.GetProperty("still_asked").GetInt32(), left.GetProperty("stands").GetBoolean()));
        var replayed = await site.Services.GetRequiredService<ReplayOutcomes>().Run(null, null, Looking.AtTheMachine, CancellationToken.None);
        Assert.Equal((null, replayed.Outcomes), (replayed.First, replayed.Same));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Recall_of_one_organisation_judges_nobody_of_another_and_is_taken_back_by_another_recall(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await site.EverywhereAsync();
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await site.RunAsync($"update staff set organisation = '{Guid.NewGuid()}' where login = 'operator'");
        await Recall(staff, "national-v1", "national-v2");
        Assert.Contains(First, await JudgedBy(site));

        var (recall, send) = (site.Services.GetRequiredService<FindRecalled>(), site.Services.GetRequiredService<SendCorrections>());
        foreach (var (version, with, judges) in new[] { ("national-v1", "national-v2", Second), ("national-v2", "national-v1", First) })
        {
            Assert.True((await send.Send(recall.Ask("RESP-CN", version, with).Value, Looking.AtTheMachine, CancellationToken.None)).Is(out _, out _));
            Assert.Contains(judges, await JudgedBy(site));
        }
    }

    private static async Task Recall(Operator staff, string version, string with) =>
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/recall", "/staff/recall", ("version", $"RESP-CN@{version}"), ("with", $"RESP-CN@{with}"))).Status);

    private static async Task<IEnumerable<ProtocolPin>> JudgedBy(TestSite site)
    {
        using var patient = await Caller.PatientAsync(site, Story, "330106", RecallTests.Fever);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        return (await patient.Look()).Outcome?.JudgedBy ?? [];
    }
}

using System.Net;
using System.Text.Json;
using AngleSharp.Html.Parser;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>What a doctor wrote for somebody who is with nobody, or with another doctor, by now: it is kept for the next one, and never reaches another person.</summary>
public sealed class LateWordsTests
{
    [Theory, OnBothDatabases]
    public async Task Words_that_come_while_nobody_has_the_consultation_are_there_for_whoever_gets_it(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site);
        var given = await first.Given(patient.Id);
        await first.Post<JsonElement>("/api/v1/duty", new { state = "pausing", seats = 1 });
        await first.Post<Stored>($"{patient.Consultation}/hand-over", new HandOverBody("请接着看"));
        Assert.Equal("waiting", (await patient.Look()).Bucket);

        var reply = await first.Refused(HttpMethod.Put, $"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("迟到的回复", given.Epoch));
        var advice = await first.Refused(HttpMethod.Post, $"{patient.Consultation}/advice", new AdviceBody(given.Epoch, Disposition.D3, "咳嗽", "迟到的建议", Close: true));
        Assert.Equal(("no_longer_yours", "no_longer_yours"), (reply.Code, advice.Code));
        using var second = await Caller.DoctorAsync(site, number: 2);
        Assert.Equal(["迟到的回复", "迟到的建议"], (await second.Given(patient.Id)).DraftsLeft);
        Assert.Equal(HttpStatusCode.NotFound, (await patient.Refused(HttpMethod.Get, "/api/v1/desk")).Status);
        Assert.DoesNotContain((await patient.Look()).Lines, l => l.Text.StartsWith("迟到", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task Words_for_somebody_who_is_gone_never_stand_in_another_persons_field(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var gone = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var here = await (await Caller.PatientAsync(site, "孩子咳嗽")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(gone.Id)).Epoch;
        await doctor.Given(here.Id);
        await gone.Post<Stored>($"{gone.Consultation}/close", new { });
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        var message = Base32.Write(Guid.CreateVersion7());

        var (_, _, reply) = await desk.SendAsync("/staff/desk", $"/staff/desk/{gone.Id}/reply", ("text", "写给第一位的话"), ("epoch", $"{epoch}"), ("message", message), ("send", "1"));
        var (_, _, advice) = await desk.SendAsync("/staff/desk", $"/staff/desk/{gone.Id}/advice", ("advice", "写给第一位的建议"), ("situation", "第一位的情况"), ("disposition", "D2"), ("epoch", $"{epoch}"));
        foreach (var (page, words) in new[] { (reply, "写给第一位的话"), (advice, "写给第一位的建议") })
        {
            var read = new HtmlParser().ParseDocument(page);
            Assert.Contains(words, read.GetElementById("unsent")?.TextContent, StringComparison.Ordinal);
            Assert.Equal($"/staff/desk/{here.Id}/reply", read.GetElementById("reply")?.GetAttribute("action"));
            Assert.All(read.QuerySelectorAll("textarea"), field => Assert.DoesNotContain("第一位", field.TextContent, StringComparison.Ordinal));
        }
    }
}

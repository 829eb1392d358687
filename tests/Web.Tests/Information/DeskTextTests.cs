using System.Net;
using System.Text.Json;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Information;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Information;

/// <summary>The information desk stands between Start and the consent while the level says so: danger signs, answers, and one tap to go on.</summary>
public sealed class DeskTextTests
{
    private static readonly (string, string)[] Masks =
        [("key", ""), ("title_zh", "口罩能重复用吗"), ("title_en", "May a mask be used again?"), ("body_zh", "没有弄脏弄湿就可以。\n摘下时不碰外面。"), ("body_en", "Yes, while it is clean and dry.\nDo not touch its outside.")];

    [Theory, OnBothDatabases]
    public async Task Operator_writes_an_answer_in_both_languages_and_people_read_it_from_level_one_on(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        const string Here = "/staff/campaigns/wuhan/desk";
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync(Here, Here, [.. Masks[..^1], ("body_en", " ")])).Status);
        Assert.Equal(Here, (await staff.SendAsync(Here, Here, Masks)).Location);
        Assert.Contains("口罩能重复用吗", await staff.ReadAsync(Here), StringComparison.Ordinal);

        using var calm = Operator.Nobody(site);
        Assert.EndsWith("/consent", await StartAsync(calm), StringComparison.Ordinal);
        await SurgeScene.SetAsync(site, 1);
        using var person = Operator.Nobody(site, "en");
        var desk = await StartAsync(person);
        Assert.EndsWith("/desk", desk, StringComparison.Ordinal);
        var page = await person.ReadAsync(desk);
        Assert.Contains("May a mask be used again?", page, StringComparison.Ordinal);
        Assert.Contains("call 120", page, StringComparison.Ordinal);
        Assert.Contains(desk.Replace("/desk", "/consent", StringComparison.Ordinal), page, StringComparison.Ordinal);
        Assert.Equal(desk, (await person.SendAsync(desk, desk)).Location);
        Assert.Contains("your question is answered", await person.ReadAsync(desk), StringComparison.Ordinal);
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((2, 1, 1), (ledger.Arrived, ledger.AnsweredAtDesk, ledger.AtDoor));

        // Another may neither read it nor say it for them.
        using var stranger = Operator.Nobody(site);
        await StartAsync(stranger);
        await stranger.ReadAsync(desk, HttpStatusCode.NotFound);
        using var api = await SurgeScene.OperatorAsync(site);
        var shown = (await api.Get<DeskFace>("/api/v1/campaigns/wuhan/desk")).Desk.Answers.Single();
        await api.Delete<JsonElement>($"/api/v1/campaigns/wuhan/desk/{shown.Key}");
        using var later = Operator.Nobody(site, "en");
        Assert.DoesNotContain("May a mask be used again?</summary>", await later.ReadAsync(await StartAsync(later)), StringComparison.Ordinal);
        Assert.Equal(2, await site.CountAsync("select count(*) from desk_text"));
    }

    [Theory, OnBothDatabases]
    public async Task Briefing_stands_first_from_level_four_on_and_always_has_a_page_of_its_own(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var api = await SurgeScene.OperatorAsync(site);
        await api.Post<ShownText>("/api/v1/campaigns/wuhan/desk", new DeskTextBody(DeskText.Briefing, new BothWays("第一版", "First version"), new BothWays("先在家", "Stay at home first")));
        await api.Post<ShownText>("/api/v1/campaigns/wuhan/desk", new DeskTextBody(DeskText.Briefing, new BothWays("现在怎么做", "What to do now"), new BothWays("轻的先在家，记体温", "If mild, stay at home and write down your temperature")));
        using var reader = Operator.Nobody(site);
        var page = await reader.ReadAsync("/c/wuhan/briefing");
        Assert.Contains("现在怎么做", page, StringComparison.Ordinal);
        Assert.DoesNotContain("第一版", page, StringComparison.Ordinal);
        Assert.Contains("/c/wuhan/start", page, StringComparison.Ordinal);

        Assert.DoesNotContain("先看这里，也许马上就有答案", await reader.ReadAsync("/c/wuhan"), StringComparison.Ordinal);
        await SurgeScene.SetAsync(site, 4);
        Assert.Contains("先看这里，也许马上就有答案", await reader.ReadAsync("/c/wuhan"), StringComparison.Ordinal);
        var desk = await StartAsync(reader);
        Assert.Contains("轻的先在家，记体温", await reader.ReadAsync(desk), StringComparison.Ordinal);

        // One tap on, and the urgent are with a doctor as at any level.
        using var doctor = await Caller.DoctorAsync(site);
        using var grave = await (await Caller.PatientAsync(site, "喘不上气，嘴唇发紫")).InQueueAsync();
        await doctor.Given(grave.Id);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await doctor.Refused(HttpMethod.Post, "/api/v1/campaigns/wuhan/desk", new DeskTextBody(null, new("a", "b"), new("c", "d"))));
    }

    private static async Task<string> StartAsync(Operator person) => (await person.SendAsync("/c/wuhan", "/c/wuhan/start")).Location ?? "";
}

using System.Net;
using System.Text.Json;
using Yizhen.Web.Information;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Information;

/// <summary>The library at the door: asked in own words, answered with source and date, yes counted, no leading on with nothing lost; written, reviewed and withdrawn by its owner.</summary>
public sealed class LibraryTests
{
    private const string Words = "发烧37度5要不要去医院";

    [Theory, OnBothDatabases]
    public async Task Whoever_asks_in_own_words_is_answered_and_counted_and_nothing_of_it_is_stored(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        await SurgeScene.SetAsync(site, 1);
        using var person = Operator.Nobody(site);
        var desk = await StartAsync(person);
        Assert.EndsWith("/desk", desk, StringComparison.Ordinal);
        var before = await person.ReadAsync(desk);
        Assert.Equal(4, before.Split($"{desk}/a").Length - 1);

        Assert.Equal($"{desk}#found", (await person.SendAsync(desk, desk, ("asked", Words))).Location);
        var found = WebUtility.HtmlDecode(await person.ReadAsync(desk));
        Assert.Contains("可能答到您的", found, StringComparison.Ordinal);
        Assert.Contains("有点低烧", found, StringComparison.Ordinal);
        Assert.Contains(Words, found, StringComparison.Ordinal);
        var answer = WebUtility.HtmlDecode(await person.ReadAsync($"{desk}/a02"));
        Assert.Contains("来源：", answer, StringComparison.Ordinal);
        Assert.Contains("2020 年 1 月 29 日", answer, StringComparison.Ordinal);
        Assert.Contains("未经医生审核", answer, StringComparison.Ordinal);
        Assert.Equal(desk, (await person.SendAsync($"{desk}/a02", $"{desk}/a02", ("helped", "yes"))).Location);
        Assert.Equal(desk, (await person.SendAsync(desk, $"{desk}/a02", ("helped", "yes"))).Location);
        Assert.Contains("您的问题答到了", await person.ReadAsync(desk), StringComparison.Ordinal);
        // The surge goes down: whoever was answered is not led on to the consent.
        await SurgeScene.SetAsync(site, 0);
        Assert.Contains("您的问题答到了", await person.ReadAsync(desk), StringComparison.Ordinal);
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal(1, ledger.AnsweredAtDesk);
        Assert.Equal(1, await site.CountAsync("select count(*) from desk_answer where key = 'a02'"));
        Assert.Empty(await site.RowsHoldingAsync(Words, "37度5"));
    }

    [Theory, OnBothDatabases]
    public async Task No_leads_on_to_the_intake_with_what_was_typed(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        await SurgeScene.SetAsync(site, 1);
        using var person = Operator.Nobody(site);
        var desk = await StartAsync(person);
        await person.SendAsync(desk, desk, ("asked", Words));
        var door = desk[..^"/desk".Length];
        Assert.Equal($"{door}/consent", (await person.SendAsync($"{desk}/a02", $"{desk}/a02", ("helped", "no"))).Location);
        var consent = WebUtility.HtmlDecode(await person.ReadAsync($"{door}/consent"));
        var text = System.Text.RegularExpressions.Regex.Match(consent, "name=\"text\" value=\"([^\"]+)\"").Groups[1].Value;
        (string, string)[] ticks = [("text", text), ("agree", "advice"), ("agree", "share"), ("agree", "keep")];
        await person.SendAsync($"{door}/consent", $"{door}/consent", ticks);
        await person.SendAsync($"{door}/consent", $"{door}/who", [.. ticks, ("who", "self"), ("label", "")]);
        await person.SendAsync($"{door}/where", $"{door}/where", ("region", "420102"));
        Assert.Contains(Words, WebUtility.HtmlDecode(await person.ReadAsync($"{door}/story")), StringComparison.Ordinal);
        Assert.Equal(0, (await site.LedgerAsync()).AnsweredAtDesk);
    }

    [Fact]
    public async Task Words_of_danger_cut_in_before_any_answer_and_silence_leads_to_a_person()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var person = Operator.Nobody(site);
        const string Desk = "/c/wuhan/briefing";
        await person.SendAsync(Desk, Desk, ("asked", "发烧，喘不上气，嘴唇发紫，要不要去医院"));
        var page = WebUtility.HtmlDecode(await person.ReadAsync(Desk));
        Assert.Contains("您写到了危险信号", page, StringComparison.Ordinal);
        Assert.DoesNotContain("可能答到您的", page, StringComparison.Ordinal);
        // A browser counts a line break once and sends it as two: the end, where the danger may stand, is not cut off, and no sign is cut in two.
        Assert.Equal($"{Desk}#found", (await person.SendAsync(Desk, Desk, ("asked", string.Concat(Enumerable.Repeat("想问社区\r\n", 50)) + "喘不上气，嘴唇发紫"))).Location);
        Assert.Contains("您写到了危险信号", WebUtility.HtmlDecode(await person.ReadAsync(Desk)), StringComparison.Ordinal);
        Assert.Equal($"{Desk}#found", (await person.SendAsync(Desk, Desk, ("asked", new string('啊', 299) + "😷"))).Location);
        await person.SendAsync(Desk, Desk, ("asked", "今天股票怎么样"));
        page = WebUtility.HtmlDecode(await person.ReadAsync(Desk));
        Assert.Contains("这里没有现成的答案", page, StringComparison.Ordinal);
        Assert.Contains("/c/wuhan/start", page, StringComparison.Ordinal);
        Assert.Contains("来源：", WebUtility.HtmlDecode(await person.ReadAsync($"{Desk}/a04")), StringComparison.Ordinal);
        await person.ReadAsync($"{Desk}/nothing", HttpStatusCode.NotFound);
    }

    [Theory, OnBothDatabases]
    public async Task Owner_writes_a_physician_reviews_and_what_is_withdrawn_says_so_at_its_address(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        const string Here = "/staff/library";
        (string, string)[] entry =
        [
            ("question_zh", "社区怎么登记"), ("question_en", "How do I register with my community?"), ("answer_zh", "打社区电话，报姓名和住址。"), ("answer_en", "Ring your community, give name and address."),
            ("asked_zh", "去哪里登记\n登记要带什么"), ("asked_en", "where to register"), ("source_zh", "市指挥部通告"), ("source_en", "Notice of the city"), ("source_date", "2020-01-24"), ("grade", "T"),
            ("valid_from", "2020-01-24"), ("valid_until", "2099-01-01"), ("why", "新通告"),
        ];
        var (status, _, preview) = await staff.SendAsync($"{Here}/new", Here, [.. entry, ("preview", "1")]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("预览，还没有存", WebUtility.HtmlDecode(preview), StringComparison.Ordinal);
        Assert.Equal(0, await site.CountAsync("select count(*) from library"));
        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync($"{Here}/new", Here, [.. entry.Where(f => f.Item1 != "source_en")])).Status);
        var address = (await staff.SendAsync($"{Here}/new", Here, entry)).Location ?? "";
        var key = address[(Here.Length + 1)..];

        using var api = await SurgeScene.OperatorAsync(site);
        var asked = await api.Post<JsonElement>("/api/v1/campaigns/wuhan/library/ask", new AskBody("登记要带什么"));
        Assert.Equal(key, asked.GetProperty("answers")[0].GetProperty("entry").GetString());
        Assert.False(asked.GetProperty("silent").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await api.Refused(HttpMethod.Post, $"/api/v1/library/{key}/review", new ReviewBody(1))).Status);
        using var doctor = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), "doctor3");
        Assert.Equal(address, (await doctor.SendAsync(address, $"{address}/review", ("version", "1"))).Location);
        Assert.Contains("审核", WebUtility.HtmlDecode(await staff.ReadAsync(address)), StringComparison.Ordinal);

        // Written while a physician was reading the version before: the signature is that of what was read.
        Assert.Equal(address, (await staff.SendAsync(address, address, entry)).Location);
        await site.RunAsync($"insert into library (organisation, key, kind, at, actor, name, why, content) select organisation, key, kind, at, actor, name, why, content from library where key = '{key}' and kind = 'reviewed'");
        Assert.Contains("我看过第 2 版", WebUtility.HtmlDecode(await doctor.ReadAsync(address)), StringComparison.Ordinal);
        Assert.Equal(address, (await doctor.SendAsync(address, $"{address}/review", ("version", "2"))).Location);
        Assert.DoesNotContain("我看过第", WebUtility.HtmlDecode(await doctor.ReadAsync(address)), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, (await staff.SendAsync(address, address, [.. entry.Where(f => f.Item1 != "why"), ("why", ""), ("withdraw", "1")])).Status);
        Assert.Equal(address, (await staff.SendAsync(address, address, [.. entry, ("withdraw", "1")])).Location);
        using var reader = Operator.Nobody(site);
        var gone = WebUtility.HtmlDecode(await reader.ReadAsync($"/c/wuhan/briefing/{key}"));
        Assert.Contains("不再使用了", gone, StringComparison.Ordinal);
        Assert.DoesNotContain("打社区电话", gone, StringComparison.Ordinal);
        Assert.True((await api.Post<JsonElement>("/api/v1/campaigns/wuhan/library/ask", new AskBody("登记要带什么"))).GetProperty("answers").EnumerateArray().All(a => a.GetProperty("entry").GetString() != key));
        Assert.Equal(6, await site.CountAsync("select count(*) from library"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_comes_back_within_three_days_and_worse_is_counted_and_few_are_withheld(DatabaseKind kind)
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 1);
        var people = new List<Operator>();
        for (var i = 0; i < 22; i++)
        {
            var person = Operator.Nobody(site);
            people.Add(person);
            var desk = await StartAsync(person);
            await person.SendAsync(desk, desk);
        }

        clock.Advance(TimeSpan.FromHours(2));
        var count = (CountDesk)site.Services.GetService(typeof(CountDesk))!;
        Assert.Equal((0, 22), await FiguresAsync());
        foreach (var person in people.Take(11))
        {
            await StartAsync(person);
        }

        clock.Advance(TimeSpan.FromHours(72));
        var figures = await count.Now(clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal((22, 11, 0, 0), (figures.Answered, figures.CameBack, figures.Worse, figures.StillOpen));
        await StartAsync(people[20]);
        figures = await count.Now(clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(11, figures.CameBack);
        people.ForEach(p => p.Dispose());

        async Task<(int, int)> FiguresAsync()
        {
            var now = await count.Now(clock.GetUtcNow(), CancellationToken.None);
            return (now.Answered, now.StillOpen);
        }
    }

    private static async Task<string> StartAsync(Operator person) => (await person.SendAsync("/c/wuhan", "/c/wuhan/start")).Location ?? "";
}

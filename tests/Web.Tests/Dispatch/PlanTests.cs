using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>An operator asks "what if", on the page, at the JSON door and at the command line.</summary>
public sealed class PlanTests : IDisposable
{
    private const string Heading = "id,skills,shift_start,shift_end";

    private readonly string folder = Directory.CreateTempSubdirectory("yizhen-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, OnBothDatabases]
    public async Task The_page_plays_the_hours_to_come_from_who_came_and_changes_nothing(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        var empty = await staff.ReadAsync("/staff/plan");
        Assert.Contains("近几小时没有人来", empty, StringComparison.Ordinal);
        using var first = await (await Caller.PatientAsync(site, "发热三天，咳嗽")).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, "头痛两天")).InQueueAsync();
        var before = await first.Look();

        var page = await staff.ReadAsync("/staff/plan");
        Assert.Contains("近 3 小时来了 2 人", page, StringComparison.Ordinal);
        Assert.Contains("在岗 0 人", page, StringComparison.Ordinal);
        Assert.Contains("<svg role=\"img\"", page, StringComparison.Ordinal);
        Assert.Contains("最需要：会看", page, StringComparison.Ordinal);
        // Nobody was taken: that is no wait of nothing.
        Assert.Contains("data-l=\"平均\">—</td>", page, StringComparison.Ordinal);
        var (status, _, then) = await staff.SendAsync("/staff/plan", "/staff/plan", ("more_general", "5"), ("from_general", "0"), ("to_general", "24"), ("more_fever", "5"), ("from_fever", "0"), ("to_fever", "24"), ("level", "0"), ("to_level", "0"), ("ahead", "4"), ("stay", "4"), ("train_skill", "fever"), ("train", "0"), ("to_psych", "24"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("→", then, StringComparison.Ordinal);
        Assert.Contains("好一些", then, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await first.Look()).Version);
    }

    [Fact]
    public void A_call_for_the_hours_after_midnight_names_the_next_day()
    {
        Assert.Equal("最需要：会看发热的医生，次日 01:00–05:00。", PlanWords.Call(Lang.Zh, [new("fever", 4, 8, 1)], 21));
        Assert.Equal("Most needed: doctors for fever, 22:00–24:00.", PlanWords.Call(Lang.En, [new("fever", 1, 3, 1)], 21));
    }

    [Fact]
    public async Task A_roster_with_mistakes_comes_back_as_it_was_with_a_sentence_for_each_line()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        var (status, _, page) = await staff.SendAsync("/staff/plan", "/staff/plan", ("roster", $"{Heading}\nA1,fever,8 am,16:00\n,fever,08:00,16:00"), ("ahead", "99"), ("train_skill", "fever"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("第 2 行：“shift_start”要写时间", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("第 3 行：“id”是空的", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("要写 1 到 24 的整数", page, StringComparison.Ordinal);
        Assert.Contains("A1,fever,8 am,16:00", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"worth\"", page, StringComparison.Ordinal);
    }

    /// <summary>Two wait, with nobody on duty: at level 2 they are offered a date, unless their campaign does not go so high.</summary>
    [Theory, OnBothDatabases]
    public async Task Part_of_the_ladder_that_a_campaign_stands_on_counts_for_its_people(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var first = await SurgeScene.AskAsync(site);
        using var second = await SurgeScene.AskAsync(site);
        Assert.True(await OfferedAsync(staff, level: 2) > 0);
        Assert.Equal(0, await OfferedAsync(staff, level: 0));
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan", [.. CampaignLadderTests.Wuhan, ("surge_from", "0"), ("surge_to", "1"), ("surge_why", "不约时间")])).Status);
        Assert.Equal(0, await OfferedAsync(staff, level: 2));
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan", [.. CampaignLadderTests.Wuhan, ("surge_from", "2"), ("surge_to", "4"), ("surge_why", "开张第一天")])).Status);
        Assert.True(await OfferedAsync(staff, level: 0) > 0);
        Assert.Contains("自己定的应急阶梯", await staff.ReadAsync("/staff/plan"), StringComparison.Ordinal);
    }

    /// <summary>A dated answer is written by somebody: who is on duty tomorrow has less time for whoever comes then.</summary>
    [Theory, OnBothDatabases]
    public async Task Answer_that_was_promised_is_work_in_the_hours_to_come(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await SurgeScene.SetAsync(site, 2);
        using var dated = await SurgeScene.AskAsync(site);
        await SurgeScene.OfferedAsync(dated, clock);
        Assert.Equal("promised", (await dated.AnswerAsync(Promising.WrittenAnswer)).Bucket);

        var (_, _, page) = await staff.SendAsync("/staff/plan", "/staff/plan", ("roster", $"{Heading}\nA1,fever,00:00,24:00"), ("level", "0"), ("to_level", "0"), ("ahead", "4"), ("stay", "4"), ("train_skill", "fever"), ("train", "0"));
        Assert.Contains("约好时间的答复也要医生写：1 人，按时 1，照旧和改后一样。", page, StringComparison.Ordinal);
        var (_, _, nobody) = await staff.SendAsync("/staff/plan", "/staff/plan", ("level", "0"), ("to_level", "0"), ("ahead", "4"), ("stay", "4"), ("train_skill", "fever"), ("train", "0"));
        Assert.Contains("约好时间的答复也要医生写：1 人，还没到时间 1，照旧和改后一样。", nobody, StringComparison.Ordinal);
    }

    /// <summary>What level 3 does is seen before it is set: a question waits, and an adviser is on duty, or one is rostered for later.</summary>
    [Theory, OnBothDatabases]
    public async Task Advisers_help_in_the_plan_from_their_level_on_and_are_no_doctors_of_the_roster_below(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var rosters = await SurgeScene.OperatorAsync(site);
        await site.RunAsync("update staff set role = 'HealthAdviser' where login = 'doctor3'");
        await rosters.Post<RosterAnswer>("/api/v1/roster", new { csv = "clinician,organisation,people,date,from,to,skills,langs\ndoctor3,,,2020-01-26,10:00,12:00,," });
        using var person = await SurgeScene.AskAsync(site);
        using var urgent = await SurgeScene.AskAsync(site, SurgeScene.Fever);
        using var adviser = await Caller.DoctorAsync(site);
        await site.RunAsync("update staff set role = 'HealthAdviser' where id in (select clinician from duty)");
        using var answer = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/plan", UriKind.Relative), new { fields = new Dictionary<string, string> { ["level"] = "0", ["to_level"] = "3", ["ahead"] = "4", ["stay"] = "4" } });
        var plan = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("answer");
        Assert.Equal((0, 0), (InTarget("now", 5), InTarget("then", (await urgent.Look()).Urgency ?? 0)));
        Assert.True(InTarget("then", 5) > 0.5);

        // No doctor is to come, whoever is rostered: nobody of the hours to come may take the urgent.
        Assert.Contains("排班上还要来 0 人", await staff.ReadAsync("/staff/plan"), StringComparison.Ordinal);
        var holes = JsonDocument.Parse(await staff.ReadAsync("/api/v1/board")).RootElement.GetProperty("coming").GetProperty("holes").EnumerateArray().Select(h => h.GetProperty("lacks").GetString()).ToList();
        Assert.NotEmpty(holes);
        Assert.All(holes, lacks => Assert.Equal("nobody_on_duty", lacks));

        double InTarget(string when, int urgency) => plan.GetProperty(when).GetProperty("groups").EnumerateArray()
            .Single(g => (g.GetProperty("of").GetString(), g.GetProperty("name").GetString()) == ("urgency", $"{urgency}")).GetProperty("in_target").GetDouble();
    }

    private static async Task<double> OfferedAsync(Operator staff, int level)
    {
        using var answer = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/plan", UriKind.Relative), new { fields = new Dictionary<string, string> { ["level"] = $"{level}", ["to_level"] = $"{level}", ["ahead"] = "2", ["stay"] = "2" } });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("answer").GetProperty("now").GetProperty("groups")[0].GetProperty("offered").GetDouble();
    }

    [Fact]
    public async Task Nobody_but_an_operator_sees_it()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var doctor = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), "doctor1");
        await doctor.ReadAsync("/staff/plan", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_command_compares_a_folder_as_it_is_with_a_change_and_writes_the_call()
    {
        var scenario = Checkout.At("third_party", "dispatch", "scenarios", "normal");
        var (code, output, _) = await Product.EndAsync("plan", "--from", scenario, "--add", "fever:06:00-12:00:3", "--to-level", "2", "--json");
        Assert.Equal(0, code);
        var told = JsonDocument.Parse(output).RootElement;
        Assert.Equal(538, told.GetProperty("answer").GetProperty("now").GetProperty("groups")[0].GetProperty("people").GetInt32());
        Assert.Equal(1, told.GetProperty("answer").GetProperty("one_in").GetInt32());
        Assert.False(string.IsNullOrEmpty(told.GetProperty("call_zh").GetString()));
    }

    [Fact]
    public async Task People_whom_nobody_takes_have_no_wait_in_the_table()
    {
        var roster = Path.Combine(folder, "nobody.csv");
        await File.WriteAllTextAsync(roster, $"{Heading}\n");
        var (code, output, _) = await Product.EndAsync("plan", "--from", Checkout.At("third_party", "dispatch", "scenarios", "normal"), "--roster", roster, "--hours", "10:00-12:00");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^all +68 +- > - +- > - +- > - .*100\.0 > 100\.0", output);
    }

    [Theory]
    [InlineData("plan --from {0}/none", "There is no file")]
    [InlineData("plan --from {1} --add fever", "Write it like fever:06:00-10:00:5")]
    [InlineData("plan --from {1} --hours noon", "Write them like 06:00-12:00")]
    [InlineData("plan --from {1} --hours 47-48", "Nobody comes in these hours")]
    [InlineData("plan --from {1} --roster {0}/roster.csv", "Line 3: shift_end takes a time like 08:30")]
    [InlineData("plan --from {1} --level 5", "--level and --to-level are 0 to 4")]
    [InlineData("plan --from {1} --to-level -1", "--level and --to-level are 0 to 4")]
    [InlineData("plan --from {1} --add fevr:06:00-10:00:5", "fevr is no skill of this day. It knows chronic, fever, general")]
    [InlineData("plan --from {1} --train fevr:5", "fevr is no skill of this day")]
    [InlineData("dispatch --stdio --level 5", "--level is 0 to 4")]
    [InlineData("dispatch --stdio --decline 101", "--decline is 0 to 100")]
    [InlineData("drill {0}/none", "There is no file")]
    [InlineData("drill {1} --speed 0", "--speed is above 0")]
    [InlineData("drill {1} --hours 47-48", "Nobody comes in these hours")]
    public async Task What_cannot_be_taken_is_one_sentence(string line, string sentence)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "roster.csv"), $"{Heading}\nA,fever,08:00,16:00\nB,fever,08:00,late\n");
        var typed = line.Split(' ').Select(word => word.Replace("{0}", folder, StringComparison.Ordinal).Replace("{1}", Checkout.At("third_party", "dispatch", "scenarios", "normal"), StringComparison.Ordinal)).ToArray();
        var (code, _, told) = await Product.EndAsync(typed);
        Assert.Equal(2, code);
        Assert.Contains(sentence, told, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>What light consultation does not allow is held at the desk: a physician is told and may go on, others may not, and nobody's words are lost.</summary>
public sealed class GuardTests
{
    private const string Judging = "您这是支气管炎，不用去医院。";

    [Theory, OnBothDatabases]
    public async Task Physician_is_told_once_and_what_is_sent_all_the_same_stands_in_the_log(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽三天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        var reply = $"{patient.Consultation}/replies/{Guid.CreateVersion7()}";
        var facts = await site.CountAsync("select count(*) from fact");

        var (status, problem) = await Problem(doctor, HttpMethod.Put, reply, new ReplyBody(Judging, epoch));
        Assert.Equal((HttpStatusCode.Conflict, "reply_warned"), (status, problem.GetProperty("code").GetString()));
        var warnings = problem.GetProperty("warnings").EnumerateArray().ToList();
        Assert.Equal(["judge-disease", "no-need-for-hospital"], warnings.Select(w => w.GetProperty("rule").GetString()));
        Assert.All(warnings, w => Assert.Contains(w.GetProperty("quote").GetString()!, Judging, StringComparison.Ordinal));
        Assert.All(warnings, w => Assert.NotEmpty(w.GetProperty("what").GetString()!));
        Assert.All(warnings, w => Assert.NotEmpty(w.GetProperty("instead").GetString()!));
        Assert.Contains("CN-FV-06", warnings[0].GetProperty("articles").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal("reply_warned", (await doctor.Refused(HttpMethod.Put, reply, new ReplyBody(Judging, epoch, ["judge-disease"]))).Code);
        Assert.Equal(facts, await site.CountAsync("select count(*) from fact"));
        Assert.DoesNotContain((await patient.Look()).Lines, l => l.Text == Judging);

        await doctor.Put<Stored>(reply, new ReplyBody(Judging, epoch, ["judge-disease", "no-need-for-hospital"]));
        await doctor.Put<Stored>(reply, new ReplyBody(Judging, epoch));
        Assert.Single((await patient.Look()).Lines, l => l.Text == Judging);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'guard_overridden' and reason = 'judge-disease;no-need-for-hospital'"));
        Assert.Equal(facts + 2, await site.CountAsync("select count(*) from fact"));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Nurse_cannot_send_it_and_everything_else_goes_through(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽三天")).InQueueAsync();
        using var nurse = await Caller.DoctorAsync(site);
        var epoch = (await nurse.Given(patient.Id)).Epoch;
        await site.RunAsync("update staff set role = 'Nurse'");
        var reply = $"{patient.Consultation}/replies/{Guid.CreateVersion7()}";
        const string Nerves = "没什么，就是太紧张了，植物神经紊乱引起体温高一点。";

        var (status, problem) = await Problem(nurse, HttpMethod.Put, reply, new ReplyBody(Nerves, epoch));
        Assert.Equal((HttpStatusCode.Forbidden, "reply_blocked"), (status, problem.GetProperty("code").GetString()));
        Assert.NotEmpty(problem.GetProperty("warnings").EnumerateArray());
        Assert.Equal("reply_blocked", (await nurse.Refused(HttpMethod.Put, reply, new ReplyBody(Nerves, epoch, [.. problem.GetProperty("warnings").EnumerateArray().Select(w => w.GetProperty("rule").GetString()!)]))).Code);
        Assert.Equal("reply_blocked", (await nurse.Refused(HttpMethod.Post, $"{patient.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "咳嗽三天", "可能是支气管炎，在家休息", Close: true))).Code);

        await nurse.Put<Stored>(reply, new ReplyBody("早晚各量一次体温，喘不上气就打 120。", epoch));
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'guard_overridden'"));
        Assert.Equal("in_consultation", (await patient.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Desk_marks_the_words_keeps_them_and_sends_them_once_they_are_confirmed(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽三天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        var to = $"/staff/desk/{patient.Id}/reply";
        var words = $"多喝水。\n{Judging}";

        var (status, _, page) = await desk.SendAsync("/staff/desk", to, ("text", words), ("epoch", $"{epoch}"), ("message", Base32.Write(Guid.CreateVersion7())), ("send", "1"));
        var form = new HtmlParser().ParseDocument(page).GetElementById("reply")!;
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(["这是支气管炎", "不用去医院"], form.QuerySelectorAll("#guard mark").Select(m => m.TextContent));
        Assert.Contains("CN-FV-06", form.QuerySelector("#guard")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(words, form.QuerySelector("textarea")!.TextContent);
        Assert.Equal(words, new HtmlParser().ParseDocument(await desk.ReadAsync("/staff/desk")).QuerySelector("#reply textarea")!.TextContent);

        var (again, _, _) = await desk.SendAsync("/staff/desk", to, [.. Confirmed(form), ("text", words + "肯定没事。")]);
        Assert.Equal(HttpStatusCode.Conflict, again);
        Assert.DoesNotContain((await patient.Look()).Lines, l => l.Text.Contains("支气管炎", StringComparison.Ordinal));
        var (sent, _, _) = await desk.SendAsync("/staff/desk", to, [.. Confirmed(form), ("text", words.ReplaceLineEndings("\r\n"))]);
        Assert.Equal(HttpStatusCode.Redirect, sent);
        Assert.Single((await patient.Look()).Lines, l => l.Text.Contains("支气管炎", StringComparison.Ordinal));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'guard_overridden'"));
        Assert.Empty(new HtmlParser().ParseDocument(await desk.ReadAsync("/staff/desk")).QuerySelector("#reply textarea")!.TextContent);

        IEnumerable<(string, string)> Confirmed(IElement shown) =>
            [("epoch", $"{epoch}"), ("message", Base32.Write(Guid.CreateVersion7())), ("confirm", "1"), .. shown.QuerySelectorAll("#guard input").Select(i => (i.GetAttribute("name")!, i.GetAttribute("value")!))];
    }

    [Theory, OnBothDatabases]
    public async Task Sheet_is_read_as_well_and_says_that_it_does_not_replace_seeing_a_doctor(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        // The story asks of an illness in the person's own words, of which nobody is warned.
        using var patient = await (await Caller.PatientAsync(site, "咳嗽三天，我是不是得了肺炎。医生说过我这是肺炎")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(patient.Id);
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        var to = $"/staff/desk/{patient.Id}/advice";
        (string, string)[] fields = [("epoch", $"{given.Epoch}"), ("disposition", "D4"), ("situation", "咳嗽三天，我是不是得了肺炎。医生说过我这是肺炎")];

        var (status, _, page) = await desk.SendAsync("/staff/desk", to, [.. fields, ("advice", "肯定没事，在家休息")]);
        var form = new HtmlParser().ParseDocument(page).GetElementById("advice")!;
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(["肯定没事"], form.QuerySelectorAll("#guard mark").Select(m => m.TextContent));
        Assert.Equal("肯定没事，在家休息", form.QuerySelector("textarea[name=advice]")!.TextContent);
        var (put, _, _) = await desk.SendAsync("/staff/desk", to, [.. fields, ("advice", "在家休息，早晚量体温")]);
        Assert.Equal(HttpStatusCode.Redirect, put);

        Assert.Equal("served", (await patient.Look()).Bucket);
        using var reader = Operator.Nobody(site);
        reader.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        Assert.Contains("本服务为健康咨询，不是诊断，不能替代面诊", await reader.ReadAsync($"/q/{patient.Id}/advice"), StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Problem)> Problem(Caller who, HttpMethod method, string path, object body)
    {
        using var content = JsonContent.Create(body, options: Faces.Json);
        using var answer = await who.Send(method, path, content);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}

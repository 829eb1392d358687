using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Triage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A campaign from nothing to open, paused, closed and copied: what keeps it closed is named, and each change is a dated record.</summary>
public sealed class OpeningTests
{
    public static readonly (string, string)[] Whole =
    [
        ("slug", "fever"), ("name_zh", "发热义诊"), ("name_en", "Fever advice"), ("owner_zh", "卫健委"), ("owner_en", "Health commission"), ("purpose_zh", "发热先问医生"), ("purpose_en", "Fever: ask first"),
        ("covers_zh", "在湖北的人"), ("covers_en", "People in Hubei"), ("regions", "420000"), ("from", "00:00"), ("to", "00:00"), ("hotline", "027-123"), ("numbers", "120"), ("rules_date", ""),
        ("partners_zh", "三家医院"), ("partners_en", "Three hospitals"), ("filing", "卫医发 2001-365"), ("languages", "zh"), ("languages", "en"), ("region_numbers", "420100 027-12345 市长专线"),
    ];

    [Theory, OnBothDatabases]
    public async Task Opening_is_refused_with_the_list_of_what_is_missing_until_it_is_there(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", [.. Whole.Where(f => f.Item1 is not ("hotline" or "closed_en")), ("closed_zh", "谢谢大家")]);

        using var refused = await staff.Browser.PostAsync(new Uri("/api/v1/campaigns/fever/open", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(["closed_text", "hotline", "on_duty"], await MissingAsync(refused));
        Assert.Contains("还差 3 项", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/fever")), StringComparison.Ordinal);

        await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever", Whole);
        var nobody = await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open");
        Assert.Equal(HttpStatusCode.Conflict, nobody.Status);
        Assert.Contains("有人在岗", WebUtility.HtmlDecode(nobody.Page), StringComparison.Ordinal);
        using var doctor = await Caller.DoctorAsync(site);
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open")).Status);

        var page = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/fever"));
        Assert.Contains("RF-ADULT", page, StringComparison.Ordinal);
        var seen = WebUtility.HtmlDecode(await Operator.Nobody(site).ReadAsync("/c/fever"));
        Assert.Contains("三家医院", seen, StringComparison.Ordinal);
        Assert.Contains("湖北省 武汉市 027-12345 市长专线", seen, StringComparison.Ordinal);
        var changes = await staff.Browser.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/campaigns/fever/changes", UriKind.Relative));
        Assert.Contains("under", changes[0].GetProperty("fields").EnumerateArray().Select(f => f.GetString()));
    }

    [Fact]
    public async Task Campaign_stays_closed_while_a_protocol_of_its_day_has_no_signature()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock, builder => builder.Services.AddSingleton(_ => Unsigned()));
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Caller.DoctorAsync(site);
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", Whole);
        using var refused = await staff.Browser.PostAsync(new Uri("/api/v1/campaigns/fever/open", UriKind.Relative), null);
        Assert.Equal(["protocols"], await MissingAsync(refused));
        Assert.Contains("没有签名", WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/fever")), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Pause_takes_nobody_new_promises_a_time_to_whoever_waits_and_the_worklist_keeps_it(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var waits = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        using var phone = new Operator(site.NewPerson());
        phone.Browser.DefaultRequestHeaders.Authorization = new("Bearer", waits.Token);

        var past = await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan/pause", ("answer_by", "2019-01-26T10:00"));
        Assert.Equal(HttpStatusCode.BadRequest, past.Status);
        clock.Advance(TimeSpan.FromMinutes(1));
        var by = TimeZoneInfo.ConvertTime(clock.GetUtcNow().AddHours(2), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var paused = await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan/pause", ("answer_by", by.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.SeeOther, paused.Status);
        Assert.Contains("暂时不收新人", WebUtility.HtmlDecode(await Operator.Nobody(site).ReadAsync("/c/wuhan")), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, "campaign_not_open"), await waits.Refused(HttpMethod.Post, "/api/v1/campaigns/wuhan/start", new { }));
        Assert.Contains($"{by:HH\\:mm} 前您会有答复", WebUtility.HtmlDecode(await phone.ReadAsync($"/q/{waits.Id}/waiting")), StringComparison.Ordinal);

        var overdue = site.Services.GetRequiredService<TellOverdue>();
        await overdue.Tell(null, clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(0, await Entries(site));
        clock.Advance(TimeSpan.FromHours(2));
        await overdue.Tell(null, clock.GetUtcNow(), CancellationToken.None);
        await overdue.Tell(null, clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(1, await Entries(site));
        Assert.True((await site.LedgerAsync()).Holds);

        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(waits.Id);
        using var later = await Operator.SignInAsync(site, clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan/open")).Status);
        using var changes = JsonDocument.Parse(await later.ReadAsync("/api/v1/campaigns/wuhan/changes"));
        Assert.Equal(["opened", "paused", "opened", "created"], changes.RootElement.EnumerateArray().Select(c => c.GetProperty("kind").GetString()));
    }

    [Theory, OnBothDatabases]
    public async Task Copy_takes_the_words_along_as_a_draft(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var copied = await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan/copy", ("copy_to", "wuhan-2"));
        Assert.Equal((HttpStatusCode.SeeOther, "/staff/campaigns/wuhan-2"), (copied.Status, copied.Location));
        Assert.Equal(HttpStatusCode.Conflict, (await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan/copy", ("copy_to", "wuhan-2"))).Status);
        await Operator.Nobody(site).ReadAsync("/c/wuhan-2", HttpStatusCode.NotFound);
        var copy = await site.Services.GetRequiredService<CampaignShelf>().Find("wuhan-2");
        Assert.Equal(("武汉发热义诊", CampaignState.Draft, null), (copy?.Name.Zh, copy?.State, copy?.RulesDate));
        Assert.Equal(1, await site.CountAsync("select count(*) from campaign_change where campaign = 'wuhan-2' and kind = 'copied'"));
    }

    [Theory, OnBothDatabases]
    public async Task Word_of_the_organisation_is_asked_for_and_whoever_is_urgent_needs_none(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var doctor = await Caller.DoctorAsync(site);
        await staff.SendAsync("/staff/campaigns/new", "/staff/campaigns", [.. Whole, ("proof", "Code"), ("code", "Plum-7"), ("basis", "Employer")]);
        await staff.SendAsync("/staff/campaigns/fever", "/staff/campaigns/fever/open");
        using var person = Operator.Nobody(site);
        Assert.Contains("单位给的口令", WebUtility.HtmlDecode(await person.ReadAsync("/c/fever")), StringComparison.Ordinal);
        var wrong = await person.SendAsync("/c/fever", "/c/fever/start", ("code", "peach"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong.Status);
        Assert.Contains("看一下有没有写错", WebUtility.HtmlDecode(wrong.Page), StringComparison.Ordinal);
        Assert.Contains("name=\"code\" maxlength=\"40\" autocomplete=\"off\" value=\"peach\"", wrong.Page, StringComparison.Ordinal);
        Assert.Equal(0, (await site.LedgerAsync()).Arrived);
        Assert.Equal(HttpStatusCode.SeeOther, (await person.SendAsync("/c/fever", "/c/fever/start", ("code", " plum-7 "))).Status);
        using var urgent = Operator.Nobody(site);
        Assert.Equal(HttpStatusCode.SeeOther, (await urgent.SendAsync("/c/fever", "/c/fever/start", ("urgent", "yes"))).Status);
    }

    private static Task<long> Entries(TestSite site) => site.CountAsync("select count(*) from worklist where kind = 'promise_missed'");

    private static async Task<IEnumerable<string?>> MissingAsync(HttpResponseMessage refused) =>
        [.. (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("missing").EnumerateArray().Select(m => m.GetString())];

    /// <summary>The shipped files, one of them with a later signature that nobody gave.</summary>
    private static ProtocolFiles Unsigned()
    {
        var folder = Directory.CreateTempSubdirectory("protocols").FullName;
        foreach (var file in Directory.EnumerateFiles(ProtocolFiles.Shipped))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var signature = Directory.EnumerateFiles(folder, "*.sig").Order(StringComparer.Ordinal).First(f => !f.Contains("RF-", StringComparison.Ordinal) && !f.Contains("lexicon", StringComparison.Ordinal));
        File.Delete(signature);
        return new ProtocolFiles(folder, acceptDemo: true, null);
    }
}

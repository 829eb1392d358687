using System.Net;
using System.Text.Json;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>A campaign for whoever lives somewhere, which goes by where a phone number was sold: it stops nobody urgent, and leaves nobody at a closed door.</summary>
public sealed class PhoneProofTests
{
    private const string Mild = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=37.6;temperature_site=axilla;symptoms=cough;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no";

    // As the table has them: Wuhan, Beijing, and one that nobody sold.
    private const string Wuhan = "13971112222";
    private const string Beijing = "13800001111";
    private const string Unknown = "19999999999";

    [Theory, OnBothDatabases]
    public async Task Number_from_here_and_one_that_nobody_knows_go_on_and_one_from_elsewhere_by_own_word(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await ByPhoneAsync(site, ownWordToo: true);
        using var here = await AskedAsync(site);
        await here.InQueueWithPhoneAsync(Wuhan);
        using var unknown = await AskedAsync(site);
        await unknown.InQueueWithPhoneAsync(Unknown);

        using var elsewhere = await AskedAsync(site);
        await elsewhere.WithPhoneAsync(Beijing);
        Assert.Equal((HttpStatusCode.Conflict, "proof_needed"), await elsewhere.Refused(HttpMethod.Post, $"{elsewhere.Consultation}/queue", new { }));
        using var browser = Browser(site, elsewhere);
        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{elsewhere.Id}/outside"));
        Assert.Contains("最初是在北京市办的", page, StringComparison.Ordinal);
        Assert.Contains("不说明您做错了什么", page, StringComparison.Ordinal);
        Assert.Contains("tel:12320", page, StringComparison.Ordinal);
        Assert.Equal($"/q/{elsewhere.Id}/contact", (await browser.SendAsync($"/q/{elsewhere.Id}/outside", $"/q/{elsewhere.Id}/outside", ("step", "own_word"))).Location);
        await elsewhere.Post<JsonElement>($"{elsewhere.Consultation}/queue", new { });
        Assert.Equal("waiting", (await elsewhere.Look()).Bucket);

        Assert.Equal(["own_word", "phone_region", "phone_unknown"], (await site.TextsAsync("select reason from fact where kind = 'proof_given'")).Order(StringComparer.Ordinal));
        var counted = WebUtility.HtmlDecode(await staff.ReadAsync("/staff/campaigns/wuhan"));
        Assert.Contains("号码是别处的，凭本人说明</dt><dd>1", counted, StringComparison.Ordinal);
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Where_own_word_does_not_count_they_are_told_where_to_go_and_the_urgent_go_on(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await ByPhoneAsync(site, ownWordToo: false);
        using var elsewhere = await AskedAsync(site);
        await elsewhere.WithPhoneAsync(Beijing);
        Assert.Equal("proof_needed", (await elsewhere.Refused(HttpMethod.Post, $"{elsewhere.Consultation}/queue", new { })).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.Refused(HttpMethod.Post, $"{elsewhere.Consultation}/outside", new { own_word = true })).Status);
        using var browser = Browser(site, elsewhere);
        Assert.DoesNotContain("我住在这里", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{elsewhere.Id}/outside")), StringComparison.Ordinal);
        Assert.Equal($"/q/{elsewhere.Id}/outside", (await browser.SendAsync($"/q/{elsewhere.Id}/outside", $"/q/{elsewhere.Id}/outside")).Location);
        Assert.Contains("可以去这些地方问", WebUtility.HtmlDecode(await browser.ReadAsync($"/q/{elsewhere.Id}/outside")), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'turned_away' and reason like 'outside_region:%'"));

        using var none = await AskedAsync(site);
        await none.Post<ConsultationView>($"{none.Consultation}/triage", new { });
        await none.Post<JsonElement>($"{none.Consultation}/contact/recovery", new { });
        Assert.Equal("proof_needed", (await none.Refused(HttpMethod.Post, $"{none.Consultation}/queue", new { })).Code);
        Assert.True((await none.Get<JsonElement>($"{none.Consultation}/outside")).GetProperty("lacks_proof").GetBoolean());

        using var urgent = await Caller.PatientAsync(site, "发烧，走几步就喘", answers: Mild.Replace("breathless=none", "breathless=rest", StringComparison.Ordinal));
        await urgent.InQueueWithPhoneAsync("13800002222");
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'proof_given'"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    private static Task<Caller> AskedAsync(TestSite site) => Caller.PatientAsync(site, "有点咳嗽", answers: Mild);

    private static Operator Browser(TestSite site, Caller patient)
    {
        var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", patient.Token);
        return browser;
    }

    private static async Task<Operator> ByPhoneAsync(TestSite site, bool ownWordToo)
    {
        var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        (string, string)[] typed = [.. OpeningTests.Whole.Where(f => f.Item1 is not ("slug" or "rules_date")), ("rules_date", "2020-01-26"), ("basis", "Residence"), ("proof", "PhoneRegion")];
        var saved = await staff.SendAsync("/staff/campaigns/wuhan", "/staff/campaigns/wuhan", ownWordToo ? [.. typed, ("own_word_too", "yes")] : typed);
        Assert.Equal(HttpStatusCode.SeeOther, saved.Status);
        return staff;
    }
}

using System.Net;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Fuzz;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>L8 at both doors: a number that cannot be is asked for again, nothing of it is stored, and what was typed beside it stays.</summary>
public sealed class PlausibleNumberTests
{
    private const string Breathless = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=not_hot;symptoms=cough;breathless=stairs";

    [Theory, OnBothDatabases]
    public async Task Api_refuses_what_cannot_be_and_stores_nothing(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "爬楼有点喘", answers: Breathless);
        foreach (var (code, number) in new[] { ("respiratory_rate", "3.9"), ("respiratory_rate", "80.1"), ("heart_rate", "19"), ("heart_rate", "251"), ("spo2", "49"), ("spo2", "101"), ("temperature_c", "33.9"), ("temperature_c", "43.1") })
        {
            var answers = new Dictionary<string, string> { [code] = number, ["household_ill"] = "no" };
            Assert.Equal((HttpStatusCode.BadRequest, "answer_implausible"), await patient.Refused(HttpMethod.Put, $"{patient.Consultation}/answers", new { answers }));
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'answered'"));
        await patient.Put<object>($"{patient.Consultation}/answers", new { answers = new Dictionary<string, string> { ["respiratory_rate"] = "4", ["heart_rate"] = "250" } });
        var known = (await patient.Look()).Answers;
        Assert.Equal(("4", "250"), (known["respiratory_rate"], known["heart_rate"]));
    }

    [Theory]
    [InlineData("zh-CN", "填的是 160。这里收 4 到 80 之间的数，请再看一眼。说不清也可以选")]
    [InlineData("en", "You entered 160. A number from 4 to 80 is possible here; please look again.")]
    public async Task Page_asks_again_and_loses_nothing_that_was_typed(string language, string sentence)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await Caller.PatientAsync(site, "爬楼有点喘", answers: Breathless);
        using var browser = site.NewPerson(language);
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        var form = Form.On(await browser.GetStringAsync(new Uri($"/q/{patient.Id}/questions", UriKind.Relative))).First(f => f.Action.EndsWith("/questions", StringComparison.Ordinal));
        Assert.Equal(["heart_rate", "respiratory_rate"], form.Fields.Where(f => f.Name == "asked").Select(f => f.Value).Order());

        async Task<HttpResponseMessage> Typed(string breaths, string beats) => await browser.PostAsync(new Uri(form.Action, UriKind.Relative), new FormUrlEncodedContent(
        [
            .. form.Fields.Where(f => f.Kind is "hidden").Select(f => KeyValuePair.Create(f.Name, f.Value)),
            KeyValuePair.Create("n.respiratory_rate", breaths), KeyValuePair.Create("n.heart_rate", beats),
        ]));
        using var refused = await Typed("160", "88");
        var again = await refused.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(sentence, WebUtility.HtmlDecode(again), StringComparison.Ordinal);
        Assert.Contains("value=\"160\"", again, StringComparison.Ordinal);
        Assert.Contains("value=\"88\"", again, StringComparison.Ordinal);
        Assert.DoesNotContain("heart_rate", (await patient.Look()).Answers.Keys);

        using var taken = await Typed("16", "88");
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        var known = (await patient.Look()).Answers;
        Assert.Equal(("16", "88"), (known["respiratory_rate"], known["heart_rate"]));
    }

    [Fact]
    public async Task Whoever_breathes_freely_is_not_asked_to_count()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await Caller.PatientAsync(site, "咳嗽", answers: Breathless.Replace("stairs", "none", StringComparison.Ordinal));
        using var browser = site.NewPerson("en");
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");

        Assert.DoesNotContain("respiratory_rate", await browser.GetStringAsync(new Uri($"/q/{patient.Id}/questions", UriKind.Relative)), StringComparison.Ordinal);
    }
}

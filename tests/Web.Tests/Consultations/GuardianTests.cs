using System.Text.Json;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Fuzz;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>A child by the age that is answered, whoever it is said to be: no answer is stored before a guardian has agreed.</summary>
public sealed class GuardianTests
{
    [Theory, OnBothDatabases]
    public async Task Answers_about_a_child_are_stored_only_once_a_guardian_agrees(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "发烧一天");
        var answers = new Dictionary<string, string> { ["age"] = "13.9", ["sex"] = "male" };
        Assert.Equal("guardian_consent_missing", (await patient.Refused(HttpMethod.Put, $"{patient.Consultation}/answers", new { answers })).Code);
        Assert.Equal("guardian_consent_missing", (await patient.Refused(HttpMethod.Put, $"{patient.Consultation}/answers", new { answers, guardian = "another@0" })).Code);
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where kind = 'answered'"));

        var version = (await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { })).GetProperty("consent_version").GetString();
        await patient.Put<JsonElement>($"{patient.Consultation}/answers", new { answers, guardian = version });
        Assert.Equal("13.9", (await patient.Look()).Answers["age"]);
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'guardian_consented'"));
        await patient.Put<JsonElement>($"{patient.Consultation}/answers", new { answers = new Dictionary<string, string> { ["age"] = "12" } });
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Fourteen_is_old_enough(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "发烧一天", answers: "age=14");
        Assert.Equal("14", (await patient.Look()).Answers["age"]);
    }

    [Theory]
    [InlineData("zh-CN", "我是这个孩子的父母或监护人")]
    [InlineData("en", "parent or guardian and agree for the child")]
    public async Task Page_asks_the_guardian_and_keeps_what_was_answered(string language, string tick)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await Caller.PatientAsync(site, "发烧一天", answers: "red_flags=none;complaint=fever_or_breathing");
        using var browser = site.NewPerson(language);
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        for (var page = 0; page < 20 && !(await patient.Look()).Answers.ContainsKey("age"); page++)
        {
            var html = await browser.GetStringAsync(new Uri($"/q/{patient.Id}/questions", UriKind.Relative));
            var form = Form.On(html).First(f => f.Action.EndsWith("/questions", StringComparison.Ordinal));
            var age = form.Fields.Any(f => f.Name == "n.age");
            Assert.True(age, "The age stands on the first page after the red flags.");
            var typed = form.Fields.Where(f => f.Kind is "hidden").Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("n.age", "6")).ToList();
            typed.AddRange(form.Fields.Where(f => f.Kind == "radio" && f.Name != "a.age").GroupBy(f => f.Name).Select(g => KeyValuePair.Create(g.Key, g.First().Value)));
            using var first = await browser.PostAsync(new Uri(form.Action, UriKind.Relative), new FormUrlEncodedContent(typed));
            var again = await first.Content.ReadAsStringAsync();
            Assert.Contains(tick, again, StringComparison.Ordinal);
            Assert.Contains("value=\"6\"", again, StringComparison.Ordinal);
            var version = Form.On(again).SelectMany(f => f.Fields).First(f => f.Name == "guardian").Value;
            using var second = await browser.PostAsync(new Uri(form.Action, UriKind.Relative), new FormUrlEncodedContent(typed.Append(KeyValuePair.Create("guardian", version))));
            Assert.Equal($"/q/{patient.Id}/questions", second.Headers.Location?.OriginalString);
        }

        Assert.Equal("6", (await patient.Look()).Answers["age"]);
    }
}

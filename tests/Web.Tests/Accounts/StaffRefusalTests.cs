using System.Net;
using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Accounts;

/// <summary>Those who work read words for those who work: they have no place to keep, and no recovery code.</summary>
public sealed partial class StaffRefusalTests
{
    [Theory, OnBothDatabases]
    public async Task Staff_who_are_refused_read_nothing_of_a_patients_place(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var missing = await staff.ReadAsync("/staff/worklist/nothing", HttpStatusCode.NotFound);
        OnlyForStaff(missing);
        Assert.Contains("没有找到，或不归您管。回到工作页，从那里打开", missing, StringComparison.Ordinal);
        Assert.Contains("href=\"/staff\"", missing, StringComparison.Ordinal);

        // The code tried wrongly until no more is taken.
        using var doctor = Operator.Nobody(site);
        var (_, _, page) = await doctor.SendAsync("/staff/sign-in", "/staff/sign-in", ("login", "doctor3"), ("password", "yizhen-demo"));
        var status = HttpStatusCode.OK;
        for (var tries = 0; tries < 12 && status != HttpStatusCode.TooManyRequests; tries++)
        {
            using var body = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["pending"] = WebUtility.HtmlDecode(Pending().Match(page).Groups[1].Value), ["code"] = "000000", ["__RequestVerificationToken"] = WebUtility.HtmlDecode(Token().Match(page).Groups[1].Value),
            });
            using var answer = await doctor.Browser.PostAsync(new Uri("/staff/second-factor", UriKind.Relative), body);
            (status, page) = (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        OnlyForStaff(page);
        Assert.Contains("过几分钟，从头登录", page, StringComparison.Ordinal);
    }

    private static void OnlyForStaff(string page)
    {
        foreach (var word in new[] { "恢复码", "位置", "我的问诊" })
        {
            Assert.DoesNotContain(word, page, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("name=\"pending\" value=\"([^\"]+)\"")]
    private static partial Regex Pending();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

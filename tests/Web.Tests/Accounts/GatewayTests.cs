using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Accounts;

/// <summary>The gateway for short messages fails: it is noticed, said plainly, and nobody loses a place over it.</summary>
public sealed class GatewayTests
{
    private const string Known = "13900007777";
    private const string Story = "药吃完了，想问怎么办";

    /// <summary>Longer than the gateway is left alone, shorter than a code lives.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(90);

    [Theory, OnBothDatabases]
    public async Task Gateway_that_fails_is_noticed_nobody_loses_a_place_and_codes_go_out_again_once_it_works(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var gateway = await Gateway.StartAsync();
        await using var site = await TestSite.StartAsync(kind, clock, gateway.AddTo);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var verified = await (await PersonAsync(site)).InQueueAsync();
        await verified.Post<JsonElement>($"{verified.Consultation}/contact/phone", new { phone = Known });
        await verified.Post<JsonElement>($"{verified.Consultation}/contact/code", new { code = await gateway.CodeAsync($"+86{Known}") });

        gateway.Answer = 503;
        using var first = await PersonAsync(site);
        await first.Post<JsonElement>($"{first.Consultation}/contact/phone", new { phone = "13900008888" });
        await NoticedAsync(site);

        // Straight to the recovery code, in plain words, and the place is the same.
        using var person = await PersonAsync(site);
        using var browser = Browser(site, person);
        var page = await browser.ReadAsync($"/q/{person.Id}/contact");
        Assert.Contains("现在发不出短信", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"phone\"", page, StringComparison.Ordinal);
        var (status, _, recovery) = await browser.SendAsync($"/q/{person.Id}/contact", $"/q/{person.Id}/contact", ("recovery", "yes"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("class=\"recovery\"", recovery, StringComparison.Ordinal);
        Assert.Equal("waiting", (await person.Look()).Bucket);

        // Known or unknown, the answer is one.
        using var known = new Caller(site);
        using var unknown = new Caller(site);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "codes_not_sent"), await known.Refused(HttpMethod.Post, "/api/v1/return/phone", new { phone = Known }));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "codes_not_sent"), await unknown.Refused(HttpMethod.Post, "/api/v1/return/phone", new { phone = "13900006666" }));

        // The operator sees it; the node stays in service.
        Assert.True((await known.Get<JsonElement>("/health/ready")).GetProperty("ready").GetBoolean());
        Assert.Contains("短信发不出去", await staff.ReadAsync("/staff/board"), StringComparison.Ordinal);

        // After the rest one message is tried; it fails, and nothing is promised to anybody again.
        var asked = gateway.Asked;
        clock.Advance(Rest);
        await gateway.AskedAsync(asked + 1);
        await NoticedAsync(site);

        gateway.Answer = 200;
        clock.Advance(Rest);
        await first.Post<JsonElement>($"{first.Consultation}/contact/code", new { code = await gateway.CodeAsync("+8613900008888") });
        Assert.Equal("sent", await MessagesAsync(site));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain("短信发不出去", await staff.ReadAsync("/staff/board"), StringComparison.Ordinal);
        Assert.Contains("name=\"phone\"", await browser.ReadAsync($"/q/{person.Id}/contact"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SendAsync($"/q/{person.Id}/contact", $"/q/{person.Id}/contact", ("phone", "13900009999"))).Status);
        await person.Post<JsonElement>($"{person.Consultation}/contact/code", new { code = await gateway.CodeAsync("+8613900009999") });
        Assert.Equal("waiting", (await person.Look()).Bucket);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Fact]
    public async Task Gateway_that_is_gone_is_noticed()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, TestClock.InJanuary2020(), gateway.AddTo);
        await gateway.GoneAsync();
        await NoticedAsync(site);
    }

    [Fact]
    public async Task Gateway_that_never_answers_is_noticed()
    {
        await using var gateway = await Gateway.StartAsync(TimeSpan.FromMilliseconds(200));
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, TestClock.InJanuary2020(), gateway.AddTo);
        gateway.Answer = 0;
        await NoticedAsync(site);
    }

    [Fact]
    public async Task One_person_asks_while_it_rests_no_longer_and_that_code_decides()
    {
        var clock = TestClock.InJanuary2020();
        await using var gateway = await Gateway.StartAsync();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock, gateway.AddTo);
        gateway.Answer = 500;
        await NoticedAsync(site);

        // What failed is too old by now to help anybody: the next who asks is the trial.
        clock.Advance(TimeSpan.FromHours(1));
        gateway.Answer = 200;
        using var person = await PersonAsync(site);
        await person.Post<JsonElement>($"{person.Consultation}/contact/phone", new { phone = "13900005555" });
        await gateway.CodeAsync("+8613900005555");
        Assert.Equal("sent", await MessagesAsync(site));
        Assert.False(gateway.HasReached(Number(0)), "A code that has expired is not sent any more.");
    }

    [Theory, OnBothDatabases]
    public async Task Number_that_a_gateway_refuses_or_a_person_who_comes_back_does_not_stop_the_codes_of_others(DatabaseKind kind)
    {
        await using var gateway = await Gateway.StartAsync();
        await using var site = await TestSite.StartAsync(kind, TestClock.InJanuary2020(), gateway.AddTo);
        using var verified = await (await PersonAsync(site)).InQueueAsync();
        await verified.Post<JsonElement>($"{verified.Consultation}/contact/phone", new { phone = Known });
        await verified.Post<JsonElement>($"{verified.Consultation}/contact/code", new { code = await gateway.CodeAsync($"+86{Known}") });

        gateway.Answer = 400;
        for (var n = 0; n < 6; n++)
        {
            using var person = await PersonAsync(site);
            await person.Post<JsonElement>($"{person.Consultation}/contact/phone", new { phone = $"1390000{n:0000}" });
        }

        await gateway.AskedAsync(7);

        // Else the state of the gateway would tell which numbers are known here: an unknown one sends nothing.
        gateway.Answer = 503;
        for (var n = 0; n < 4; n++)
        {
            using var back = new Caller(site);
            await back.Post<JsonElement>("/api/v1/return/phone", new { phone = Known });
        }

        await gateway.AskedAsync(11);
        Assert.Equal("sent", await MessagesAsync(site));
        using var other = await PersonAsync(site);
        await other.Post<JsonElement>($"{other.Consultation}/contact/phone", new { phone = "13900004444" });
    }

    /// <summary>Some people ask, and the codes of a few are lost; then nobody is sent to wait for one. Each keeps the place.</summary>
    private static async Task NoticedAsync(TestSite site)
    {
        const int Most = 20;
        for (var n = 0; n < Most; n++)
        {
            using var person = await PersonAsync(site);
            using var answer = await person.Send(HttpMethod.Post, $"{person.Consultation}/contact/phone", JsonContent.Create(new { phone = Number(n)[3..] }));
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Equal("waiting", (await (await person.InQueueAsync()).Look()).Bucket);
                Assert.Equal("failing", await MessagesAsync(site));
                return;
            }

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await Task.Delay(50);
        }

        Assert.Fail($"{Most} people were sent to wait for a code that cannot come.");
    }

    private static string Number(int n) => $"+861380000{n:0000}";

    private static async Task<Caller> PersonAsync(TestSite site)
    {
        var person = await Caller.PatientAsync(site, Story);
        await person.Post<JsonElement>($"{person.Consultation}/triage", new { });
        return person;
    }

    private static Operator Browser(TestSite site, Caller person)
    {
        var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={person.Token}");
        return new Operator(browser);
    }

    private static async Task<string> MessagesAsync(TestSite site)
    {
        // A clock that was moved on makes every loop look as if it stood still: what is asked here is the messages alone.
        using var looker = new Caller(site);
        using var answer = await looker.Send(HttpMethod.Get, "/health/ready");
        var ready = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ready.TryGetProperty("messages", out var state) ? state.GetString() ?? "" : "not said";
    }
}

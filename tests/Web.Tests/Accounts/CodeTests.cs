using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Accounts;

/// <summary>Codes by message: limits that hold under a rush, the same reply for everybody, and a place that no limit takes away.</summary>
public sealed class CodeTests
{
    [Theory, OnBothDatabases]
    public async Task Many_at_once_get_no_more_codes_than_the_limit_of_their_number(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var limits = site.Services.GetRequiredService<CodeLimits>();
        var people = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Caller.PatientAsync(site, "发烧")));
        var answers = await Task.WhenAll(people.Select(p => p.Send(HttpMethod.Post, $"{p.Consultation}/contact/phone", JsonBody("""{"phone":"13900001111"}"""))));
        Assert.InRange(answers.Count(a => a.IsSuccessStatusCode), 1, limits.PerNumber);
        Assert.All(answers.Where(a => !a.IsSuccessStatusCode), a => Assert.Equal(HttpStatusCode.TooManyRequests, a.StatusCode));
        Assert.InRange((await Outbox(site)).Count(m => m.Number == "+8613900001111"), 1, limits.PerNumber);

        // Whoever got none keeps the place by a recovery code.
        var refused = people[Array.FindIndex(answers, a => !a.IsSuccessStatusCode)];
        Assert.Equal("waiting", (await (await refused.InQueueAsync()).Look()).Bucket);
        foreach (var person in people)
        {
            person.Dispose();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Device_that_asks_for_many_numbers_is_stopped(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var limits = site.Services.GetRequiredService<CodeLimits>();
        using var person = await Caller.PatientAsync(site, "发烧");
        for (var n = 0; n < limits.PerDevice; n++)
        {
            await person.Post<JsonElement>($"{person.Consultation}/contact/phone", new { phone = $"139000022{n:00}" });
        }

        Assert.Equal((HttpStatusCode.TooManyRequests, "codes_used_up"), await person.Refused(HttpMethod.Post, $"{person.Consultation}/contact/phone", new { phone = "13900002299" }));
    }

    [Theory, OnBothDatabases]
    public async Task Code_works_once_expires_and_survives_only_a_few_wrong_tries(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var limits = site.Services.GetRequiredService<CodeLimits>();
        using var person = await Caller.PatientAsync(site, "发烧");
        await Ask(person);
        Assert.Equal("code_wrong", (await Tried(person, "000000")).Code);
        var code = await NewestCode(site);
        await person.Post<JsonElement>($"{person.Consultation}/contact/code", new { code = $" {code} " });
        Assert.Equal("code_expired", (await Tried(person, code)).Code);

        clock.Advance(TimeSpan.FromSeconds(1));
        await Ask(person);
        clock.Advance(limits.ValidFor);
        Assert.Equal("code_expired", (await Tried(person, await NewestCode(site))).Code);

        clock.Advance(TimeSpan.FromSeconds(1));
        await Ask(person);
        code = await NewestCode(site);
        var wrong = await Task.WhenAll(Enumerable.Range(0, limits.Tries * 3).Select(n => Tried(person, $"{n:000000}")));
        Assert.Equal(limits.Tries, wrong.Count(w => w.Code == "code_wrong"));
        Assert.Equal("codes_used_up", (await Tried(person, code)).Code);
    }

    [Theory, OnBothDatabases]
    public async Task Verified_number_brings_the_place_to_another_device_and_an_unknown_one_gets_the_same_reply(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var person = await (await Caller.PatientAsync(site, "前天开始发烧")).InQueueAsync();
        await Ask(person);
        await person.Post<JsonElement>($"{person.Consultation}/contact/code", new { code = await NewestCode(site) });

        using var other = new Caller(site);
        var known = await other.Post<JsonElement>("/api/v1/return/phone", new { phone = "139 0000 1111" });
        using var stranger = new Caller(site);
        var unknown = await stranger.Post<JsonElement>("/api/v1/return/phone", new { phone = "13900009999" });
        Assert.Equal(known.EnumerateObject().Select(p => p.Name), unknown.EnumerateObject().Select(p => p.Name));
        Assert.DoesNotContain(await Outbox(site), m => m.Number == "+8613900009999");

        stranger.Holds(unknown.GetProperty("token").GetString() ?? "");
        Assert.Equal("code_wrong", (await stranger.Refused(HttpMethod.Post, "/api/v1/return/code", new { code = await NewestCode(site) })).Code);
        Assert.Empty(await stranger.Get<JsonElement[]>("/api/v1/consultations"));

        other.Holds(known.GetProperty("token").GetString() ?? "");
        Assert.Empty(await other.Get<JsonElement[]>("/api/v1/consultations"));
        await other.Post<JsonElement>("/api/v1/return/code", new { code = await NewestCode(site) });
        Assert.Equal(person.Id, Assert.Single(await other.Get<JsonElement[]>("/api/v1/consultations")).GetProperty("id").GetString());
        Assert.Equal("waiting", (await person.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Devices_of_one_number_share_one_account_and_an_erasure_finds_all_of_it(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var first = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, "咳嗽")).InQueueAsync();
        foreach (var person in new[] { first, second })
        {
            await Ask(person);
            await person.Post<JsonElement>($"{person.Consultation}/contact/code", new { code = await NewestCode(site) });
        }

        Assert.Equal(2, (await first.Get<JsonElement[]>("/api/v1/consultations")).Length);
        Assert.Equal("咳嗽", (await first.Get<Web.Consultations.ConsultationView>(second.Consultation)).Story);
        var erased = await second.Delete<JsonElement>("/api/v1/me");
        Assert.Equal(2, erased.GetProperty("consultations").GetInt32());
        Assert.DoesNotContain(await Outbox(site), m => m.Number == "+8613900001111");
        Assert.Equal(0, await site.CountAsync("select count(*) from account"));
        Assert.Equal(0, await site.CountAsync("select count(*) from code"));
    }

    [Theory, OnBothDatabases]
    public async Task Code_is_asked_before_the_first_line_to_a_doctor_but_shuts_nobody_out(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var person = await Caller.PatientAsync(site, "药吃完了，想问怎么办");
        await person.Post<ConsultationView>($"{person.Consultation}/triage", new { });
        await Ask(person);
        await person.Post<JsonElement>($"{person.Consultation}/queue", new { });
        var early = await Say(person, "在家等着");
        using var doctor = await Caller.DoctorAsync(site);
        await person.Until(c => c.Bucket == "in_consultation");

        Assert.Equal((HttpStatusCode.Forbidden, "code_needed_first"), await Refused(person, "医生好"));
        await Say(person, "在家等着", early);
        await Say(person, "我现在喘不上气");
        Assert.Equal(1, (await person.Look()).Urgency);
        await Say(person, "危急的人不再要验证码");

        using var other = await Caller.PatientAsync(site, "药吃完了，想问怎么办");
        await other.Post<ConsultationView>($"{other.Consultation}/triage", new { });
        await other.Post<JsonElement>($"{other.Consultation}/contact/phone", new { phone = "13900003333" });
        await other.Post<JsonElement>($"{other.Consultation}/queue", new { });
        await other.Until(c => c.Bucket == "in_consultation");
        Assert.Equal("code_needed_first", (await Refused(other, "验证码没来")).Code);
        await other.Post<JsonElement>($"{other.Consultation}/contact/recovery", new { });
        await Say(other, "验证码没来");
        Assert.Contains((await other.Look()).Lines, line => line.Text == "验证码没来");
    }

    private static async Task<Guid> Say(Caller person, string text, Guid? again = null)
    {
        var message = again ?? Guid.CreateVersion7();
        await person.Put<JsonElement>($"{person.Consultation}/messages/{message}", new { text });
        return message;
    }

    private static Task<(HttpStatusCode Status, string Code)> Refused(Caller person, string text) => person.Refused(HttpMethod.Put, $"{person.Consultation}/messages/{Guid.CreateVersion7()}", new { text });

    private static Task<JsonElement> Ask(Caller person) => person.Post<JsonElement>($"{person.Consultation}/contact/phone", new { phone = "13900001111" });

    private static Task<(HttpStatusCode Status, string Code)> Tried(Caller person, string code) => person.Refused(HttpMethod.Post, $"{person.Consultation}/contact/code", new { code });

    private static StringContent JsonBody(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task<IReadOnlyList<OutboxView>> Outbox(TestSite site)
    {
        using var looker = new Caller(site);
        return await looker.Get<OutboxView[]>("/demo/outbox.json");
    }

    private static async Task<string> NewestCode(TestSite site) =>
        string.Concat((await Outbox(site))[0].Text.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit));
}

using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>What was good once: used and expired codes, ids that belong elsewhere, the same step again.</summary>
public sealed partial class UsedTests
{
    [Theory, OnBothDatabases]
    public async Task Code_is_good_once_and_for_a_while(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await Caller.PatientAsync(site, "咳嗽");
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        using var other = await Caller.PatientAsync(site, "别人");

        await patient.Post<JsonElement>($"{patient.Consultation}/contact/phone", new { phone = "13800001111" });
        var late = await CodeAsync(site);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((HttpStatusCode.Gone, "code_expired"), await TypeAsync(patient, late));

        await patient.Post<JsonElement>($"{patient.Consultation}/contact/phone", new { phone = "13800001111" });
        var code = await CodeAsync(site);
        Assert.Equal((HttpStatusCode.Gone, "code_expired"), await TypeAsync(other, code));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "code_wrong"), await TypeAsync(patient, "0"));
        await patient.Post<Stored>($"{patient.Consultation}/contact/code", new { code });
        Assert.Equal((HttpStatusCode.Gone, "code_expired"), await TypeAsync(patient, code));
        Assert.True((await patient.Look()).PhoneVerified);
        Assert.False((await other.Look()).PhoneVerified);
    }

    [Theory, OnBothDatabases]
    public async Task Ids_of_another_lead_nowhere_and_the_same_step_again_changes_nothing(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "先来")).InQueueAsync();
        using var other = await (await Caller.PatientAsync(site, "别人")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var (mine, theirs) = (await doctor.Given(patient.Id), await doctor.Given(other.Id));
        var message = Guid.NewGuid();
        await patient.Put<Stored>($"{patient.Consultation}/messages/{message}", new MessageBody("同一个号"));

        // The same id in two consultations is two messages; each stays where it was said.
        await other.Put<Stored>($"{other.Consultation}/messages/{message}", new MessageBody("另一句"));
        Assert.DoesNotContain((await patient.Look()).Lines, l => l.Text == "另一句");
        Assert.DoesNotContain((await other.Look()).Lines, l => l.Text == "同一个号");

        // A line of the patient's cannot be taken over by a reply with its id, nor a reply by a message.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await doctor.Refused(HttpMethod.Put, $"/api/v1/consultations/{patient.Id}/replies/{message}", new ReplyBody("改了", mine.Epoch))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await patient.Refused(HttpMethod.Put, $"{other.Consultation}/messages/{Guid.NewGuid()}", new MessageBody("x"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await patient.Refused(HttpMethod.Get, $"{other.Consultation}/photos/{theirs.Version}")).Status);

        var before = await patient.Look();
        for (var again = 0; again < 3; again++)
        {
            await patient.Put<Stored>($"{patient.Consultation}/messages/{message}", new MessageBody("同一个号"));
            await patient.Refused(HttpMethod.Post, $"{patient.Consultation}/queue", new { });
            await patient.Refused(HttpMethod.Post, $"{patient.Consultation}/opening", new { relation = "self" });
        }

        Assert.Equal(before.Version, (await patient.Look()).Version);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    private static Task<(HttpStatusCode Status, string Code)> TypeAsync(Caller who, string code) =>
        who.Refused(HttpMethod.Post, $"{who.Consultation}/contact/code", new { code });

    private static async Task<string> CodeAsync(TestSite site)
    {
        using var anybody = new Caller(site);
        var newest = (await anybody.Get<JsonElement>("/demo/outbox.json")).EnumerateArray().First(m => m.GetProperty("kind").GetString() == "code");
        return Digits().Match(newest.GetProperty("text").GetString() ?? "").Value;
    }

    [GeneratedRegex(@"\d{6,8}")]
    private static partial Regex Digits();
}

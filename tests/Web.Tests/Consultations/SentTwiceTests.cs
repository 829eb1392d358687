using System.Net;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>On a bad network the answer is lost, not the request: each step that is sent again is the same step, and no fact is written twice.</summary>
public sealed class SentTwiceTests
{
    [Theory, OnBothDatabases]
    public async Task Each_step_of_a_patient_and_of_a_clinician_sent_again_changes_nothing(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var doctor = await Caller.DoctorAsync(site);
        using var patient = new Caller(site);
        var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        patient.Holds(started.GetProperty("token").GetString()!);
        var it = $"/api/v1/consultations/{started.GetProperty("consultation").GetString()}";
        var consent = new Consent(started.GetProperty("consent_version").GetString()!, true, true, true, false, false, false);

        await Twice(() => patient.Post<JsonElement>($"{it}/opening", new OpeningBody(Relation.Self, consent, "zh", "陈女士")));
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await patient.Refused(HttpMethod.Post, $"{it}/opening", new OpeningBody(Relation.Parent, consent, "zh", "别人")));
        Assert.Equal(1, await site.CountAsync("select count(*) from patient"));
        await Twice(() => patient.Put<JsonElement>($"{it}/place", new PlaceBody("420102", null)));
        await Twice(() => patient.Put<JsonElement>($"{it}/story", new StoryBody("药吃完了，想问怎么办", 4)));
        await Twice(() => patient.Post<JsonElement>($"{it}/triage", new { }));
        await patient.Put<JsonElement>($"{it}/story", new StoryBody("药吃完了，想问怎么办", 4));
        await patient.Post<JsonElement>($"{it}/contact/recovery", new { });
        await patient.Post<JsonElement>($"{it}/queue", new { });
        var given = await doctor.Given(started.GetProperty("consultation").GetString()!);
        await patient.Post<JsonElement>($"{it}/queue", new { });

        var said = Guid.CreateVersion7();
        await Twice(() => patient.Put<JsonElement>($"{it}/messages/{said}", new { text = "还在吗" }));
        var reply = Guid.CreateVersion7();
        await Twice(() => doctor.Put<JsonElement>($"{it}/replies/{reply}", new ReplyBody("在的", given.Epoch)));
        var advice = new AdviceBody(given.Epoch, Disposition.D3, "药吃完了", "明天去开药", Close: true);
        await Twice(() => doctor.Post<JsonElement>($"{it}/advice", advice));
        await doctor.Put<JsonElement>($"{it}/replies/{reply}", new ReplyBody("在的", given.Epoch));
        Assert.Equal(HttpStatusCode.NotFound, (await doctor.Refused(HttpMethod.Post, $"{it}/advice", advice with { Advice = "别的话" })).Status);

        var end = await patient.Get<ConsultationView>(it);
        Assert.Equal("served", end.Bucket);
        Assert.Equal(["还在吗", "在的"], end.Lines.Where(l => l.MessageId is not null).Select(l => l.Text));
        Assert.True((await site.LedgerAsync()).Holds);

        async Task Twice(Func<Task<JsonElement>> step)
        {
            await step();
            var facts = await site.CountAsync("select count(*) from fact");
            await step();
            Assert.Equal(facts, await site.CountAsync("select count(*) from fact"));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Patient_who_closes_twice_has_closed_once(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "药吃完了，想问怎么办")).InQueueAsync();
        var first = await patient.Post<Stored>($"{patient.Consultation}/close", new { });
        Assert.Equal(first, await patient.Post<Stored>($"{patient.Consultation}/close", new { }));
        Assert.Equal("left", first.Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Reply_that_was_stored_and_then_handed_over_leaves_no_draft_of_itself(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var first = await Caller.DoctorAsync(site);
        using var patient = await (await Caller.PatientAsync(site, "药吃完了，想问怎么办")).InQueueAsync();
        var given = await first.Given(patient.Id);
        var reply = Guid.CreateVersion7();
        await first.Put<JsonElement>($"{patient.Consultation}/replies/{reply}", new ReplyBody("我先看一下", given.Epoch));
        await first.Post<JsonElement>("/api/v1/duty", new { state = "paused", seats = 1 });
        using var second = await Caller.DoctorAsync(site, number: 2);
        await first.Post<JsonElement>($"{patient.Consultation}/hand-over", new { note = "交给下一班" });
        await second.Given(patient.Id);
        await first.Put<JsonElement>($"{patient.Consultation}/replies/{reply}", new ReplyBody("我先看一下", given.Epoch));
        Assert.Equal("no_longer_yours", (await first.Refused(HttpMethod.Put, $"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("再补一句", given.Epoch))).Code);
        var drafts = (await second.Given(patient.Id)).DraftsLeft;
        Assert.Equal("再补一句", Assert.Single(drafts));
    }
}

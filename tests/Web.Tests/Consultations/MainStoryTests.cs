using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>The main job at the JSON door, on both databases: heard, triaged, queued, answered, advised, and nobody lost.</summary>
public sealed class MainStoryTests
{
    private const string Mild = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=37.6;temperature_site=axilla;symptoms=cough;breathless=none;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    [Theory, OnBothDatabases]
    public async Task A_frightened_person_is_heard_from_start_to_advice(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "前天开始发烧，有点干咳，很害怕", answers: Mild);
        var judged = await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        Assert.Equal(Disposition.D4, judged.Outcome!.Disposition);
        Assert.Equal("self_care", judged.Bucket);
        Assert.Equal("R5", judged.Outcome.Row);
        await patient.InQueueAsync();

        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(patient.Id);
        Assert.Equal("前天开始发烧，有点干咳，很害怕", given.Story);
        await doctor.Put<Stored>($"/api/v1/consultations/{patient.Id}/replies/{Guid.NewGuid()}", new ReplyBody("坐着喘不喘？", given.Epoch));
        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.NewGuid()}", new MessageBody("坐着不喘"));
        await doctor.Post<Stored>($"/api/v1/consultations/{patient.Id}/seen", new SeenBody(99));
        await doctor.Post<Stored>($"/api/v1/consultations/{patient.Id}/advice", new AdviceBody(given.Epoch, Disposition.D4, "发烧两天", "在家隔离，早晚量体温", Close: true));
        await patient.Put<Stored>($"{patient.Consultation}/worry", new WorryBody(3));

        var end = await patient.Look();
        Assert.Equal("served", end.Bucket);
        Assert.Equal("在家隔离，早晚量体温", end.Advice!.Advice);
        Assert.NotEmpty(end.Advice.CallNow);
        Assert.Equal(3, end.WorryAfter);
        Assert.Equal(["前天开始发烧，有点干咳，很害怕", "坐着喘不喘？", "坐着不喘"], end.Lines.Where(l => l.By != "system").Select(l => l.Text));
        Assert.True(end.SeenByClinician > 0);

        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 1), (ledger.Served, ledger.Opened));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_goes_before_a_doctor_has_said_a_word_was_not_served(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        await patient.Post<Stored>($"{patient.Consultation}/close", new { });
        Assert.Equal("left", (await patient.Look()).Bucket);
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((0, 1), (ledger.Served, ledger.Left));
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Ticks_under_another_version_of_the_text_are_no_consent(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = new Caller(site);
        var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        patient.Holds(started.GetProperty("token").GetString()!);
        var opening = $"/api/v1/consultations/{started.GetProperty("consultation").GetString()}/opening";
        var older = new OpeningBody(Relation.Self, new Consent("light@0", true, true, true, false, false, false), "zh", null);
        Assert.Equal("consent_text_unknown", (await patient.Refused(HttpMethod.Post, opening, older)).Code);
        Assert.Equal(0, (await site.LedgerAsync()).Opened);
    }

    [Theory, OnBothDatabases]
    public async Task The_same_message_twice_is_one_message_and_another_body_is_refused(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "咳嗽");
        var path = $"{patient.Consultation}/messages/{Guid.NewGuid()}";
        var first = await patient.Put<Stored>(path, new MessageBody("在吗"));
        var again = await patient.Put<Stored>(path, new MessageBody("在吗"));
        Assert.Equal(first.Version, again.Version);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "message_id_reused"), await patient.Refused(HttpMethod.Put, path, new MessageBody("别的话")));
        Assert.Single((await patient.Look()).Lines, l => l.Text == "在吗");
    }

    [Theory, OnBothDatabases]
    public async Task Words_of_danger_raise_at_once_and_the_person_is_taken_first(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var calm = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        using var grave = await (await Caller.PatientAsync(site, "我不想活了")).InQueueAsync();
        Assert.Equal(1, (await grave.Look()).Urgency);
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Given(grave.Id);
        Assert.Equal("waiting", (await calm.Look()).Bucket);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_reads_or_writes_what_is_not_theirs(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "只有我能看")).InQueueAsync();
        using var other = await Caller.PatientAsync(site, "别人");
        using var nobody = new Caller(site);
        using var idle = await Caller.DoctorAsync(site, number: 2, seats: 1);
        using var doctor = await Caller.DoctorAsync(site, number: 1);
        var path = patient.Consultation;
        Assert.Equal(HttpStatusCode.NotFound, (await other.Refused(HttpMethod.Get, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Refused(HttpMethod.Put, $"{path}/messages/{Guid.NewGuid()}", new MessageBody("x"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.Refused(HttpMethod.Get, path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await patient.Refused(HttpMethod.Get, "/api/v1/desk")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Refused(HttpMethod.Get, "/api/v1/consultations/00000000000000000000000000")).Status);
        var mine = await Task.WhenAny(doctor.Given(patient.Id), idle.Given(patient.Id));
        var holder = (await mine).Clinician;
        var without = holder!.EndsWith('1') ? idle : doctor;
        Assert.Equal(HttpStatusCode.NotFound, (await without.Refused(HttpMethod.Get, path)).Status);
    }

    [Theory, OnBothDatabases]
    public async Task A_reply_after_a_hand_over_is_fenced_off_and_kept_as_a_draft(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, number: 1, seats: 1);
        var given = await first.Given(patient.Id);
        await first.Post<JsonElement>("/api/v1/duty", new { state = "pausing", seats = 1 });
        await first.Post<Stored>($"/api/v1/consultations/{patient.Id}/hand-over", new HandOverBody("请接着看"));
        using var second = await Caller.DoctorAsync(site, number: 2, seats: 1);
        var taken = await second.Given(patient.Id);
        Assert.Equal(given.Epoch + 1, taken.Epoch);
        Assert.Equal("请接着看", taken.HandoverNote);
        Assert.Equal(given.ArrivedAt, taken.ArrivedAt);
        var late = await first.Refused(HttpMethod.Put, $"/api/v1/consultations/{patient.Id}/replies/{Guid.NewGuid()}", new ReplyBody("迟到的回复", given.Epoch));
        Assert.Equal("no_longer_yours", late.Code);
        Assert.Equal(["迟到的回复"], (await second.Given(patient.Id)).DraftsLeft);
        using var stranger = await Caller.DoctorAsync(site, number: 3);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Refused(HttpMethod.Put, $"/api/v1/consultations/{patient.Id}/replies/{Guid.NewGuid()}", new ReplyBody("别人", 1))).Status);
        Assert.DoesNotContain((await patient.Look()).Lines, l => l.Text == "迟到的回复");
    }

    [Theory, OnBothDatabases]
    public async Task A_restart_in_the_middle_changes_nothing(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        string id;
        await using (var site = await TestSite.StartAsync(database))
        {
            using var patient = await (await Caller.PatientAsync(site, "先说一句")).InQueueAsync();
            id = patient.Id;
        }

        await using var again = await TestSite.StartAsync(database);
        var state = await again.Services.GetRequiredService<ConsultationLog>().Read(ConsultationId.TryParse(id, out var parsed) ? parsed : default, CancellationToken.None);
        Assert.Equal(Bucket.Waiting, state.Bucket);
        Assert.Equal("先说一句", state.Story!.Text);
        using var doctor = await Caller.DoctorAsync(again);
        await doctor.Given(id);
        Assert.True((await again.LedgerAsync()).Holds);
    }
}

using System.Net;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Directories;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Whoever is told to go is told where; and a doctor refers to a hospital of the directory, which is a fact, printed and counted.</summary>
public sealed class ReferralTests
{
    private const string Fever = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=38.8;temperature_site=axilla;symptoms=cough;breathless=stairs;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    [Theory, OnBothDatabases]
    public async Task Outcome_names_the_three_nearest_with_telephone_hours_date_and_publisher(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        await staff.TakeAsync(Lists.Wuhan);
        using var patient = await Caller.PatientAsync(site, "发烧三天，咳嗽，走路喘", answers: Fever);
        var judged = await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        Assert.Contains(judged.Outcome!.Disposition, new[] { Disposition.D1, Disposition.D2 });
        using var answer = await patient.Send(HttpMethod.Get, $"/q/{patient.Id}/outcome");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("甲医院", page, StringComparison.Ordinal);
        Assert.Contains("tel:02700000001", page, StringComparison.Ordinal);
        Assert.Contains("tel:02700000003", page, StringComparison.Ordinal);
        Assert.Contains("时间：24小时", page, StringComparison.Ordinal);
        Assert.Contains("武汉市卫健委，2020 年 1 月 25 日公布", page, StringComparison.Ordinal);
        Assert.Contains("去之前先打电话", page, StringComparison.Ordinal);
        Assert.Contains("/c/wuhan/clinics?at=420102", page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Doctor_refers_to_a_hospital_and_the_patient_takes_the_note_along(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        await staff.TakeAsync(Lists.Wuhan);
        using var patient = await (await Caller.PatientAsync(site, "发烧三天，咳嗽，走路喘", answers: Fever)).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(patient.Id);
        using var desk = await doctor.Send(HttpMethod.Get, $"/staff/desk?c={patient.Id}");
        Assert.Contains("甲医院", await desk.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var key = (await doctor.Get<JsonElement>("/api/v1/campaigns/wuhan/clinics?at=420102"))[0].GetProperty("key").GetString();
        var advice = new AdviceBody(given.Epoch, Disposition.D1, "发烧三天，走路喘", "今天去看发热门诊，戴口罩", Close: true, Hospital: key, Note: "请先测血氧");

        var (status, code) = await doctor.Refused(HttpMethod.Post, $"/api/v1/consultations/{patient.Id}/advice", advice with { Hospital = new string('a', 26) });
        Assert.Equal("hospital_unknown", code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        await doctor.Post<Stored>($"/api/v1/consultations/{patient.Id}/advice", advice);
        // Sent again because the answer was lost, it is the same referral.
        await doctor.Post<Stored>($"/api/v1/consultations/{patient.Id}/advice", advice);

        var end = await patient.Look();
        Assert.Equal(("referred", "甲医院"), (end.Bucket, end.ReferredTo?.Name));
        using var sheet = await patient.Send(HttpMethod.Get, $"/q/{patient.Id}/advice");
        var printed = await sheet.Content.ReadAsStringAsync();
        Assert.Contains("请去这家医院", printed, StringComparison.Ordinal);
        Assert.Contains("解放路 1 号", printed, StringComparison.Ordinal);
        using var note = await patient.Send(HttpMethod.Get, $"/q/{patient.Id}/referral");
        var carried = await note.Content.ReadAsStringAsync();
        Assert.Contains("请先测血氧", carried, StringComparison.Ordinal);
        Assert.Contains("不是诊断", carried, StringComparison.Ordinal);
        using var talk = await patient.Send(HttpMethod.Get, $"/q/{patient.Id}/talk");
        Assert.Equal(HttpStatusCode.OK, talk.StatusCode);
        Assert.Contains("请您去医院当面看", await talk.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((1, 0, 1), (ledger.Referred, ledger.Served, ledger.Opened));
        Assert.Null((await site.VerifyAsync()).Broken);
        // The directory may change; what was said does not.
        await staff.TakeAsync("name,district_code,kind,publisher,published\n戊医院,420102,fever_clinic,武汉市卫健委,2020-01-26\n");
        Assert.Equal("甲医院", (await patient.Look()).ReferredTo?.Name);
    }

    [Fact]
    public async Task Note_to_the_hospital_passes_the_guard_too()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽", answers: Fever)).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(patient.Id);
        var key = (await doctor.Get<JsonElement>("/api/v1/campaigns/wuhan/clinics?at=420102"))[0].GetProperty("key").GetString();
        var (_, code) = await doctor.Refused(HttpMethod.Post, $"/api/v1/consultations/{patient.Id}/advice", new AdviceBody(given.Epoch, Disposition.D1, "", "今天去看", Close: true, Hospital: key, Note: "您得的是新冠肺炎"));
        Assert.Equal("reply_warned", code);
    }
}

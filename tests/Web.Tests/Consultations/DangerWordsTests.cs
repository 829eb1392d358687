using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Whoever writes of danger stands first in the queue, wherever they were: nobody is left alone with a form.</summary>
public sealed class DangerWordsTests
{
    private const string Mild = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=37.6;temperature_site=axilla;symptoms=cough;breathless=none;spo2=unknown;comorbidities=none;exposure=wuhan;household_ill=no;infection=no";

    [Theory, OnBothDatabases]
    public async Task Danger_in_the_story_brings_a_doctor_before_any_question_is_answered(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "我不想活了");
        var told = await patient.Look();
        Assert.Equal(("waiting", 1), (told.Bucket, told.Urgency));
        using var browser = Browser(site, patient);
        var questions = await browser.GetStringAsync(new Uri($"/q/{patient.Id}/questions", UriKind.Relative));
        Assert.Contains("排在最前面", questions, StringComparison.Ordinal);
        var room = await browser.GetStringAsync(new Uri($"/q/{patient.Id}/waiting", UriKind.Relative));
        Assert.Contains("接着回答几个问题", room, StringComparison.Ordinal);
        Assert.Contains("留个手机号", room, StringComparison.Ordinal);

        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(patient.Id);
        Assert.Equal("我不想活了", given.Story);
        using var moved = await browser.GetAsync(new Uri($"/q/{patient.Id}/questions", UriKind.Relative));
        Assert.Equal($"/q/{patient.Id}/talk#latest", moved.Headers.Location?.OriginalString);
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Danger_written_after_advice_to_stay_at_home_brings_a_doctor(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "有点干咳", answers: Mild);
        Assert.Equal("self_care", (await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { })).Bucket);
        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("现在喘不上气，嘴唇发紫"));
        Assert.Equal(("waiting", 1), ((await patient.Look()).Bucket, (await patient.Look()).Urgency));
        using var browser = Browser(site, patient);
        Assert.Contains("您排在最前面：去和医生说", await browser.GetStringAsync(new Uri($"/q/{patient.Id}/outcome", UriKind.Relative)), StringComparison.Ordinal);
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    [Theory, OnBothDatabases]
    public async Task Place_given_by_danger_words_is_the_one_that_the_person_joins_later(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "喘不上气，嘴唇发紫", answers: Mild);
        var arrived = (await patient.Look()).ArrivedAt;
        await patient.InQueueAsync();
        var joined = await patient.Look();
        Assert.Equal(("waiting", 1, arrived), (joined.Bucket, joined.Urgency, joined.ArrivedAt));
        Assert.Equal(1, await site.CountAsync("select count(*) from fact where kind = 'queued'"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_writes_without_a_place_is_told_that_nobody_reads_it_yet(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "有点干咳", answers: Mild);
        await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });
        using var browser = Browser(site, patient);
        Assert.Contains("您还没有排队", await browser.GetStringAsync(new Uri($"/q/{patient.Id}/talk", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Worse_in_a_consultation_waits_for_an_answer_as_a_message_does(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        var given = await doctor.Given(patient.Id);
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("坐着喘不喘？", given.Epoch));
        Assert.Null((await doctor.Get<ConsultationView>(patient.Consultation)).UnansweredSince);
        await patient.Post<Stored>($"{patient.Consultation}/feeling", new FeelingBody(Feeling.Worse));
        Assert.NotNull((await doctor.Get<ConsultationView>(patient.Consultation)).UnansweredSince);
        Assert.Null((await site.VerifyAsync()).Broken);
    }

    private static HttpClient Browser(TestSite site, Caller patient)
    {
        var browser = site.NewPerson();
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
        return browser;
    }
}

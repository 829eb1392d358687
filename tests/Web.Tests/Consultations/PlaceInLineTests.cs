using System.Net;
using Yizhen.Web.Tests.Information;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Before a person stand those who may get the same clinicians, and nobody else: hundreds with a fever are not before who waits for a counsellor.</summary>
public sealed class PlaceInLineTests
{
    private const string Worried = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=not_hot;symptoms=none;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no;infection=no;psy_screen=yes;phq1=2;phq2=2;gad1=0;gad2=0;phq3=1;phq4=0;phq5=0;phq6=0;phq7=0;phq8=0;phq9=0";

    [Theory, OnBothDatabases]
    public async Task Whoever_waits_for_other_clinicians_is_not_counted_before_a_person(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var physician = await OnDutyAsync(site, 1, "general,fever");
        using var counsellor = await OnDutyAsync(site, 2, "psych");
        using var taken = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var talks = await (await Caller.PatientAsync(site, "睡不好，总担心", region: "420500", answers: Worried)).InQueueAsync();
        await physician.Given(taken.Id);
        await counsellor.Given(talks.Id);
        using var fever = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var alsoFever = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var worried = await (await Caller.PatientAsync(site, "睡不好，总担心", region: "420500", answers: Worried)).InQueueAsync();
        using var alsoWorried = await (await Caller.PatientAsync(site, "睡不好，总担心", region: "420500", answers: Worried)).InQueueAsync();

        Assert.Contains("前面大约</p><span class=\"big\">没有人，下一个是您", await PageAsync(site, worried), StringComparison.Ordinal);
        Assert.Contains("前面大约</p><span class=\"big\">1 人", await PageAsync(site, alsoWorried), StringComparison.Ordinal);
        Assert.Contains("前面大约</p><span class=\"big\">1 人", await PageAsync(site, alsoFever), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Whom_none_of_my_doctors_may_take_is_counted_only_in_the_upper_bound(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var doctor = await Caller.DoctorAsync(site, 1, seats: 1, langs: "zh");
        using var taken = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        await doctor.Given(taken.Id);
        using var english = await (await Caller.PatientAsync(site, "A fever for three days.", answers: RecheckTests.FeverClinic, lang: "en")).InQueueAsync();
        using var alsoEnglish = await (await Caller.PatientAsync(site, "A fever for three days.", answers: RecheckTests.FeverClinic, lang: "en")).InQueueAsync();
        using var first = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, "发烧三天", answers: RecheckTests.FeverClinic)).InQueueAsync();

        Assert.Contains("前面大约</p><span class=\"big\">0 到 2 人", await PageAsync(site, first), StringComparison.Ordinal);
        Assert.Contains("前面大约</p><span class=\"big\">1 到 3 人", await PageAsync(site, second), StringComparison.Ordinal);
        Assert.Equal(4, await site.CountAsync("select count(*) from head where bucket = 'waiting'"));
    }

    private static async Task<Caller> OnDutyAsync(TestSite site, int number, string skills)
    {
        var doctor = await Caller.DoctorAsync(site, number, seats: 1);
        await site.RunAsync($"update staff set skills = '{skills}' where login = 'replay-{number}'");
        return doctor;
    }

    private static Task<string> PageAsync(TestSite site, Caller person) => NoticeScene.Browser(site, person).ReadAsync($"/q/{person.Id}/waiting", HttpStatusCode.OK);
}

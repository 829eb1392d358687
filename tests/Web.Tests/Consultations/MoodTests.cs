using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>The questionnaires of mood at the JSON door, on both databases.</summary>
public sealed class MoodTests
{
    private const string Well = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=not_hot;symptoms=none;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no;infection=no";
    private const string Low = ";psy_screen=yes;phq1=2;phq2=2;gad1=0;gad2=0;phq3=0;phq4=0;phq5=0;phq6=0;phq7=0;phq8=0;phq9=";

    [Theory, OnBothDatabases]
    public async Task Item_nine_is_a_human_at_once_though_the_total_is_small(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "睡不好，总担心", region: "330100", answers: Well + Low + "1");

        var judged = await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { });

        Assert.Equal((Disposition.D6, "S9", Urgency.Emergency), (judged.Outcome?.Disposition, judged.Outcome?.Row, judged.Outcome?.Urgency));
    }

    [Theory, OnBothDatabases]
    public async Task Light_worry_is_told_so_and_whoever_passes_it_by_is_judged_as_before(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var light = await Caller.PatientAsync(site, "睡不好，总担心", region: "330100", answers: Well + Low.Replace("phq3=0", "phq3=1", StringComparison.Ordinal) + "0");
        using var other = await Caller.PatientAsync(site, "睡不好，总担心", region: "330100", answers: Well);

        Assert.Equal("S5", (await light.Post<ConsultationView>($"{light.Consultation}/triage", new { })).Outcome?.Row);
        Assert.Equal("R7", (await other.Post<ConsultationView>($"{other.Consultation}/triage", new { })).Outcome?.Row);
    }
}

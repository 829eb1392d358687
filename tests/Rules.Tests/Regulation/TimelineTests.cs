using System.Text.Json.Nodes;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Tests.Campaigns;

namespace Yizhen.Rules.Tests.Regulation;

/// <summary>The law of each day, asked on the day before and the day of every change that moves a permission.</summary>
public sealed class TimelineTests
{
    private static readonly Timeline Law = Timeline.Read(Shipped.Read("timeline.json"));
    private static readonly LightConsultation Light = LightConsultation.Read(Shipped.Read("light-consultation.json"));
    private static readonly Need[] Everything = Enum.GetValues<Need>();

    [Fact]
    public void First_visits_are_advice_only_and_a_refill_with_a_record_is_allowed_in_June_2020()
    {
        // T-08 and T-09: the same person with and without the record of the earlier diagnosis.
        var june = new DateOnly(2020, 6, 16);
        var refill = May(PolicyMode.FollowUp, june, "hypertension", PolicyRole.Physician, Act.ChangePrescription);

        Assert.True(refill.Given(Need.PriorDiagnosis, Need.InstitutionLicence, Need.InstitutionConsent, Need.PharmacistApproval));
        Assert.False(refill.Given(Need.InstitutionLicence, Need.InstitutionConsent, Need.PharmacistApproval));
        Assert.False(May(PolicyMode.LightConsultation, june, "hypertension", PolicyRole.Physician, Act.ChangePrescription).Allowed);
        Assert.True(May(PolicyMode.LightConsultation, june, "hypertension", PolicyRole.Physician, Act.ReadOutDisposition).Allowed);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    [InlineData(12, true)]
    public void Covid_symptoms_of_home_patients_are_prescribed_for_from_11_December_2022(int day, bool allowed)
    {
        // CN-FV-05: nobody has an earlier diagnosis here.
        Need[] there = [.. Everything.Except([Need.PriorDiagnosis])];
        var then = new DateOnly(2022, 12, day);

        Assert.Equal(allowed, May(PolicyMode.FollowUp, then, "covid_cough", PolicyRole.Physician, Act.ChangePrescription).Given(there));
        Assert.False(May(PolicyMode.FollowUp, then, "chest_pain", PolicyRole.Physician, Act.ChangePrescription).Given(there));
        Assert.False(May(PolicyMode.FollowUp, then, "covid_cough", PolicyRole.Nurse, Act.ChangePrescription).Given(Everything));
        Assert.False(May(PolicyMode.LightConsultation, then, "covid_cough", PolicyRole.Physician, Act.ChangePrescription).Allowed);
    }

    [Theory]
    [InlineData("2018-07-16", "2018-07-17", Need.PriorDiagnosis, Act.JudgeDisease)]
    [InlineData("2022-02-07", "2022-02-08", Need.DoctorAuthenticated, Act.JudgeDisease)]
    [InlineData("2022-02-07", "2022-02-08", Need.WrittenByDoctor, Act.ChangePrescription)]
    [InlineData("2022-11-30", "2022-12-01", Need.PrescriptionUsedOnce, Act.ChangePrescription)]
    public void Change_counts_from_its_day_and_not_the_day_before(string before, string from, Need need, Act act)
    {
        Assert.DoesNotContain(need, May(PolicyMode.FollowUp, Day(before), "hypertension", PolicyRole.Physician, act).Needs);
        Assert.Contains(need, May(PolicyMode.FollowUp, Day(from), "hypertension", PolicyRole.Physician, act).Needs);
    }

    [Fact]
    public void Every_instrument_that_changes_permissions_has_a_row_from_its_own_day_on_and_is_asked_on_both_sides()
    {
        var changing = Law.Instruments.Where(i => i.ChangesPermissions).ToList();
        Assert.Equal(5, changing.Count);
        Assert.All(changing, i =>
        {
            var rows = Law.Rows.Where(r => r.Instrument == i.Id).ToList();
            Assert.NotEmpty(rows);
            Assert.All(rows, r =>
            {
                Assert.Equal(i.From, r.From);
                Assert.NotEqual(r.Id, Asked(r, r.From.AddDays(-1)).Row);
                Assert.Equal(r.Id, Asked(r, r.From).Row);
            });
        });

        static Permission Asked(PermissionRow r, DateOnly day) =>
            Law.May(Light, r.Mode, r.Jurisdiction, day, r.Diseases[0] == "any" ? "hypertension" : Law.Diseases[r.Diseases[0]][0], r.Roles[0], r.Acts[0]);
    }

    public static TheoryData<string> Silent => [.. Law.Instruments.Where(i => !i.ChangesPermissions).Select(i => i.Id)];

    [Theory, MemberData(nameof(Silent))]
    public void Instrument_that_changes_no_permission_leaves_every_answer_of_the_day_before(string instrument)
    {
        var day = Law.Instruments.Single(i => i.Id == instrument).From;
        Assert.All(
            from mode in Enum.GetValues<PolicyMode>()
            from jurisdiction in new[] { "CN", "CN-42", "CN-31", "JP" }
            from disease in new[] { "hypertension", "covid_cough", "chest_pain" }
            from role in Enum.GetValues<PolicyRole>()
            from act in Enum.GetValues<Act>()
            select (Before: Law.May(Light, mode, jurisdiction, day.AddDays(-1), disease, role, act), From: Law.May(Light, mode, jurisdiction, day, disease, role, act)),
            answer => Assert.Equal((answer.Before.Allowed, answer.Before.Row), (answer.From.Allowed, answer.From.Row)));
    }

    [Theory]
    [InlineData("CONTROL-2", "RESP-CN")]
    [InlineData("WUHAN-10", "RESP-CN-WUHAN-2")]
    [InlineData("WUHAN-11", "RESP-CN-WUHAN-3")]
    public void Instrument_that_changes_what_triage_says_begins_on_the_first_day_of_its_pack(string instrument, string pack) =>
        Assert.Equal(Law.Instruments.Single(i => i.Id == instrument).From, Triage.Packs.ByFile[pack].From);

    [Fact]
    public void Physicians_law_is_the_article_from_March_2022_on()
    {
        Assert.Equal("F-JUDGE-2022", May(PolicyMode.FollowUp, new(2022, 2, 28), "asthma", PolicyRole.Physician, Act.JudgeDisease).Row);
        Assert.Equal("F-JUDGE-LAW", May(PolicyMode.FollowUp, new(2022, 3, 1), "asthma", PolicyRole.Physician, Act.JudgeDisease).Row);
    }

    [Fact]
    public void Nobody_but_a_physician_judges_prescribes_or_signs_in_any_mode_on_any_day()
    {
        DateOnly[] days = [new(2020, 1, 26), .. Law.Instruments.SelectMany(i => new[] { i.From.AddDays(-1), i.From }), new(2030, 1, 1)];
        Assert.All(
            from day in days
            from mode in Enum.GetValues<PolicyMode>()
            from role in Enum.GetValues<PolicyRole>().Except([PolicyRole.Physician])
            from act in new[] { Act.JudgeDisease, Act.ChangePrescription, Act.SignRecord, Act.Certificate, Act.NamePossibleCauses, Act.NameMentalDisorder }
            from disease in new[] { "hypertension", "covid_cough", "unknown" }
            select May(mode, day, disease, role, act),
            answer => Assert.False(answer.Allowed));
    }

    [Fact]
    public void Certificate_is_never_given_through_a_screen() =>
        Assert.All(
            from mode in Enum.GetValues<PolicyMode>()
            from role in Enum.GetValues<PolicyRole>()
            select May(mode, new(2026, 1, 1), "hypertension", role, Act.Certificate),
            answer => Assert.False(answer.Allowed));

    [Fact]
    public void What_no_row_speaks_of_is_not_allowed()
    {
        Assert.Equal((false, null), Answer(Law.May(Light, PolicyMode.FollowUp, "JP", new(2023, 1, 1), "hypertension", PolicyRole.Physician, Act.ChangePrescription)));
        Assert.Equal((false, null), Answer(Law.May(Light, PolicyMode.FollowUp, "CN", new(2018, 7, 16), "hypertension", PolicyRole.Physician, Act.ExplainGuidance)));
        Assert.True(Law.May(Light, PolicyMode.FollowUp, "CN-31", new(2023, 1, 1), "hypertension", PolicyRole.Physician, Act.ChangePrescription).Allowed);

        static (bool, string?) Answer(Permission p) => (p.Allowed, p.Row);
    }

    [Fact]
    public void Light_consultation_answers_as_its_own_policy_does() =>
        Assert.All(
            from act in Enum.GetValues<Act>()
            from role in Enum.GetValues<PolicyRole>()
            select (act, role),
            c => Assert.Equal(Light.Allows(c.act, c.role == PolicyRole.Physician), May(PolicyMode.LightConsultation, new(2020, 1, 26), "any", c.role, c.act).Allowed));

    [Theory]
    [InlineData("rows")]
    [InlineData("instruments")]
    public void Row_that_hangs_in_the_air_cannot_be_used(string emptied)
    {
        var json = JsonNode.Parse(Shipped.Read("timeline.json"))!.AsObject();
        json[emptied]!.AsArray().Clear();
        Assert.Throws<FormatException>(() => { Timeline.Read(json.ToJsonString()); });
    }

    [Fact]
    public void Row_of_light_consultation_stands_in_its_own_file()
    {
        var json = JsonNode.Parse(Shipped.Read("timeline.json"))!.AsObject();
        json["rows"]![0]!["mode"] = "light_consultation";
        Assert.Throws<FormatException>(() => { Timeline.Read(json.ToJsonString()); });
    }

    private static Permission May(PolicyMode mode, DateOnly day, string disease, PolicyRole role, Act act) => Law.May(Light, mode, "CN", day, disease, role, act);

    private static DateOnly Day(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
}

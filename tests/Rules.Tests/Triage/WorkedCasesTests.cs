using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>What was worked by hand beside each protocol, and the vectors of the notes that concern these protocols.</summary>
public sealed class WorkedCasesTests
{
    public static IEnumerable<object[]> All => Packs.Names.SelectMany(n => Packs.Cases(n).Select(c => new object[] { n, c.Id }));

    public static IEnumerable<object[]> OfPages => Packs.Names.SelectMany(n => Packs.Cases(n).Where(c => c.Facts is null).Select(c => new object[] { n, c.Id }));

    [Theory]
    [MemberData(nameof(All))]
    public void Worked_case_comes_out_as_worked_by_hand(string protocol, string id)
    {
        var worked = Packs.Cases(protocol).Single(c => c.Id == id);

        var outcome = worked.Judged(Packs.Shelf);

        Assert.Equal((worked.Disposition, worked.Row), (outcome.Disposition, outcome.Row));
        Assert.True(worked.Flags is not { } flags || flags.SequenceEqual(outcome.Flags));
    }

    [Theory]
    [MemberData(nameof(OfPages))]
    public void Worked_case_holds_only_answers_that_a_form_could_give_and_codes_that_a_story_could(string protocol, string id)
    {
        var worked = Packs.Cases(protocol).Single(c => c.Id == id);

        var asked = worked.Said.Where(a => a.Key is not ("signs" or "conditions")).ToDictionary();

        Assert.Equal(asked.OrderBy(a => a.Key), Packs.Read(worked.Day, worked.Region, asked).Value.OrderBy(a => a.Key));
        Assert.Subset(Packs.ToldCodes, worked.Said.Except(asked).SelectMany(a => a.Value.Split('|')).ToHashSet());
    }

    [Fact]
    public void Protocol_has_at_least_eight_worked_cases_and_every_row_decides_one_of_them()
    {
        foreach (var name in Packs.Names)
        {
            var cases = Packs.Cases(name);
            Assert.InRange(cases.Length, 8, int.MaxValue);
            Assert.Equal(cases.Length, cases.DistinctBy(c => c.Id).Count());

            var pack = Packs.ByFile[name];
            var decided = cases.Select(c => c.Judged(Packs.Shelf)).Where(o => o.DecidedBy.Id == (pack.Replaces ?? pack.Id) && o.DecidedBy.Version.Contains(pack.Version, StringComparison.Ordinal)).Select(o => o.Row);
            Assert.Empty(pack.Rows.Select(r => r.Id).Except(decided).Select(row => $"{name} {row}"));
        }
    }

    [Fact]
    public void T02_mild_in_Wuhan_stays_home_and_is_told_when_to_go()
    {
        var outcome = Packs.Judge(Packs.Person(("sex", "female"), ("pregnant", "no"), ("exposure", "wuhan")), Packs.Wuhan);

        Assert.Equal(Disposition.D4, outcome.Disposition);
        var watch = string.Join('\n', outcome.Watch.Concat(outcome.CallNow).Select(w => w.Zh));
        Assert.All(new[] { "活动后喘", "糊涂", "拉肚子", "39", "家里又有人" }, trigger => Assert.Contains(trigger, watch, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("93", Disposition.D0)]
    [InlineData("94", Disposition.D3)]
    public void T03_oxygen_of_93_calls_an_ambulance_and_94_a_doctor(string spo2, Disposition disposition) =>
        Assert.Equal(disposition, Packs.Judge(Packs.Person(("spo2", spo2), ("exposure", "wuhan")), Packs.Wuhan).Disposition);

    [Fact]
    public void T04_breathless_on_stairs_without_an_oximeter_is_never_sent_home() =>
        Assert.All(new[] { Packs.Wuhan, Packs.Hangzhou }, region => Assert.Contains(
            Packs.Judge(Packs.Person(("breathless", "stairs"), ("exposure", region == Packs.Wuhan ? "wuhan" : "none")), region).Disposition,
            new[] { Disposition.D1, Disposition.D3 }));

    [Fact]
    public void T05_fever_after_dinner_with_a_visitor_from_Wuhan_goes_to_the_fever_clinic_as_a_contact()
    {
        var outcome = Packs.Judge(Packs.Person(("age", "70"), ("temperature_c", "37.4"), ("symptoms", "none"), ("exposure", "contact_fever")));

        Assert.Equal((Disposition.D1, Urgency.Urgent, "C"), (outcome.Disposition, outcome.Urgency, string.Join(',', outcome.Flags)));
    }

    [Fact]
    public void T06_living_with_a_confirmed_case_without_a_sign_is_fourteen_days_at_home_as_a_contact()
    {
        var outcome = Packs.Judge(Packs.Person(("age", "25"), ("measured", "not_hot"), ("symptoms", "none"), ("exposure", "contact_case")).Remove("temperature_c"));

        Assert.Equal((Disposition.D4, "C"), (outcome.Disposition, string.Join(',', outcome.Flags)));
        Assert.Contains(outcome.Advice, a => a.En.Contains("14 days", StringComparison.Ordinal));
    }

    [Fact]
    public void T01_mild_cold_of_a_person_abroad_stays_with_self_care_and_names_the_local_services()
    {
        var outcome = Packs.Judge(Packs.Person(("age", "56"), ("temperature_c", "36.9"), ("symptoms", "nasal_congestion")));

        Assert.Equal(Disposition.D5, outcome.Disposition);
        Assert.Contains(outcome.CallNow, text => text.En.Contains("Outside mainland China", StringComparison.Ordinal));
    }

    [Fact]
    public void T07_37_3_and_a_suspicious_meeting_is_about_the_contact_before_it_is_about_fear()
    {
        var facts = CaseFacts.None with { TemperatureC = 37.3m, Symptoms = ["insomnia"], AnxietyDominant = true, Exposure = ImmutableSortedDictionary<string, bool?>.Empty.Add("possible_indirect_contact", true) };

        foreach (var day in new[] { Packs.Day, new DateOnly(2020, 3, 1), new DateOnly(2020, 6, 15) })
        {
            var outcome = Batch(facts, day);
            Assert.Equal(Disposition.D1, outcome.Disposition);
            Assert.Contains("C", outcome.Flags);
        }
    }

    [Fact]
    public void T10_two_months_and_38_1_is_in_person_whatever_the_rest_by_the_child_pack_alone()
    {
        var alone = new[] { Packs.ByFile["RF-CHILD"] };

        Assert.Equal(Disposition.D2, Packs.Shelf.Judge(alone, (CaseFacts.None with { Age = 0.22m, TemperatureC = 38.1m }).Answers(), askable: false).Disposition);
    }

    [Fact]
    public void T11_fast_breathing_on_the_fourth_day_is_severe_by_the_chinese_list() =>
        Assert.Equal(Disposition.D1, Batch(CaseFacts.None with { Age = 4, TemperatureC = 38, DaysSinceOnset = 4, Vitals = new(null, null, 41, null, null, null) }, new(2020, 1, 10)).Disposition);

    [Fact]
    public void T12_fewer_movements_go_to_the_maternity_ward_and_not_down_the_fever_path()
    {
        var outcome = Batch(CaseFacts.None with { Sex = "female", Age = 30, Pregnant = true, Symptoms = ["reduced_fetal_movement"] }, Packs.Day);

        Assert.Equal((Disposition.D2, "obstetrics"), (outcome.Disposition, outcome.Need));
    }

    [Fact]
    public void T18_from_11_February_Wuhan_names_only_the_fever_clinic_of_the_district()
    {
        var fever = CaseFacts.None with { TemperatureC = 38.5m, Symptoms = ["cough"] };

        string Advice(int day) => string.Join('\n', Batch(fever, new(2020, 2, day), Packs.Wuhan).Advice.Select(a => a.En));
        Assert.DoesNotContain("district", Advice(10), StringComparison.Ordinal);
        Assert.Contains("fever clinic of the district where you live", Advice(11), StringComparison.Ordinal);
        Assert.Contains("fever clinic of the district where you live", Advice(12), StringComparison.Ordinal);
    }

    [Fact]
    public void T19_case_of_January_is_never_judged_by_the_pack_of_June()
    {
        var person = Packs.Person(("sex", "female"), ("pregnant", "no"), ("exposure", "wuhan"));

        Assert.DoesNotContain(Packs.Judge(person, Packs.Wuhan).JudgedBy, pin => pin.Version == "national-v3");
        Assert.DoesNotContain(Packs.Shelf.InForce(Packs.Day, Packs.Wuhan), p => p.Version == "national-v3");
        Assert.Equal(Disposition.D1, Packs.Shelf.Judge(person, new(2020, 6, 15), Packs.Wuhan).Disposition);
    }

    private static Outcome Batch(CaseFacts facts, DateOnly day, string? region = Packs.Hangzhou) => Packs.Shelf.Judge(Packs.Shelf.InForce(day, region), facts.Answers(), askable: false);

    [Fact]
    public void T14_good_oximeter_does_not_cancel_chest_pain() =>
        Assert.Equal(Disposition.D0, Packs.Judge(Packs.Person(("red_flags", "A2"), ("spo2", "99"))).Disposition);

    [Fact]
    public void T15_drooping_face_is_an_emergency_whatever_else_and_asks_when_the_person_was_last_well()
    {
        var outcome = Packs.Judge(Packs.Person(("red_flags", "A4")));

        Assert.Equal((Disposition.D0, Urgency.Emergency), (outcome.Disposition, outcome.Urgency));
        Assert.Contains(outcome.Advice, a => a.Zh.Contains("最后一次正常", StringComparison.Ordinal));
    }

    [Fact]
    public void T20_everything_unknown_goes_to_a_doctor_and_never_to_self_care()
    {
        var unknown = Packs.Shelf.InForce(Packs.Day, Packs.Wuhan).SelectMany(p => p.Questions).ToDictionary(q => q.Code, _ => Question.Unknown);

        Assert.Equal(Disposition.D3, Packs.Judge([], Packs.Wuhan).Disposition);
        Assert.Equal(Disposition.D3, Packs.Judge(Packs.Read(Packs.Day, Packs.Wuhan, unknown).Value, Packs.Wuhan).Disposition);
    }
}

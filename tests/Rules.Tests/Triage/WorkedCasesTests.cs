using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>What was worked by hand beside each protocol, and the vectors of the notes that concern these protocols.</summary>
public sealed class WorkedCasesTests
{
    public static IEnumerable<object[]> All => Packs.Names.SelectMany(n => Packs.Cases(n).Select(c => new object[] { n, c.Id }));

    [Theory]
    [MemberData(nameof(All))]
    public void Worked_case_comes_out_as_worked_by_hand(string protocol, string id)
    {
        var worked = Packs.Cases(protocol).Single(c => c.Id == id);

        var outcome = Packs.Shelf.Judge(worked.Answers, worked.Day, worked.Region);

        Assert.Equal((worked.Disposition, worked.Row), (outcome.Disposition, outcome.Row));
        Assert.True(worked.Flags is not { } flags || flags.SequenceEqual(outcome.Flags));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Worked_case_holds_only_answers_that_a_form_could_give(string protocol, string id)
    {
        var worked = Packs.Cases(protocol).Single(c => c.Id == id);

        Assert.Equal(worked.Answers.OrderBy(a => a.Key), Packs.Shelf.ReadAnswers(worked.Answers, worked.Day, worked.Region).Value.OrderBy(a => a.Key));
    }

    [Fact]
    public void Protocol_has_at_least_eight_worked_cases_and_every_row_decides_one_of_them()
    {
        foreach (var protocol in Packs.All)
        {
            Assert.InRange(Packs.Cases(protocol.Id).Length, 8, int.MaxValue);
        }

        var decided = Packs.Names.SelectMany(Packs.Cases).Select(c => Packs.Shelf.Judge(c.Answers, c.Day, c.Region))
            .Select(o => $"{o.DecidedBy.Version} {o.Row}").ToHashSet();
        var rows = new[] { Packs.Hangzhou, Packs.Wuhan }.SelectMany(region => Packs.Shelf.InForce(Packs.Day, region))
            .SelectMany(p => p.Rows.Select(r => $"{p.Version} {r.Id}")).ToHashSet();

        // Under the overlay only its own rows must be worked again.
        var overlaid = Packs.All.Single(p => p.Overlay is not null).Rows.Select(r => r.Id).ToHashSet();
        Assert.Empty(rows.Where(r => !r.Contains('+', StringComparison.Ordinal) || overlaid.Contains(r.Split(' ')[1])).Except(decided));
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
        Assert.Equal(Disposition.D3, Packs.Judge(Packs.Shelf.ReadAnswers(unknown, Packs.Day, Packs.Wuhan).Value, Packs.Wuhan).Disposition);
    }
}

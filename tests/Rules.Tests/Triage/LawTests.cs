using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Triage;
using Outcome = Yizhen.Rules.Triage.Outcome;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>The laws of triage over answers that a form could give, drawn from the shipped protocols' own questions.</summary>
public sealed class LawTests
{
    private static readonly string?[] Rarely = [Question.Unknown, null];

    private static readonly ImmutableArray<Question> Questions = [.. Packs.All.Where(p => p.Id != "PSY-SCREEN").SelectMany(p => p.Questions).DistinctBy(q => q.Code)];

    /// <summary>A day under each version, at home and in Wuhan.</summary>
    private static readonly Gen<Place> Region =
        from day in Gen.Elements(Packs.Day, new DateOnly(2020, 2, 3), new DateOnly(2020, 2, 6), new DateOnly(2020, 3, 1), new DateOnly(2020, 6, 15))
        from region in Gen.Elements(Packs.Wuhan, Packs.Hangzhou)
        select new Place(region, day);

    /// <summary>Mostly the plain person, with some answers drawn anew or taken away: draws that are all random would hardly ever be sent home.</summary>
    private static readonly Gen<ImmutableDictionary<string, string>> Answers =
        from changed in Gen.SubListOf(Questions.AsEnumerable())
        from drawn in InTurn(changed)
        from bare in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        select drawn.Aggregate(bare ? ImmutableDictionary<string, string>.Empty : Packs.Person(), (so, d) => d.Value is null ? so.Remove(d.Code) : so.SetItem(d.Code, d.Value));

    private static Gen<ImmutableList<(string Code, string? Value)>> InTurn(IEnumerable<Question> questions) =>
        questions.Aggregate(
            Gen.Constant(ImmutableList<(string Code, string? Value)>.Empty),
            (before, question) => from drawn in before from answer in Answer(question) select drawn.Add((question.Code, answer)));

    private static Gen<string?> Answer(Question question) => question.Kind switch
    {
        QuestionKind.Choice => Gen.Elements<string?>([.. question.Choices.Select(c => c.Value), .. Rarely]),
        QuestionKind.Codes => Gen.OneOf(
            Gen.Elements<string?>([.. question.Choices.Select(c => c.Value), .. Rarely]),
            Gen.NonEmptyListOf(Gen.Elements(question.Choices.Select(c => c.Value))).Select(codes => (string?)Joined(codes))),
        QuestionKind.Number => Gen.Frequency(
            (5, Gen.Choose((int)(question.Min!.Value * 10), (int)(question.Max!.Value * 10)).Select(n => (string?)(n / 10m).ToString(CultureInfo.InvariantCulture))),
            (1, Gen.Elements(Rarely))),
    };

    [Fact]
    public void L2_adding_a_sign_never_lowers() =>
        Law(
            from answers in Answers
            from question in Gen.Elements("red_flags", "child_flags", "pregnancy_flags", "symptoms", "comorbidities", "exposure")
            from code in Gen.Elements(Questions.Single(q => q.Code == question).Choices.Select(c => c.Value).Except([Question.None, Question.Unknown]))
            from region in Region
            // "None of these" together with one of these is a contradiction, and clearing it up may calm.
            where answers.TryGetValue(question, out var said) && (said == Question.None || !said.Split('|').Contains(Question.None))
            select (answers, more: answers.SetItem(question, Joined([.. answers[question].Split('|').Except([Question.None]), code])), region),
            x => Rank(Packs.Judge(x.more, x.region)) <= Rank(Packs.Judge(x.answers, x.region)));

    [Fact]
    public void L3_unknown_keeps_nobody_home_whom_some_answer_would_have_sent_to_somebody() =>
        Law(
            from answers in Answers
            from question in Gen.Elements(Questions.Where(q => q.Kind != QuestionKind.Number))
            from region in Region
            // Whoever gives the temperature need not say as well whether it was taken.
            where question.Code != "measured" || answers.GetValueOrDefault("temperature_c") is null or Question.Unknown
            select (answers, question, region),
            x => !KeptHome(x.answers.SetItem(x.question.Code, Question.Unknown), x.region)
                || x.question.Choices.All(c => KeptHome(x.answers.SetItem(x.question.Code, c.Value), x.region)));

    [Fact]
    public void Question_left_open_keeps_nobody_home_whom_some_answer_would_have_sent_to_somebody() =>
        Law(
            from answers in Answers
            from question in Gen.Elements(Questions.Where(q => q.Kind != QuestionKind.Number))
            from region in Region
            let open = answers.Remove(question.Code)
            where question.AskedWhen is null || question.AskedWhen.Holds(open) != false
            where question.Code != "measured" || !open.ContainsKey("temperature_c")
            select (open, question, region),
            x => !KeptHome(x.open, x.region) || x.question.Choices.All(c => KeptHome(x.open.SetItem(x.question.Code, c.Value), x.region)));

    [Fact]
    public void Contact_stays_a_flag_whatever_row_decides() =>
        Law(
            from answers in Answers
            from region in Region
            select (answers: answers.SetItem("exposure", "contact_case").SetItem("symptoms", "cough"), region),
            x => Packs.Judge(x.answers, x.region).Flags.Contains("C"));

    [Fact]
    public void Nobody_is_kept_home_whose_red_flags_were_not_asked() =>
        Law(
            from answers in Answers
            from region in Region
            select (answers: answers.Remove("red_flags"), region),
            x => !KeptHome(x.answers, x.region));

    [Fact]
    public void Child_pregnant_person_and_other_complaint_are_never_kept_home() =>
        Law(
            from answers in Answers
            from who in Gen.Elements<(string Code, string Value)[]>([("age", "17")], [("age", "0")], [("sex", "female"), ("pregnant", "yes")], [("sex", "female"), ("pregnant", "unknown")], [("complaint", "other")])
            from region in Region
            select (answers: answers.SetItems(who.Select(w => KeyValuePair.Create(w.Code, w.Value))), region),
            x => !KeptHome(x.answers, x.region));

    [Fact]
    public void Who_a_person_is_never_lowers_what_their_signs_ask_for() =>
        Law(
            from answers in Answers
            from who in Gen.Elements<(string Code, string Value)[]>([("age", "17")], [("age", "70")], [("sex", "female"), ("pregnant", "yes")])
            from region in Region
            let plain = answers.SetItem("age", "34").SetItem("sex", "male")
            select (plain, other: plain.SetItems(who.Select(w => KeyValuePair.Create(w.Code, w.Value))), region),
            x => Rank(Packs.Judge(x.other, x.region)) <= Rank(Packs.Judge(x.plain, x.region)));

    [Theory]
    [InlineData("2019-12-31")]
    [InlineData("0001-01-01")]
    public void L1_on_a_day_without_a_protocol_everybody_goes_to_a_human(string day)
    {
        var outcome = Packs.Shelf.Judge(Packs.Person(), DateOnly.Parse(day, CultureInfo.InvariantCulture), Packs.Wuhan);

        Assert.Equal(Disposition.D3, outcome.Disposition);
        Assert.Empty(outcome.JudgedBy);
    }

    [Fact]
    public void L1_without_red_flags_in_force_nobody_is_kept_home()
    {
        var shelf = new ProtocolShelf(Packs.All.Select(p => p.RedFlags ? p with { To = Packs.Day.AddDays(-1) } : p));

        Assert.Equal(Disposition.D4, Packs.Judge(Packs.Person(("exposure", "wuhan")), Packs.Wuhan).Disposition);
        Assert.Equal(Disposition.D3, shelf.Judge(Packs.Person(("exposure", "wuhan")), Packs.Day, Packs.Wuhan).Disposition);
    }

    [Fact]
    public void L4_outcome_always_says_why_and_from_where_in_both_languages() =>
        Law(
            from answers in Answers
            from region in Region
            select (answers, region),
            x =>
            {
                var outcome = Packs.Judge(x.answers, x.region);
                return outcome.Sources.Length > 0 && outcome.CallNow.Length > 0 && outcome.Advice.Length > 0 && outcome.JudgedBy.Contains(outcome.DecidedBy)
                    && outcome.Advice.Concat(outcome.Watch).Concat(outcome.CallNow).Append(outcome.Reason).Append(outcome.Headline).All(w => w.Zh.Length > 0 && w.En.Length > 0)
                    && (outcome.Disposition is not (Disposition.D4 or Disposition.D5) || outcome.Watch.Length > 0);
            });

    [Fact]
    public void L5_same_answers_on_the_same_day_give_the_same_outcome() =>
        Law(
            from answers in Answers
            from region in Region
            select (answers, region),
            x => System.Text.Json.JsonSerializer.Serialize(Packs.Judge(x.answers, x.region))
                == System.Text.Json.JsonSerializer.Serialize(new ProtocolShelf(Packs.All.Reverse()).Judge(x.answers, x.region.Day, x.region.Region)));

    [Fact]
    public void Urgency_follows_from_the_disposition_as_the_table_has_it() =>
        Law(
            from answers in Answers
            from region in Region
            select (answers, region),
            x =>
            {
                var outcome = Packs.Judge(x.answers, x.region);
                return outcome.Disposition switch
                {
                    Disposition.D0 or Disposition.D6 => outcome.Urgency == Urgency.Emergency,
                    Disposition.D1 => outcome.Urgency == Urgency.Urgent,
                    Disposition.D2 => outcome.Urgency == Urgency.Soon,
                    Disposition.D3 => outcome.Urgency is Urgency.Soon or Urgency.Routine,
                    Disposition.D7 => outcome.Urgency == Urgency.Routine,
                    Disposition.D4 or Disposition.D5 => outcome.Urgency == Urgency.Question,
                };
            });

    private static bool KeptHome(ImmutableDictionary<string, string> answers, Place region) =>
        Packs.Judge(answers, region).Disposition is Disposition.D4 or Disposition.D5;

    private static int Rank(Outcome outcome) => ProtocolShelf.Acuity(outcome.Disposition);

    private static string Joined(IEnumerable<string> codes) => string.Join('|', codes.Distinct().Order(StringComparer.Ordinal));

    private static void Law<T>(Gen<T> cases, Func<T, bool> holds) =>
        Prop.ForAll(cases.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
}

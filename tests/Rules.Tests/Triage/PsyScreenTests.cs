using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>The questionnaires of mood and worry. Their wording is frozen: another word makes it another instrument.</summary>
public sealed class PsyScreenTests
{
    private const string Frozen = "8fef655874ac8f68394959ecb83e32c0c7a5d6ee3989866a036b1315b6fb2909";

    private static readonly Protocol Pack = Packs.ByFile["PSY-SCREEN"];

    private static readonly string[] Items = [.. Pack.Questions.Select(q => q.Code).Where(c => c.StartsWith("phq", StringComparison.Ordinal) || c.StartsWith("gad", StringComparison.Ordinal))];

    private static readonly Gen<ImmutableDictionary<string, string>> Scores =
        from scores in Gen.ArrayOf(Gen.Choose(0, 3), Items.Length)
        select Items.Zip(scores).Aggregate(
            Packs.Person(("temperature_c", "36.8"), ("symptoms", "none"), ("psy_screen", "yes")),
            (answers, item) => answers.SetItem(item.First, item.Second.ToString(CultureInfo.InvariantCulture)));

    [Fact]
    public void Wording_of_the_items_and_answers_is_frozen()
    {
        var words = string.Join('\n', Pack.Questions.Where(q => Items.Contains(q.Code)).SelectMany(q =>
            q.Choices.Select(c => $"{c.Value} {c.Says.Zh} {c.Says.En}").Prepend($"{q.Code} {q.Ask.Zh} {q.Ask.En} {q.Hint?.Zh} {q.Hint?.En}")));

        Assert.Equal(16, Items.Length);
        Assert.Equal(Frozen, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words))));
    }

    [Fact]
    public void T13_total_of_4_with_item_nine_is_a_human_at_once() =>
        Assert.Equal((Disposition.D6, Urgency.Emergency), Judged(Scored([1, 1, 1, 0, 0, 0, 0, 0, 1])));

    [Fact]
    public void Item_nine_reaches_a_human_at_once_whatever_the_total() =>
        Law(
            from answers in Scores
            from nine in Gen.Elements("1", "2", "3")
            select answers.SetItem("phq9", nine),
            answers => Judged(answers) == (Disposition.D6, Urgency.Emergency) && Packs.Shelf.Questions(answers, Packs.Day, Packs.Hangzhou).Count == 0);

    [Fact]
    public void Higher_answer_never_lowers() =>
        Law(
            from answers in Scores
            from item in Gen.Elements(Items)
            where answers[item] != "3"
            select (less: answers, more: answers.SetItem(item, (int.Parse(answers[item], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture))),
            x => ProtocolShelf.Acuity(Judged(x.more).Disposition) <= ProtocolShelf.Acuity(Judged(x.less).Disposition));

    [Fact]
    public void Missing_item_is_asked_again_and_never_made_up()
    {
        var open = Scored([3, 3, 3, 3, 3, 3, 3, 3, 0]).Remove("phq5");

        Assert.Equal("phq5", Assert.Single(Packs.Shelf.Questions(open, Packs.Day, Packs.Hangzhou)).Code);
        Assert.Equal(Disposition.D3, Judged(open).Disposition);
    }

    /// <summary>Offered to the worried well alone, answered or not: nobody waits for it, and nobody is sent elsewhere for passing it by.</summary>
    [Fact]
    public void Worried_person_without_a_sign_is_offered_it_and_may_pass_it_by()
    {
        var well = Packs.Person(("temperature_c", "36.8"), ("symptoms", "none"));

        Assert.Equal("psy_screen", Assert.Single(Packs.Shelf.Questions(well, Packs.Day, Packs.Hangzhou)).Code);
        Assert.Equal("R7", Packs.Judge(well).Row);
        Assert.Equal("R7", Packs.Judge(well.SetItem("psy_screen", "no")).Row);
        Assert.Empty(Packs.Shelf.Questions(well.SetItem("psy_screen", "no"), Packs.Day, Packs.Hangzhou));
        Assert.All(
            new[] { ("symptoms", "cough"), ("exposure", "contact_case"), ("breathless", "stairs"), ("household_ill", "yes"), ("temperature_c", "37.3"), ("age", "17") },
            other => Assert.DoesNotContain(Packs.Shelf.Questions(well.SetItem(other.Item1, other.Item2), Packs.Day, Packs.Hangzhou), q => Pack.Questions.Contains(q)));
    }

    [Fact]
    public void Nobody_is_asked_who_did_not_agree_and_the_long_form_only_after_the_short_one()
    {
        Assert.DoesNotContain(Packs.Shelf.Questions(Packs.Person(), Packs.Day, Packs.Hangzhou), q => Pack.Questions.Contains(q));

        var agreed = Packs.Person(("symptoms", "none"), ("psy_screen", "yes"));
        Assert.Equal(["phq1", "phq2", "gad1", "gad2"], Packs.Shelf.Questions(agreed, Packs.Day, Packs.Hangzhou).Select(q => q.Code));
        Assert.Equal(7, Packs.Shelf.Questions(agreed.SetItem("phq1", "3").SetItem("phq2", "0").SetItem("gad1", "0").SetItem("gad2", "0"), Packs.Day, Packs.Hangzhou).Count);
    }

    private static ImmutableDictionary<string, string> Scored(int[] phq) => phq.Index().Aggregate(
        Packs.Person(("temperature_c", "36.8"), ("symptoms", "none"), ("psy_screen", "yes"), ("gad1", "0"), ("gad2", "0")),
        (answers, item) => answers.SetItem($"phq{item.Index + 1}", item.Item.ToString(CultureInfo.InvariantCulture)));

    private static (Disposition Disposition, Urgency Urgency) Judged(ImmutableDictionary<string, string> answers)
    {
        var outcome = Packs.Judge(answers);
        return (outcome.Disposition, outcome.Urgency);
    }

    private static void Law<T>(Gen<T> cases, Func<T, bool> holds) => Prop.ForAll(cases.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}

using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>What people type into the form, and what is asked of them.</summary>
public sealed class AnswersTests
{
    [Theory]
    [InlineData("37.6", "37.6")]
    [InlineData("37,6", "37.6")]
    [InlineData("３７．６", "37.6")]
    [InlineData("37.6 ℃", "37.6")]
    [InlineData("37度6", "37.6")]
    [InlineData("37.6度", "37.6")]
    [InlineData("38℃", "38")]
    [InlineData("38。", "38")]
    [InlineData("100.4 F", "38.0")]
    [InlineData("100.4℉", "38.0")]
    [InlineData(" unknown ", "unknown")]
    public void Temperature_is_read_as_people_type_it(string typed, string value) =>
        Assert.Equal(value, Read("temperature_c", typed).Value);

    [Theory]
    [InlineData("temperature_c", "376", Refusal.AnswerImplausible)]
    [InlineData("temperature_c", "33.9", Refusal.AnswerImplausible)]
    [InlineData("temperature_c", "43.1", Refusal.AnswerImplausible)]
    [InlineData("temperature_c", "120 F", Refusal.AnswerImplausible)]
    [InlineData("temperature_c", "-37.6", Refusal.Malformed)]
    [InlineData("temperature_c", "37 38", Refusal.Malformed)]
    [InlineData("temperature_c", "hot", Refusal.Malformed)]
    [InlineData("temperature_c", "", Refusal.Malformed)]
    [InlineData("temperature_c", "99999999999999999999999999999999", Refusal.Malformed)]
    [InlineData("spo2", "49", Refusal.AnswerImplausible)]
    [InlineData("spo2", "101", Refusal.AnswerImplausible)]
    [InlineData("symptoms", "", Refusal.Malformed)]
    [InlineData("symptoms", "cough|plague", Refusal.Malformed)]
    [InlineData("exposure", "moon", Refusal.Malformed)]
    [InlineData("shoe_size", "43", Refusal.Malformed)]
    public void Answer_that_cannot_be_is_refused(string code, string typed, Refusal why)
    {
        Assert.True(Read(code, typed).IsRefused(out var refusal));
        Assert.Equal(why, refusal);
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused_and_reading_again_changes_nothing() =>
        Prop.ForAll(
            Gen.Elements(Questions().ToArray()).SelectMany(q => ArbMap.Default.GeneratorFor<string?>().Select(text => (q, text))).ToArbitrary(),
            x => !AnswerText.Read(x.q, x.text).Is(out var read, out _) || AnswerText.Read(x.q, read).Value == read)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Red_flags_are_asked_first_and_nothing_more_in_an_emergency()
    {
        Assert.Equal("red_flags", Packs.Shelf.Questions(ImmutableDictionary<string, string>.Empty, Packs.Day, Packs.Wuhan)[0].Code);
        Assert.Empty(Packs.Shelf.Questions(Packs.Person(("red_flags", "A1")).Remove("spo2"), Packs.Day, Packs.Wuhan));
    }

    [Fact]
    public void What_is_answered_is_not_asked_again_and_only_what_applies_is_asked()
    {
        Assert.Empty(Packs.Shelf.Questions(Packs.Person(), Packs.Day, Packs.Hangzhou));
        Assert.Equal("pregnant", Assert.Single(Packs.Shelf.Questions(Packs.Person(("sex", "female")), Packs.Day, Packs.Hangzhou)).Code);
        Assert.Empty(Packs.Shelf.Questions(Packs.Person(("sex", "female"), ("age", "66")), Packs.Day, Packs.Hangzhou));
    }

    [Fact]
    public void Every_input_that_a_row_looks_at_is_asked_somewhere_and_every_code_it_compares_with_can_be_chosen()
    {
        var questions = Questions().ToDictionary(q => q.Code);
        Assert.Empty(
            from protocol in Packs.All
            from condition in protocol.Rows.Select(r => r.When).Append(protocol.Covers).Concat(protocol.Questions.Select(q => q.AskedWhen)).OfType<Condition>().SelectMany(Parts)
            where condition.Input is not null
            from wrong in questions.TryGetValue(condition.Input ?? "", out var question)
                ? new[] { condition.Is, condition.Includes }.Concat(condition.In ?? []).OfType<string>()
                    .Where(code => code != Question.Unknown && question.Choices.All(c => c.Value != code))
                : ["not asked"]
            select $"{protocol.Id}: {condition.Input} {wrong}");
    }

    [Theory]
    [InlineData("2020-01-21", "RF-ADULT")]
    [InlineData("2020-01-22", "RF-ADULT RESP-CN")]
    [InlineData("2026-11-24", "RF-ADULT RESP-CN")]
    public void Protocol_serves_from_its_first_day_and_while_its_end_is_open(string day, string ids) =>
        Assert.Equal(ids, string.Join(' ', Packs.Shelf.InForce(DateOnly.Parse(day, CultureInfo.InvariantCulture), Packs.Hangzhou).Select(p => p.Id)));

    [Theory]
    [InlineData("2020-01-22", "420102", "national-v1")]
    [InlineData("2020-01-23", "420102", "national-v1+2020-01-23")]
    [InlineData("2020-01-23", "420000", "national-v1")]
    [InlineData("2020-01-23", null, "national-v1")]
    public void Overlay_serves_in_its_city_from_its_day_and_the_pin_says_so(string day, string? region, string version) =>
        Assert.Equal(version, Packs.Shelf.InForce(DateOnly.Parse(day, CultureInfo.InvariantCulture), region).Single(p => p.Id == "RESP-CN").Version);

    [Fact]
    public void Shelf_without_red_flags_does_not_open() =>
        Assert.Throws<ArgumentException>(() => new ProtocolShelf(Packs.All.Where(p => !p.RedFlags)));

    private static IEnumerable<Condition> Parts(Condition condition) =>
        (condition.All ?? []).Concat(condition.Any ?? []).Concat(condition.None ?? []).SelectMany(Parts).Prepend(condition);

    private static IEnumerable<Question> Questions() => Packs.Shelf.InForce(Packs.Day, Packs.Wuhan).SelectMany(p => p.Questions).DistinctBy(q => q.Code);

    private static Decision<string> Read(string code, string typed) =>
        Packs.Shelf.ReadAnswers(new Dictionary<string, string> { [code] = typed }, Packs.Day, Packs.Wuhan).Then<string>(read => read[code]);
}

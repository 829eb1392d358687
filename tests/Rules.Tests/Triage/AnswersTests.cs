using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Tests.Campaigns;
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

    /// <summary>A code is a choice of the question, or one that a case from elsewhere may bring.</summary>
    [Fact]
    public void Every_input_that_a_row_looks_at_is_asked_or_read_from_a_case_and_every_code_it_compares_with_exists()
    {
        var questions = Packs.All.SelectMany(p => p.Questions).ToLookup(q => q.Code);
        var codes = Packs.ToldCodes;
        var read = new Dictionary<string, HashSet<string>>
        {
            ["signs"] = codes,
            ["symptoms"] = codes,
            ["absent"] = codes,
            ["comorbidities"] = codes,
            ["exposure"] = [.. Packs.Codes("exposures")],
            ["danger"] = [.. Packs.Lexicon.Dangers(string.Join('\n', DangerWords())).Select(d => d.Code)],
            ["consciousness"] = ["alert", "altered", "new_confusion"],
            ["implausible"] = [],
            ["told_by"] = ["words"],
            ["respiratory_rate"] = [],
            ["heart_rate"] = [],
            ["systolic"] = [],
        };
        Assert.Empty(
            from protocol in Packs.All
            from condition in protocol.Rows.Select(r => r.When).Append(protocol.Covers).Concat(protocol.Questions.Select(q => q.AskedWhen)).OfType<Condition>().SelectMany(Parts)
            where condition.Input is not null
            let choices = questions[condition.Input!].SelectMany(q => q.Choices).Select(c => c.Value).Concat(read.GetValueOrDefault(condition.Input!) ?? []).ToHashSet()
            from wrong in questions.Contains(condition.Input!) || read.ContainsKey(condition.Input!)
                ? new[] { condition.Is, condition.Includes }.Concat(condition.In ?? []).Concat(condition.IncludesAny ?? []).OfType<string>().Where(code => code != Question.Unknown && !choices.Contains(code))
                : ["not asked"]
            select $"{protocol.Id} {protocol.Version}: {condition.Input} {wrong}");
    }

    [Theory]
    [InlineData("2020-01-21", "RF-ADULT RF-CHILD RF-PREG")]
    [InlineData("2020-01-22", "RF-ADULT RF-CHILD RF-PREG PSY-SCREEN RESP-CN")]
    [InlineData("2026-11-24", "RF-ADULT RF-CHILD RF-PREG PSY-SCREEN RESP-CN")]
    public void Protocol_serves_from_its_first_day_and_while_its_end_is_open(string day, string ids) =>
        Assert.Equal(ids, string.Join(' ', Packs.Shelf.InForce(DateOnly.Parse(day, CultureInfo.InvariantCulture), Packs.Hangzhou).Select(p => p.Id)));

    [Theory]
    [InlineData("2020-01-22", "420102", "national-v1")]
    [InlineData("2020-01-23", "420102", "national-v1+2020-01-23")]
    [InlineData("2020-01-23", "420000", "national-v1")]
    [InlineData("2020-01-23", null, "national-v1")]
    [InlineData("2020-02-01", "420102", "national-v1+2020-01-23")]
    [InlineData("2020-02-02", "420102", "national-v1+2020-02-02")]
    [InlineData("2020-02-04", "420102", "national-v1+2020-02-02")]
    [InlineData("2020-02-05", "420102", "national-v2+2020-02-02")]
    [InlineData("2020-02-10", "420102", "national-v2+2020-02-02")]
    [InlineData("2020-02-11", "420102", "national-v2+2020-02-11")]
    [InlineData("2020-05-31", "420102", "national-v2+2020-02-11")]
    [InlineData("2020-06-01", "420102", "national-v3")]
    [InlineData("2020-02-04", "330100", "national-v1")]
    [InlineData("2020-02-05", "330100", "national-v2")]
    [InlineData("2020-05-31", "330100", "national-v2")]
    [InlineData("2020-06-01", "330100", "national-v3")]
    public void Overlay_serves_in_its_city_from_its_day_and_the_pin_says_so(string day, string? region, string version) =>
        Assert.Equal(version, Packs.Shelf.InForce(DateOnly.Parse(day, CultureInfo.InvariantCulture), region).Single(p => p.Id == "RESP-CN").Version);

    [Fact]
    public void No_day_from_the_first_on_is_without_a_pack_and_none_has_two()
    {
        var last = Packs.All.Max(p => p.To ?? p.From).AddYears(1);
        for (var day = new DateOnly(2020, 1, 22); day <= last; day = day.AddDays(1))
        {
            foreach (var region in new[] { Packs.Hangzhou, Packs.Wuhan, null })
            {
                Assert.Equal("RF-ADULT RF-CHILD RF-PREG PSY-SCREEN RESP-CN", string.Join(' ', Packs.Shelf.InForce(day, region).Select(p => p.Id)));
            }

            Assert.Equal(1, Packs.All.Count(p => p.Id == "RESP-CN" && p.IsInForce(day)));
            Assert.InRange(Packs.All.Count(p => p.Overlay is not null && p.IsInForce(day)), 0, 1);
        }
    }

    [Fact]
    public void Shelf_without_red_flags_does_not_open() =>
        Assert.Throws<ArgumentException>(() => new ProtocolShelf(Packs.All.Where(p => !p.RedFlags)));

    private static IEnumerable<Condition> Parts(Condition condition) =>
        (condition.All ?? []).Concat(condition.Any ?? []).Concat(condition.None ?? []).SelectMany(Parts).Prepend(condition);

    private static IEnumerable<string> DangerWords()
    {
        using var lexicon = JsonDocument.Parse(Shipped.Read("lexicon.json"));
        return [.. lexicon.RootElement.GetProperty("dangers").EnumerateArray().Select(d => d.GetProperty("zh")[0].GetString()!)];
    }

    private static IEnumerable<Question> Questions() => Packs.Shelf.InForce(Packs.Day, Packs.Wuhan).SelectMany(p => p.Questions).DistinctBy(q => q.Code);

    private static Decision<string> Read(string code, string typed) =>
        Packs.Read(Packs.Day, Packs.Wuhan, new Dictionary<string, string> { [code] = typed }).Then<string>(read => read[code]);
}

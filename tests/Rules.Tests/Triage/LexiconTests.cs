using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

public sealed class LexiconTests
{
    /// <param name="Dangers">Codes, all of them.</param>
    /// <param name="Readings">Those that must be read so; others may be.</param>
    /// <param name="Written">Day on which it was written; null: days that it names are not read.</param>
    internal sealed record Told(string Text, ImmutableArray<string> Dangers, ImmutableDictionary<string, string> Readings, DateOnly? Written = null);

    private static readonly Told[] Stories = JsonSerializer.Deserialize<Told[]>(Shipped.Read("lexicon.cases.json"), JsonSerializerOptions.Web)!;

    public static IEnumerable<object[]> Texts => Stories.Select(s => new object[] { s.Text });

    [Theory]
    [MemberData(nameof(Texts))]
    public void Story_raises_its_dangers_and_no_others(string text) =>
        Assert.Equal(Stories.Single(s => s.Text == text).Dangers.Order(), Packs.Lexicon.Dangers(text).Select(d => d.Code).Order());

    [Theory]
    [MemberData(nameof(Texts))]
    public void Story_is_read_as_it_was_told(string text)
    {
        var story = Stories.Single(s => s.Text == text);
        var read = Packs.Lexicon.Read(text, story.Written).ToDictionary(r => r.Code, r => r.Value);

        Assert.All(story.Readings, wanted => Assert.Equal(wanted.Value, read.GetValueOrDefault(wanted.Key)));
    }

    [Theory]
    [InlineData("我家住36号楼，今年41岁")]
    [InlineData("38 people at the table")]
    [InlineData("房间 37 号，买了40元的药")]
    public void Number_that_is_no_temperature_is_not_read_as_one(string text) =>
        Assert.DoesNotContain(Packs.Lexicon.Read(text), r => r.Code == "temperature_c");

    [Theory]
    [InlineData("大概四周多，吓得不行")]
    [InlineData("连着上了二十多天班")]
    [InlineData("I came back nine days ago")]
    public void Time_that_is_not_of_the_illness_is_not_read_as_its_days(string text) =>
        Assert.DoesNotContain(Packs.Lexicon.Read(text), r => r.Code == "days");

    [Fact]
    public void Wish_to_die_is_a_crisis_and_blue_lips_are_not()
    {
        Assert.True(Assert.Single(Packs.Lexicon.Dangers("我想死")).Crisis);
        Assert.False(Assert.Single(Packs.Lexicon.Dangers("嘴唇发紫")).Crisis);
    }

    [Fact]
    public void Words_are_quoted_as_the_person_wrote_them()
    {
        Assert.Equal("Lips Are BLUE", Assert.Single(Packs.Lexicon.Dangers("His Lips Are BLUE!")).Words);
        Assert.Equal("３７．６", Assert.Single(Packs.Lexicon.Read("体温３７．６"), r => r.Code == "temperature_c").Quote);
    }

    [Fact]
    public void Every_danger_word_alone_raises_its_danger() =>
        Assert.Empty(
            from danger in LexiconFile.Parse(Shipped.Read("lexicon.json")).Dangers
            from word in danger.Zh.Concat(danger.En)
            where Packs.Lexicon.Dangers(word).All(d => d.Code != danger.Code)
            select word);

    [Fact]
    public void Every_quote_stands_in_the_story_whatever_is_written() =>
        Prop.ForAll(
            Gen.ArrayOf(Gen.Elements([.. Stories.Select(s => s.Text), "，", "没有", " not ", "İ", "😷", "３８度", "\n"])).Select(string.Concat).ToArbitrary(),
            text => Packs.Lexicon.Dangers(text).All(d => text.Contains(d.Words, StringComparison.Ordinal))
                && Packs.Lexicon.Read(text).All(r => text.Contains(r.Quote, StringComparison.Ordinal)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":"1","surprise":true}""")]
    public void Lexicon_with_a_member_too_many_or_too_few_is_refused(string json) =>
        Assert.Throws<JsonException>(() => Lexicon.Parse(json));

    [Theory]
    [InlineData("同事发烧咳嗽")]
    [InlineData("如果发烧怎么办")]
    [InlineData("My colleague has a fever and a cough")]
    [InlineData("What if I get a fever or a cough?")]
    [InlineData("小时候常发烧咳嗽")]
    public void Sign_of_others_of_long_ago_or_only_feared_is_not_read_as_ones_own(string text) =>
        Assert.DoesNotContain(Packs.Lexicon.Read(text), r => r is { Code: "symptoms:fever" or "symptoms:cough", Value: "yes" });

    [Theory]
    [InlineData("没有发烧、咳嗽和乏力", "no", "no")]
    [InlineData("no fever, cough or chills", "no", "no")]
    [InlineData("no fever, cough for two days", "no", "yes")]
    [InlineData("发烧，不咳嗽", "yes", "no")]
    public void One_denial_counts_for_a_whole_list_and_for_no_more(string text, string fever, string cough)
    {
        var read = Packs.Lexicon.Read(text).ToDictionary(r => r.Code, r => r.Value);

        Assert.Equal((fever, cough), (read.GetValueOrDefault("symptoms:fever"), read.GetValueOrDefault("symptoms:cough")));
    }

    [Fact]
    public void Stated_fact_counts_more_than_the_reading_and_contact_with_one_more_than_none_with_another()
    {
        var read = CaseFacts.None with { TemperatureC = 36.9m, Absent = ["cough"] };
        var facts = read.With(Packs.Lexicon.Read("体温38度，咳嗽，接触过确诊病人，没去过武汉"));

        Assert.Equal(36.9m, facts.TemperatureC);
        Assert.DoesNotContain("cough", facts.Symptoms ?? []);
        Assert.Equal(["contact_confirmed_case"], facts.Exposure?.Where(e => e.Value == true).Select(e => e.Key) ?? []);
    }

    [Fact]
    public void Every_sign_has_words_that_a_patient_would_use()
    {
        using var codes = JsonDocument.Parse(Shipped.Read("symptom-codes.json"));
        Assert.Empty(
            from code in codes.RootElement.GetProperty("symptoms").EnumerateObject()
            let words = code.Value.TryGetProperty("patient", out var patient) ? patient : code.Value
            where words.GetProperty("zh").ToString().IndexOfAny([.. "()（）;；_"]) >= 0 || words.GetProperty("en").ToString().IndexOfAny([.. "();_"]) >= 0
                || words.GetProperty("zh").ToString().Contains("数值", StringComparison.Ordinal) || words.GetProperty("en").ToString().Contains("stated", StringComparison.Ordinal)
            select code.Name);
    }

    [Fact]
    public void Every_code_that_is_read_is_known_to_the_lists_of_codes()
    {
        using var codes = JsonDocument.Parse(Shipped.Read("symptom-codes.json"));
        bool Known(string list, string code) => codes.RootElement.GetProperty(list).TryGetProperty(code, out _);
        var file = LexiconFile.Parse(Shipped.Read("lexicon.json"));
        var read = file.Readings.SelectMany(r => (r.Implies ?? []).Concat(r.Replaces ?? []).Append(r.Code).Append(r.Past ?? r.Code)).Concat(file.Measures.Select(m => m.Code));

        Assert.Empty(read.Where(c => c.Split(':') is [var kind, var code] && !(kind switch
        {
            "symptoms" => Known("symptoms", code),
            "comorbidities" => Known("conditions", code),
            "exposure" => Known("exposures", code),
            _ => false,
        })).Distinct());
    }

    /// <summary>What a person says and no pack of the day asks or takes would be read and dropped. Since when is told to the doctor where no row asks for it.</summary>
    [Theory]
    [InlineData("2020-01-26")]
    [InlineData("2020-03-01")]
    [InlineData("2020-06-15")]
    public void Everything_that_is_read_is_asked_or_taken_by_the_rules_of_every_day(string day)
    {
        var file = LexiconFile.Parse(Shipped.Read("lexicon.json"));
        var packs = Packs.Shelf.InForce(DateOnly.Parse(day, CultureInfo.InvariantCulture), Packs.Hangzhou);
        var taken = packs.SelectMany(p => p.Questions).Select(q => q.Code).Concat(packs.SelectMany(p => p.Inputs ?? []).Select(i => i.Code)).Append("days_since_onset").ToHashSet();

        Assert.Empty(file.Readings.Select(r => r.Code).Concat(file.Measures.Select(m => m.Code)).Select(c => c.Split(':')[0] is "days" ? "days_since_onset" : c.Split(':')[0]).Distinct().Except(taken));
    }

    [Fact]
    public void Every_plain_word_of_a_sign_alone_is_read_as_that_sign()
    {
        var file = LexiconFile.Parse(Shipped.Read("lexicon.json"));

        Assert.All(
            from list in file.Readings
            where list.Value == "yes" && list.Code is "symptoms:cough" or "symptoms:fever" or "symptoms:sore_throat"
            from word in list.Zh.Concat(list.En)
            where !word.Contains('(', StringComparison.Ordinal) && !word.Contains('~', StringComparison.Ordinal)
            select (list.Code, Word: word),
            one => Assert.Contains(Packs.Lexicon.Read(one.Word), r => r.Code == one.Code || r.Code == "symptoms:fever_resolved"));
    }
}

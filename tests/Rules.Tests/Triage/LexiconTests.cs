using System.Collections.Immutable;
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
    internal sealed record Told(string Text, ImmutableArray<string> Dangers, ImmutableDictionary<string, string> Readings);

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
        var read = Packs.Lexicon.Read(text).ToDictionary(r => r.Code, r => r.Value);

        Assert.All(Stories.Single(s => s.Text == text).Readings, wanted => Assert.Equal(wanted.Value, read.GetValueOrDefault(wanted.Key)));
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
}

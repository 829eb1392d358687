using Yizhen.Rules.Triage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>A text that comes without facts, and of which nobody can ask more: a fever of which no height is told is not taken for a low one.</summary>
public sealed class OwnWordsTests
{
    private static readonly ProtocolFiles Files = new(ProtocolFiles.Shipped, acceptDemo: true, authorityPem: null);

    [Theory]
    [InlineData("2020-01-26", "我发烧两天了", null, "W1")]
    [InlineData("2020-03-01", "我发烧两天了", null, "W1")]
    [InlineData("2020-03-01", "I have had a fever for two days", null, "W1")]
    [InlineData("2020-03-01", "我发烧两天了，38度", null, "W1")]
    [InlineData("2020-03-01", "我发烧两天了，37.6度", null, "R5")]
    [InlineData("2020-03-01", "我发烧两天了，38.6度", null, "R2T")]
    [InlineData("2020-03-01", "我没有发烧，有点咳嗽", null, "R5")]
    [InlineData("2020-03-01", "我发烧两天了", "{\"sex\":\"male\"}", "R5")]
    [InlineData("2020-01-26", "我核酸检测阳性，没有不舒服", null, "R2P")]
    [InlineData("2020-03-01", "我核酸检测阳性，没有不舒服", null, "R2P")]
    public void Fever_of_unknown_height_is_looked_at_in_person(string day, string text, string? facts, string row)
    {
        var batch = new BatchTriage(Files.Shelf(), "RESP-CN", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), "330100", Lexicon.Parse(Files.LexiconText));
        var line = $"{{\"case_id\":\"1\",\"text\":\"{text}\",\"facts\":{facts ?? "null"}}}";

        Assert.Equal(row, batch.Judge(new CaseReader().Read(line)).Row);
    }
}

using Yizhen.Rules.Triage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>L8: a number that cannot be is not taken as true and not passed over in silence.</summary>
public sealed class ImplausibleCaseTests
{
    private static readonly ProtocolFiles Files = new(ProtocolFiles.Shipped, acceptDemo: true, authorityPem: null);

    private static readonly BatchTriage Batch = new(Files.Shelf(), "RESP-CN", new(2020, 3, 1), "330100", Lexicon.Parse(Files.LexiconText));

    [Theory]
    [InlineData("\"temperature_c\": 376", "temperature_c is not plausible")]
    [InlineData("\"temperature_c\": 98.6", "temperature_c is not plausible")]
    [InlineData("\"spo2\": 9", "spo2 is not plausible")]
    [InlineData("\"age\": 340", "age is not plausible")]
    [InlineData("\"vitals\": {\"respiratory_rate\": 3}", "respiratory_rate is not plausible")]
    [InlineData("\"vitals\": {\"respiratory_rate\": 200}", "respiratory_rate is not plausible")]
    [InlineData("\"vitals\": {\"heart_rate\": 7}", "heart_rate is not plausible")]
    [InlineData("\"vitals\": {\"heart_rate\": 700}", "heart_rate is not plausible")]
    [InlineData("\"vitals\": {\"systolic\": 1200}", "systolic is not plausible")]
    public void Number_that_cannot_be_is_reported_and_seen_by_a_human(string fact, string reported)
    {
        var result = Judge(fact);

        Assert.Equal(("doctor_consult_online", "AI", 3), (result.Disposition, result.Row, result.Urgency));
        Assert.Equal(reported, Assert.Single(result.Reported));
    }

    [Theory]
    [InlineData("\"temperature_c\": 43")]
    [InlineData("\"spo2\": 50")]
    [InlineData("\"vitals\": {\"respiratory_rate\": 4, \"heart_rate\": 250, \"systolic\": 300}")]
    public void Number_at_the_edge_of_what_can_be_is_read(string fact) => Assert.Empty(Judge(fact).Reported);

    [Theory]
    [InlineData("2020-06-15", "positive", "J5", "R", null)]
    [InlineData("2020-06-15", "perhaps", "A0", null, "infection perhaps")]
    [InlineData("2020-03-01", "positive", "R2P", "R", null)]
    [InlineData("2020-01-26", "positive", "R2P", "R", null)]
    public void Test_for_infection_counts_on_every_day(string day, string infection, string row, string? flag, string? reported)
    {
        var batch = new BatchTriage(Files.Shelf(), "RESP-CN", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), "330100", Lexicon.Parse(Files.LexiconText));
        var result = batch.Judge(new CaseReader().Read("""{"case_id":"1","facts":{"infection":"?"}}""".Replace("?", infection, StringComparison.Ordinal)));

        Assert.Equal((row, flag, reported), (result.Row, result.Flags.SingleOrDefault(), result.Reported.SingleOrDefault()));
    }

    [Fact]
    public void Other_signs_keep_their_weight() =>
        Assert.Equal("emergency", Batch.Judge(new CaseReader().Read("""{"case_id":"1","facts":{"temperature_c":376,"symptoms":["blue_lips"]}}""")).Disposition);

    private static CaseResult Judge(string fact) => Batch.Judge(new CaseReader().Read($$$"""{"case_id":"1","facts":{"symptoms":["cough"],{{{fact}}}}}"""));
}

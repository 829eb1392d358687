using System.Text.Json.Nodes;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Tests.Campaigns;

namespace Yizhen.Rules.Tests.Regulation;

/// <summary>How much time there is for a report, on what basis and for whom: the file says it, no code does.</summary>
public sealed class ReportingTests
{
    private static readonly ReportingPolicy Policy = ReportingPolicy.Read(Shipped.Read("reporting.json"));

    [Theory]
    [InlineData(Flag.Report, "2020-01-26", "REPORT-2013")]
    [InlineData(Flag.Report, "2025-08-31", "REPORT-2013")]
    [InlineData(Flag.Report, "2025-09-01", "REPORT-2025")]
    [InlineData(Flag.Contact, "2020-01-26", "CONTACT-2013")]
    [InlineData(Flag.Contact, "2026-11-28", "CONTACT-2025")]
    [InlineData(Flag.Report, "1999-01-01", "REPORT-2013")]
    public void Duty_is_that_of_the_day(Flag flag, string day, string duty) =>
        Assert.Equal(duty, Policy.On(flag, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)).Id);

    [Fact]
    public void Report_has_two_hours_from_the_confirmation_and_names_its_articles()
    {
        Assert.All(Policy.Duties.Where(d => d.Flag == Flag.Report), d => Assert.Equal(TimeSpan.FromHours(2), d.Within));
        Assert.Contains("第三十条", Policy.On(Flag.Report, new(2020, 1, 26)).Basis.Zh, StringComparison.Ordinal);
        Assert.All(Policy.Duties, d => Assert.Contains("CN-INF-01", d.Articles));
    }

    [Theory]
    [InlineData("421182", "武穴市疾病预防控制中心")]
    [InlineData("420222", "阳新县疾病预防控制中心")]
    [InlineData("420202", "黄石市疾病预防控制中心")]
    [InlineData("420102", null)]
    [InlineData("110101", null)]
    [InlineData(null, null)]
    public void Recipient_is_the_districts_else_the_citys_else_not_known(string? region, string? name) =>
        Assert.Equal(name, Policy.RecipientOf(region)?.Name.Zh);

    [Theory]
    [InlineData("duties", 0, "withinMinutes", "0")]
    [InlineData("duties", 0, "remindAfterMinutes", "121")]
    [InlineData("duties", 1, "from", "\"2013-06-29\"")]
    [InlineData("duties", 2, "id", "\"REPORT-2013\"")]
    [InlineData("duties", 0, "articles", "[]")]
    [InlineData("duties", 0, "somebody", "1")]
    [InlineData("recipients", 0, "within", "\"黄石\"")]
    [InlineData("recipients", 1, "within", "\"4202\"")]
    [InlineData("sheet", 0, "key", "\"what\"")]
    [InlineData("sheet", 0, "key", "\"diagnosis\"")]
    public void File_that_leaves_a_hole_cannot_be_read(string list, int at, string member, string value)
    {
        var file = JsonNode.Parse(Shipped.Read("reporting.json"))!;
        file[list]![at]![member] = JsonNode.Parse(value);
        Assert.Throws<FormatException>(() => ReportingPolicy.Read(file.ToJsonString()));
    }

    [Fact]
    public void File_without_a_duty_for_a_flag_cannot_be_read()
    {
        var file = JsonNode.Parse(Shipped.Read("reporting.json"))!;
        var duties = file["duties"]!.AsArray();
        foreach (var contact in duties.Where(d => (string?)d!["flag"] == "contact").ToList())
        {
            duties.Remove(contact);
        }

        Assert.Throws<FormatException>(() => ReportingPolicy.Read(file.ToJsonString()));
    }
}

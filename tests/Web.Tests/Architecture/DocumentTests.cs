using System.Text.RegularExpressions;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>A document that names a test is worth what the test is worth: it must be there. What is not proved says so.</summary>
public sealed partial class DocumentTests
{
    private const string Compliance = "docs/compliance.md";
    private const string Safety = "docs/clinical-safety.md";

    /// <summary>Rules of part A of the regulation notes that apply to light consultation or to everything.</summary>
    private static readonly string[] Obligations =
    [
        "CN-DOC-07", "CN-DOC-08", "CN-DOC-09", "CN-DOC-11", "CN-FV-06", "CN-FV-08", "CN-CON-01", "CN-CON-02", "CN-ID-02", "CN-ID-03", "CN-MIN-02", "CN-MIN-03",
        "CN-REC-05", "CN-INF-01", "CN-INF-02", "CN-PI-01", "CN-PI-02", "CN-PI-03", "CN-PI-04", "CN-PI-05", "CN-PI-07", "CN-PI-08", "CN-PI-09", "CN-PI-10", "CN-PI-11",
        "CN-PI-12", "CN-SEC-02", "CN-PSY-01", "CN-PSY-03",
    ];

    private static readonly HashSet<string> Tests = SourceFile.All
        .Where(f => f.IsCSharp && f.Path.StartsWith("tests/", StringComparison.Ordinal))
        .SelectMany(f => Class().Match(f.Text) is { Success: true } type ? Method().Matches(f.Text).Select(m => $"{type.Groups["name"].Value}.{m.Groups["name"].Value}") : [])
        .ToHashSet();

    [Theory]
    [InlineData(Compliance)]
    [InlineData(Safety)]
    public void Test_that_a_document_names_exists(string document)
    {
        var named = Named().Matches(Read(document)).Select(m => m.Groups["name"].Value).ToList();
        Assert.True(named.Count > 15, $"{document} names only {named.Count} tests.");
        Law.Holds(named.Where(name => !Tests.Contains(name)).Select(name => $"{document} names {name}, and there is no such test."));
    }

    [Fact]
    public void Obligation_has_a_test_or_says_not_yet() =>
        Law.Holds(Obligations.Select(rule => (rule, row: Row(Compliance, rule)))
            .Where(o => o.row is null || (!Named().IsMatch(o.row) && !o.row.Contains("not yet", StringComparison.OrdinalIgnoreCase)))
            .Select(o => o.row is null ? $"{Compliance} has no row for {o.rule}." : $"{o.rule} names no test and does not say \"not yet\"."));

    [Fact]
    public void Article_that_a_policy_leans_on_stands_in_the_timeline_or_in_the_document()
    {
        var leaned = SourceFile.All.Where(f => f.Path is "policies/light-consultation.json" or "policies/consent.json" or "policies/retention.json" or "policies/reporting.json")
            .SelectMany(f => Article().Matches(f.Text).Select(m => (f.Path, Rule: m.Value)));
        Law.Holds(leaned.Where(l => !Read(Compliance).Contains(l.Rule, StringComparison.Ordinal)).Select(l => $"{l.Path} leans on {l.Rule}, of which {Compliance} says nothing."));
    }

    [Fact]
    public void Hazard_has_a_control_and_a_test_or_says_not_yet() =>
        Law.Holds(Enumerable.Range(1, 14).Select(n => $"H{n}").Select(hazard => (hazard, row: Row(Safety, hazard)))
            .Where(h => h.row is null || (!Named().IsMatch(h.row) && !h.row.Contains("not yet", StringComparison.OrdinalIgnoreCase)))
            .Select(h => $"{Safety}: {h.hazard} has no row, or names no test and does not say \"not yet\"."));

    private static string Read(string document) => SourceFile.All.Single(f => f.Path == document).Text;

    private static string? Row(string document, string id) => Read(document).Split('\n').FirstOrDefault(line => line.StartsWith($"| {id} ", StringComparison.Ordinal));

    [GeneratedRegex(@"\bclass (?<name>\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\n(?:\s*\[[^\n]*\n)*\s*public (?:static )?(?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex Method();

    /// <summary>A class of tests and a method, set as code.</summary>
    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`")]
    private static partial Regex Named();

    [GeneratedRegex(@"CN-[A-Z]+-\d\d")]
    private static partial Regex Article();
}

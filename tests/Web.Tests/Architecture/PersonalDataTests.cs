using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Yizhen.Rules.Consultations;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>The register of purposes is whole: nothing is kept about anybody without saying what for and how long (CN-PI-01).</summary>
public sealed partial class PersonalDataTests
{
    private const string Register = "docs/personal-data.md";

    [Fact]
    public void Every_field_of_every_fact_has_its_purpose_and_the_class_under_which_it_is_kept()
    {
        var classOf = typeof(Header).GetMethod("RetentionOf", BindingFlags.Static | BindingFlags.NonPublic) ?? throw new InvalidOperationException("Header has no RetentionOf.");
        var kept = typeof(Fact).GetCustomAttributes<JsonDerivedTypeAttribute>()
            .Select(a => (Kind: $"{a.TypeDiscriminator}", Fields: Fields(a.DerivedType), Class: $"{classOf.Invoke(null, [RuntimeHelpers.GetUninitializedObject(a.DerivedType)])}".ToLowerInvariant())).ToList();
        Assert.True(kept.Count > 40, $"Only {kept.Count} kinds of facts were found.");
        Law.Holds(kept.Where(k => Row(k.Kind) is not { } row || !row.Names.SetEquals(k.Fields) || row.Cells[^1] != k.Class)
            .Select(k => $"{Register}: {k.Kind} is kept with {string.Join(' ', k.Fields.Order(StringComparer.Ordinal))} under {k.Class}, and its row says {(Row(k.Kind) is { } row ? $"{string.Join(' ', row.Names.Order(StringComparer.Ordinal))} under {row.Cells[^1]}" : "nothing")}."));
    }

    [Fact]
    public void Every_column_of_every_table_has_its_purpose_and_its_end()
    {
        var tables = new Dictionary<string, HashSet<string>>();
        foreach (var script in SourceFile.All.Where(f => f.Path.StartsWith("src/Web/Storage/Sqlite/", StringComparison.Ordinal) && f.Path.EndsWith(".sql", StringComparison.Ordinal)).OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            foreach (Match made in Table().Matches(script.Text))
            {
                tables[made.Groups["name"].Value] = [.. Column().Matches(made.Groups["body"].Value).Select(c => c.Groups["name"].Value)];
            }

            foreach (Match added in Added().Matches(script.Text))
            {
                tables[added.Groups["table"].Value].Add(added.Groups["name"].Value);
            }
        }

        Assert.True(tables.Count > 25, $"Only {tables.Count} tables were found.");
        Law.Holds(tables.Where(t => Row(t.Key) is not { } row || !row.Names.SetEquals(t.Value)).Select(t => $"{Register}: the table {t.Key} has the columns {string.Join(' ', t.Value)}, and its row names others."));
    }

    [Fact]
    public void No_row_is_without_a_purpose() =>
        Law.Holds(Rows().Where(r => r.Cells.Length != 4 || r.Cells.Any(string.IsNullOrWhiteSpace)).Select(r => $"{Register}: {r.Cells[0]} has no purpose or no end."));

    private static HashSet<string> Fields(Type fact) =>
        [.. fact.GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name))];

    private static (string[] Cells, HashSet<string> Names)? Row(string name) => Rows().Where(r => r.Cells[0] == name).Select(r => ((string[], HashSet<string>)?)r).FirstOrDefault();

    private static IEnumerable<(string[] Cells, HashSet<string> Names)> Rows() =>
        from line in SourceFile.All.Single(f => f.Path == Register).Text.Split('\n')
        where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| kind", StringComparison.Ordinal) && !line.StartsWith("| table", StringComparison.Ordinal)
        let cells = line.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToArray()
        select (cells, Code().Matches(cells.ElementAtOrDefault(1) ?? "").Select(m => m.Groups["name"].Value).ToHashSet());

    [GeneratedRegex("`(?<name>[a-z0-9_]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"create table (?<name>\w+) \((?<body>.*?)\n\);", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex(@"^    (?!unique|primary|check|foreign|constraint)(?<name>\w+) ", RegexOptions.Multiline)]
    private static partial Regex Column();

    [GeneratedRegex(@"alter table (?<table>\w+) add column (?<name>\w+)")]
    private static partial Regex Added();
}

using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>What no file may hold.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void File_promises_nothing_for_later() =>
        Law.Holds(Matches(SourceFile.Code.Concat(Scripts), Later(), "do it now, leave it out, or open an issue"));

    [Fact]
    public void File_names_no_folder_of_the_machine_it_was_written_on() =>
        Law.Holds(Matches(SourceFile.All, Workplace(), "no path of a developer's machine"));

    [Fact]
    public void Code_has_no_regions() =>
        Law.Holds(Matches(SourceFile.Code, Region(), "split the file instead"));

    [Fact]
    public void Test_waits_for_the_fact_and_not_for_the_clock() =>
        Law.Holds(Matches(SourceFile.Code.Where(f => f.Path.StartsWith("tests/", StringComparison.Ordinal)), Sleep(), "wait for the fact"));

    [Fact]
    public void Clinical_and_legal_rules_hold_no_number_but_0_and_1()
    {
        // The numbers stand in protocols/ and policies/, signed. Members of an enum are names, not numbers.
        var judges = SourceFile.Code.Where(f => f.IsCSharp
            && (f.Path.StartsWith("src/Rules/Triage/", StringComparison.Ordinal) || f.Path.StartsWith("src/Rules/Regulation/", StringComparison.Ordinal)));
        Law.Holds(
            from file in judges
            from number in Number().Matches(EnumMember().Replace(file.Bare, "")).Select(m => m.Value)
            where number is not ("0" or "1")
            select $"{file.Path} holds the number {number}: it belongs into a signed data file.");
    }

    [Fact]
    public void Schema_has_the_same_scripts_for_both_databases_without_a_gap()
    {
        static List<string> Names(string engine)
        {
            var folder = Checkout.At("src", "Web", "Storage", engine);
            return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.sql").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];
        }

        var sqlite = Names("Sqlite");
        Assert.Equal(sqlite, Names("Postgres"));
        Law.Holds(sqlite.Select((name, at) => (name, number: $"{at + 1:0000}-"))
            .Where(script => !script.name.StartsWith(script.number, StringComparison.Ordinal))
            .Select(script => $"{script.name} should begin with {script.number}: scripts are numbered without a gap."));
    }

    [Fact]
    public void Protocol_has_worked_cases_beside_it()
    {
        // protocols/NAME.json and, in the same folder, a file that begins with NAME and says "cases".
        var files = SourceFile.All.Where(f => f.Path.StartsWith("protocols/", StringComparison.Ordinal)).Select(f => f.Path).ToList();
        Law.Holds(
            from protocol in files
            where protocol.EndsWith(".json", StringComparison.Ordinal) && !protocol.Contains("cases", StringComparison.Ordinal)
            let stem = protocol[..^".json".Length]
            where !files.Any(f => f != protocol && f.StartsWith(stem, StringComparison.Ordinal) && f.Contains("cases", StringComparison.Ordinal))
            select $"{protocol} has no {stem}.cases.json: a protocol without worked cases does not serve.");
    }

    private static IEnumerable<SourceFile> Scripts => SourceFile.All.Where(f => f.Text.StartsWith("#!", StringComparison.Ordinal));

    private static IEnumerable<string> Matches(IEnumerable<SourceFile> files, Regex forbidden, string instead) =>
        from file in files
        from line in file.Text.Split('\n').Select((text, at) => (text, at))
        where forbidden.IsMatch(line.text)
        select $"{file.Path}:{line.at + 1} holds '{forbidden.Match(line.text).Value}': {instead}.";

    // Written so that this file does not match itself.
    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|X[X]X)\b|NotImplemente[d]")]
    private static partial Regex Later();

    [GeneratedRegex(@"(?<![\w.~-])(/wor[k]/|/tmp/w[t]\b)")]
    private static partial Regex Workplace();

    [GeneratedRegex(@"^\s*#regio[n]")]
    private static partial Regex Region();

    [GeneratedRegex(@"Thread\.Slee[p]|Task\.Dela[y]\((\d{3,}|TimeSpan\.From(?!Milliseconds\(\d{1,2}\)))")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"(?<![\w.])\d[\d_]*(\.\d+)?\w*")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\s*\w+ = \d+,?\s*$", RegexOptions.Multiline)]
    private static partial Regex EnumMember();
}

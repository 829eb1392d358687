using System.Text.Json;
using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>
/// Habits that may only shrink. A number in ratchets.json is a ceiling: lower it whenever you can, raise it never.
/// No entry there lifts the hard limit of 400 lines.
/// </summary>
public sealed partial class RatchetTests
{
    private const int SoftLimit = 200;
    private const int HardLimit = 400;

    [Fact]
    public void File_has_at_most_400_lines() =>
        Law.Holds(SourceFile.Code.Where(f => f.Lines > HardLimit).Select(f => $"{f.Path} has {f.Lines} lines: split it by meaning."));

    [Fact]
    public void Longest_file_does_not_grow()
    {
        var longest = SourceFile.Code.MaxBy(f => f.Lines)!;
        Assert.True(longest.Lines <= Ceiling.LongestFile, $"{longest.Path} has {longest.Lines} lines; the longest file had {Ceiling.LongestFile}. Split it.");
    }

    [Fact]
    public void Long_files_do_not_become_more() =>
        Law.Holds(SourceFile.Code.Where(f => f.Lines > SoftLimit && !Ceiling.LongFiles.Contains(f.Path))
            .Select(f => $"{f.Path} has {f.Lines} lines, more than {SoftLimit}, and is not among the old long files: split it."));

    [Fact]
    public void Long_file_that_was_cured_is_struck_off() =>
        Law.Holds(Ceiling.LongFiles.Where(path => SourceFile.Code.All(f => f.Path != path || f.Lines <= SoftLimit))
            .Select(path => $"{path} is no longer long: strike it from ratchets.json, so that it stays so."));

    [Fact]
    public void Null_forgiving_operators_do_not_become_more() =>
        Assert.InRange(Count(NullForgiving()), 0, Ceiling.NullForgiving);

    [Fact]
    public void Pragmas_do_not_become_more() =>
        Assert.InRange(Count(Pragma()), 0, Ceiling.Pragmas);

    private static int Count(Regex habit) =>
        SourceFile.Code.Where(f => f.IsCSharp && f.Path.StartsWith("src/", StringComparison.Ordinal)).Sum(f => habit.Count(f.Bare));

    private static readonly Ratchets Ceiling = JsonSerializer.Deserialize<Ratchets>(
        File.ReadAllText(Checkout.At("tests", "Web.Tests", "Architecture", "ratchets.json")), JsonSerializerOptions.Web)!;

    private sealed record Ratchets(int LongestFile, int NullForgiving, int Pragmas, string[] LongFiles);

    [GeneratedRegex(@"(?<=[\w\)\]>""])!(?!=)")]
    private static partial Regex NullForgiving();

    [GeneratedRegex(@"^\s*#pragma warning disable", RegexOptions.Multiline)]
    private static partial Regex Pragma();
}

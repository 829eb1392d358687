using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>A text file of the working copy, by its path from the root.</summary>
internal sealed partial record SourceFile(string Path, string Text)
{
    private static readonly string[] NotOurs = [".git", ".vs", ".vscode", "artifacts", "TestResults", "bin", "obj", "node_modules"];
    private static readonly string[] CodeEndings = [".cs", ".razor", ".js", ".css", ".sql", ".sh"];

    /// <summary>Everything that is or could be tracked; pictures and other binary files apart.</summary>
    public static readonly IReadOnlyList<SourceFile> All = [.. Walk(new(Checkout.Root))];

    public static IEnumerable<SourceFile> Code => All.Where(f => f.IsCode);

    public bool IsCode => (Path.StartsWith("src/", StringComparison.Ordinal) || Path.StartsWith("tests/", StringComparison.Ordinal) || Path.StartsWith("benchmarks/", StringComparison.Ordinal))
        && CodeEndings.Contains(System.IO.Path.GetExtension(Path));

    public bool IsCSharp => IsCode && Path.EndsWith(".cs", StringComparison.Ordinal);

    public int Lines => Text.Count(c => c == '\n') + (Text.Length > 0 && Text[^1] != '\n' ? 1 : 0);

    /// <summary>C# without its comments and texts, roughly: what an interpolated text computes may be lost with it.</summary>
    public string Bare => CommentOrText().Replace(Text, "\"\"");

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.GetFiles().Where(f => !NotOurs.Contains(f.Name)))
        {
            var text = File.ReadAllText(file.FullName);
            if (!text.Contains('\0', StringComparison.Ordinal))
            {
                yield return new(System.IO.Path.GetRelativePath(Checkout.Root, file.FullName).Replace('\\', '/'), text);
            }
        }

        var atRoot = folder.FullName == new DirectoryInfo(Checkout.Root).FullName;
        foreach (var inner in folder.GetDirectories())
        {
            if (!NotOurs.Contains(inner.Name) && !(atRoot && inner.Name == "data") && inner.LinkTarget is null)
            {
                foreach (var file in Walk(inner))
                {
                    yield return file;
                }
            }
        }
    }

    [GeneratedRegex("""
        //[^\n]*
        |/\*.*?\*/
        |\$*("{3,}).*?\1
        |(?:@\$?|\$@)"(?:""|[^"])*"
        |\$?"(?:\\.|[^"\\\n])*"
        |'(?:\\.[^']*|[^'\\\n])'
        """, RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentOrText();
}

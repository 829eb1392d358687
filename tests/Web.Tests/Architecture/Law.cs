using System.Text.RegularExpressions;

namespace Yizhen.Web.Tests.Architecture;

internal static partial class Law
{
    /// <summary>Fails with every breach on a line of its own, so that one run tells all.</summary>
    public static void Holds(IEnumerable<string> breaches)
    {
        var all = breaches.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all.Prepend($"{all.Count} breaches:")));
    }

    [GeneratedRegex(@"\b(from|into|update|join|table)\s+fact\b", RegexOptions.IgnoreCase)]
    public static partial Regex FactTable();
}

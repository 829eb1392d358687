using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Information;

/// <param name="Degrees">Temperatures that stand in it, in degrees Celsius; out of the text they are taken.</param>
/// <param name="Asks">It holds a word of asking.</param>
internal sealed record Clause(string Text, IReadOnlyList<decimal> Degrees, bool Asks);

/// <summary>What somebody typed, made plain: small letters, dialect spellings put right, temperatures read, cut into clauses.</summary>
internal sealed partial class AskedText(SearchWords words)
{
    private const decimal FahrenheitFrom = 95;

    private readonly string[] breaks = [.. words.Breaks];
    private readonly (string From, string To)[] dialects = [.. words.Dialects.OrderByDescending(d => d.Key.Length).ThenBy(d => d.Key, StringComparer.Ordinal).Select(d => (d.Key, d.Value))];
    private readonly Regex digits = new($"([{string.Concat(words.Digits.Keys)}])?十([{string.Concat(words.Digits.Keys)}])?(?=[{string.Concat(words.Degrees.Select(d => d[0]).Distinct())}])", RegexOptions.CultureInvariant);

    private readonly Regex spoken = new($"(?<=\\d(?:{string.Join('|', words.Degrees.Select(Regex.Escape))}))[{string.Concat(words.Digits.Keys)}]", RegexOptions.CultureInvariant);

    private readonly Regex degrees = new(
        $"(?<![\\d.])(?<whole>3[4-9]|4[0-3]|9[5-9]|10[0-8])(?:\\.(?<part>\\d)\\d?(?:{Either(words)}|c\\b|f\\b)?|(?:{Either(words)})(?<part>\\d)?(?!\\d)|\\s*(?<unit>c|f)\\b)(?!岁|号|天|年|月)",
        RegexOptions.CultureInvariant);

    /// <summary>A number with a point or with degrees behind it; "37 years" is none.</summary>
    public IReadOnlyList<Clause> Of(string text)
    {
        var plain = Plain(text);
        return [.. Cut(plain).Select(Read).Where(c => c.Text.Length > 0 || c.Degrees.Count > 0)];
    }

    public string Plain(string text)
    {
        var plain = new StringBuilder(text.Normalize(NormalizationForm.FormKC).ToLowerInvariant()).Replace('’', '\'').ToString();
        plain = digits.Replace(plain, m => $"{(m.Groups[1].Success ? words.Digits[m.Groups[1].Value] : 1)}{(m.Groups[2].Success ? words.Digits[m.Groups[2].Value] : 0)}");
        plain = spoken.Replace(plain, m => words.Digits[m.Value].ToString(CultureInfo.InvariantCulture));
        foreach (var (from, to) in dialects)
        {
            plain = plain.Replace(from, to, StringComparison.Ordinal);
        }

        return plain;
    }

    private static string Either(SearchWords words) => string.Join('|', words.Degrees.Select(Regex.Escape));

    /// <summary>The mark of a question stays with its clause: it says that it asks.</summary>
    private IEnumerable<string> Cut(string plain)
    {
        var from = 0;
        for (var at = 0; at < plain.Length; at++)
        {
            if (breaks.FirstOrDefault(b => string.CompareOrdinal(plain, at, b, 0, b.Length) == 0) is { } found)
            {
                yield return plain[from..(at + found.Length)];
                from = at + found.Length;
                at = from - 1;
            }
        }

        yield return plain[from..];
    }

    private Clause Read(string part)
    {
        var found = new List<decimal>();
        var rest = degrees.Replace(part, m =>
        {
            var value = decimal.Parse(m.Groups["part"] is { Success: true } tenth ? $"{m.Groups["whole"].Value}.{tenth.Value}" : m.Groups["whole"].Value, CultureInfo.InvariantCulture);
            found.Add(value >= FahrenheitFrom ? decimal.Round((value - 32) * 5 / 9, 1) : value);
            return " ";
        });
        return new Clause(Spaces().Replace(rest, " ").Trim(), found, words.Questions.Both.Any(q => part.Contains(q, StringComparison.Ordinal)) || part.EndsWith('?'));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

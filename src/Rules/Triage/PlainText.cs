using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>A text in small letters and plain digits. Every character keeps its place.</summary>
internal static class PlainText
{
    private const char Comma = '，';

    public static string Of(string text) => Parted([.. text.Select(Small)]);

    /// <summary>A blank between Chinese characters ends a clause, as a comma does; between other words it is only a blank.</summary>
    private static string Parted(char[] plain)
    {
        for (var at = 1; at + 1 < plain.Length; at++)
        {
            if (char.IsWhiteSpace(plain[at]) && IsChinese(plain[at - 1]) && IsChinese(plain[at + 1]))
            {
                plain[at] = Comma;
            }
        }

        return new string(plain);
    }

    private static bool IsChinese(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.OtherLetter;

    private static char Small(char c) => c switch
    {
        '’' => '\'',
        '．' => '.',
        _ when char.IsDigit(c) => "0123456789"[(int)char.GetNumericValue(c)],
        _ => char.ToLowerInvariant(c),
    };
}

namespace Yizhen.Rules.Regulation;

/// <summary>A phone number in E.164, for example +8613800005678. Not a promise that it exists.</summary>
public sealed record PhoneNumber
{
    private const string HomeCountry = "86";
    private const string Separators = " -().·\u3000\u00a0（）－";

    private static readonly int Shortest = "1234567".Length;
    private static readonly int Longest = "123456789012345".Length;
    private static readonly int ShownAtEnd = "5678".Length;
    private static readonly int ShownAtStart = "+86138".Length;

    private PhoneNumber(string e164) => E164 = e164;

    public string E164 { get; }

    /// <summary>For pages: the middle is hidden, and the country where it is ours, as people write it at home.</summary>
    public string Masked => E164.Length > ShownAtStart + ShownAtEnd
        ? $"{(E164.StartsWith("+" + HomeCountry, StringComparison.Ordinal) ? E164[(HomeCountry.Length + 1)..ShownAtStart] : E164[..ShownAtStart])} **** {E164[^ShownAtEnd..]}"
        : $"**** {E164[^ShownAtEnd..]}";

    /// <summary>As people type it: spaces, hyphens, full-width digits, 00 for +. Without a country it is a number of mainland China.</summary>
    public static Decision<PhoneNumber> Read(string? typed)
    {
        var text = new string([.. (typed ?? "").Where(c => !Separators.Contains(c)).Select(Plain)]);
        var abroad = text.StartsWith('+') || text.StartsWith("00", StringComparison.Ordinal);
        var digits = text.TrimStart('+');
        digits = abroad ? digits.TrimStart('0') : HomeCountry + digits.TrimStart('0');
        return digits.All(char.IsAsciiDigit) && digits.Length >= Shortest && digits.Length <= Longest && (abroad || digits.Length > HomeCountry.Length + Shortest)
            ? new PhoneNumber("+" + digits)
            : Refusal.PhoneMalformed;
    }

    private static char Plain(char c) =>
        c is '＋' ? '+' : char.IsDigit(c) ? "0123456789"[(int)char.GetNumericValue(c)] : c;
}

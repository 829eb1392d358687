using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Web.Page;

/// <summary>What every page of this deployment says about itself.</summary>
/// <param name="Demo">Nothing here is real, and each page says so.</param>
/// <param name="Zone">Days and clock times are shown in it.</param>
/// <param name="Drill">People and doctors are virtual, and time may run faster: said aloud on each page.</param>
public sealed record PageSettings(bool Demo, TimeZoneInfo Zone, bool Drill = false);

/// <summary>Whose page this is: the campaign's name and address, and the telephone line for whoever cannot use the page.</summary>
/// <param name="Notice">Said at the top of each page, for example the pinned date of a drill.</param>
public sealed record Brand(string Name, string Href, string? Hotline = null, string? HotlineHours = null, string? Notice = null)
{
    public static Brand Plain { get; } = new("Yizhen 义诊", "/");
}

/// <summary>One thing to look at again: the field's id and the sentence that stands both at the field and at the top.</summary>
public sealed record Mistake(string Field, string Text);

/// <summary>What surrounds a page: the reader's language, the address, the clock of this request. Cascades to every part.</summary>
/// <param name="Address">Path and query, for the language link.</param>
/// <param name="Token">Makes the form token when a form asks for it; a page without forms needs none and may be cached.</param>
/// <param name="Sos">The ambulance where the reader is; 120 in mainland China.</param>
public sealed record Frame(Lang T, string Address, PageSettings Settings, DateTimeOffset Now, Brand Brand, Func<string?> Token, string Sos = "120")
{
    /// <summary>Origins of the pages that this one stands in, with spaces between; null: it stands alone.</summary>
    public string? Embed { get; init; }


    private const string Ambulance = "120";

    /// <summary>14:08</summary>
    public string Clock(DateTimeOffset at) => Here(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>1 月 26 日, 26 January</summary>
    public string Day(DateTimeOffset at) => Here(at).ToString(T["M 月 d 日", "d MMMM"], CultureInfo.InvariantCulture);

    /// <summary>2020 年 1 月 26 日, 26 January 2020</summary>
    public string Date(DateOnly day) => day.ToString(T["yyyy 年 M 月 d 日", "d MMMM yyyy"], CultureInfo.InvariantCulture);

    public string Date(DateTimeOffset at) => Date(DateOnly.FromDateTime(Here(at).DateTime));

    /// <summary>The clock time, with the day where it is not today.</summary>
    public string Moment(DateTimeOffset at) => Here(at).Date == Here(Now).Date ? Clock(at) : $"{Day(at)} {Clock(at)}";

    /// <summary>For people abroad, who read another clock.</summary>
    public string ZoneName => Settings.Zone.Id == "Asia/Shanghai" ? T["北京时间", "Beijing time"] : Settings.Zone.Id;

    /// <summary>For the <c>datetime</c> attribute.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A protocol's words where the reader is: it names the ambulance of mainland China, and abroad that number helps nobody.</summary>
    public string Near(Wording words) => Sos == Ambulance ? T[words] : T[words].Replace(Ambulance, Sos, StringComparison.Ordinal);

    public static string Tel(string number) => $"tel:{string.Concat(number.Where(c => char.IsAsciiDigit(c) || c == '+'))}";

    /// <summary>The first number of a line that also says whose it is.</summary>
    public static string TelIn(string line) =>
        Tel(string.Concat(line.SkipWhile(c => !char.IsAsciiDigit(c) && c != '+').TakeWhile(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ')));

    private DateTimeOffset Here(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Settings.Zone);
}

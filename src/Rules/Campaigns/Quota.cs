using System.Collections.Immutable;

namespace Yizhen.Rules.Campaigns;

/// <summary>What one entrance has let in within one hour, with those whom it has promised a place in it.</summary>
/// <param name="Share">People an hour that are its own; null: none is set.</param>
public sealed record EntranceUse(string Code, int? Share, int Taken);

/// <summary>
/// The fair rule of entrances. Each entrance's own share is its own, whatever comes through the others; beyond it, it takes of the campaign's hour
/// only what nobody's share holds. So ten times the people at one entrance take nothing from another. Urgent people are not asked and not counted.
/// </summary>
public static class Quota
{
    /// <param name="total">People an hour of the whole campaign; null: no limit beside the shares.</param>
    public static bool Admits(string at, IReadOnlyCollection<EntranceUse> uses, int? total)
    {
        ArgumentNullException.ThrowIfNull(uses);
        var own = uses.FirstOrDefault(u => u.Code == at) ?? new EntranceUse(at, null, 0);
        return own.Taken < own.Share
            || (total is { } all ? all > uses.Sum(u => (long)Math.Max(u.Share ?? 0, u.Taken)) : own.Share is null);
    }
}

/// <summary>What an operator typed about an entrance.</summary>
/// <param name="Code">Small letters and digits, in the link; empty: one is made.</param>
/// <param name="Kind">link, poster, embed or partner.</param>
/// <param name="PerHour">Empty: no share of its own.</param>
/// <param name="Origins">Where an embed may stand: https://host, with spaces between.</param>
public sealed record EntranceDraft(string Code, string Name, string Kind, string PerHour, string Origins)
{
    public const string Link = "link";
    public const string Embed = "embed";
    private const int LongestCode = 24;
    private const int LongestName = 80;
    private const int MostOrigins = 12;

    public static readonly ImmutableArray<string> Kinds = [Link, "poster", Embed, "partner"];

    public static EntranceDraft Empty { get; } = new("", "", Link, "", "");

    public int? Share => int.TryParse(PerHour, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= TermsDraft.MostPerHour ? number : null;

    public ImmutableArray<string> Places => [.. Origins.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct()];

    /// <summary>Names of the fields that cannot be taken; empty when all can.</summary>
    /// <param name="loopback">Whether plain http of this machine may frame: in demo and drill only.</param>
    public ImmutableArray<string> Wrong(bool loopback) =>
    [.. new (string Field, bool IsWrong)[]
    {
        ("code", Code.Length > LongestCode || Code == Link || !Code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))),
        ("name", string.IsNullOrWhiteSpace(Name) || !CampaignDraft.Holds(Name, LongestName)),
        ("kind", !Kinds.Contains(Kind)),
        ("per_hour", PerHour.Length > 0 && Share is null),
        ("origins", Places.Length > MostOrigins || !Places.All(p => IsOrigin(p, loopback)) || (Kind == Embed && Places.IsEmpty)),
    }.Where(f => f.IsWrong).Select(f => f.Field)];

    /// <summary>Scheme, host and port alone: it goes into a header.</summary>
    private static bool IsOrigin(string typed, bool loopback) =>
        typed.All(char.IsAscii) && Uri.TryCreate(typed, UriKind.Absolute, out var at) && Uri.CheckHostName(at.Host) != UriHostNameType.Unknown && at.GetLeftPart(UriPartial.Authority) == typed && at.UserInfo.Length == 0
        && (at.Scheme == Uri.UriSchemeHttps || (loopback && at.Scheme == Uri.UriSchemeHttp && at.IsLoopback));
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Campaigns;

/// <summary>The numbers of partners' keys and webhooks, from <c>policies/partners.json</c>.</summary>
/// <param name="RetrySeconds">Pauses after the first, second, ... failed attempt; after the last one nothing more is tried by itself.</param>
/// <param name="OverlapSeconds">Looked back beyond what was seen, for decisions that were committed late.</param>
/// <param name="KeepDays">Deliveries are forgotten after so many days.</param>
/// <param name="PerMinute">Calls a minute and node of a key that says nothing else.</param>
public sealed record PartnerRules(string Version, ImmutableArray<int> RetrySeconds, int OverlapSeconds, int KeepDays, int PerMinute, int MostPerMinute)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static PartnerRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<PartnerRules>(json, Strict) ?? throw new JsonException("The partner rules are empty.");
        return rules is { OverlapSeconds: >= 0, KeepDays: >= 1, PerMinute: >= 1 } && rules.MostPerMinute >= rules.PerMinute && !rules.RetrySeconds.IsEmpty && rules.RetrySeconds.All(s => s >= 1)
            ? rules
            : throw new JsonException("The partner rules are out of range.");
    }

    /// <summary>Null where nothing more is tried by itself.</summary>
    /// <param name="attempts">Failed so far, 1 or more.</param>
    public TimeSpan? RetryAfter(int attempts) => attempts <= RetrySeconds.Length ? TimeSpan.FromSeconds(RetrySeconds[attempts - 1]) : null;
}

/// <summary>What an operator typed about a partner.</summary>
/// <param name="Scopes">Of <see cref="All"/>.</param>
/// <param name="PerMinute">Calls; empty: the usual number.</param>
/// <param name="PerDay">People; empty: no limit beside the entrance's share.</param>
/// <param name="Url">Of the webhook; empty: none.</param>
public sealed record PartnerDraft(string Name, string Entrance, ImmutableArray<string> Scopes, string PerMinute, string PerDay, string Url)
{
    public const string Start = "start";
    public const string State = "state";
    public const string Figures = "figures";
    private const int LongestName = 80;
    private const int LongestUrl = 400;

    public static readonly ImmutableArray<string> All = [Start, State, Figures];

    public static PartnerDraft Empty { get; } = new("", "", All, "", "", "");

    public int? Minute(PartnerRules rules) => PerMinute.Length == 0 ? rules?.PerMinute : Number(PerMinute) is { } number && number <= rules?.MostPerMinute ? number : null;

    public int? Day => Number(PerDay);

    /// <summary>Names of the fields that cannot be taken; empty when all can.</summary>
    /// <param name="entrances">Codes of the campaign's entrances.</param>
    /// <param name="loopback">Whether plain http of this machine may be told: in demo and drill only.</param>
    public ImmutableArray<string> Wrong(PartnerRules rules, IReadOnlyCollection<string> entrances, bool loopback) =>
    [.. new (string Field, bool IsWrong)[]
    {
        ("name", string.IsNullOrWhiteSpace(Name) || !CampaignDraft.Holds(Name, LongestName)),
        ("entrance", !entrances.Contains(Entrance)),
        ("scopes", Scopes.IsEmpty || !Scopes.All(All.Contains)),
        ("per_minute", Minute(rules) is null),
        ("per_day", PerDay.Length > 0 && Day is null),
        ("url", Url.Length > 0 && !IsUrl(Url, loopback)),
    }.Where(f => f.IsWrong).Select(f => f.Field)];

    private static int? Number(string typed) =>
        int.TryParse(typed, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : null;

    private static bool IsUrl(string typed, bool loopback) =>
        CampaignDraft.Holds(typed, LongestUrl) && Uri.TryCreate(typed, UriKind.Absolute, out var at) && at.UserInfo.Length == 0 && at.Fragment.Length == 0
        && (at.Scheme == Uri.UriSchemeHttps || (loopback && at.Scheme == Uri.UriSchemeHttp && at.IsLoopback));
}

using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Dispatch;

/// <summary>What an operator typed about what their organisation lends.</summary>
/// <param name="Campaign">Address of another organisation's campaign, or <see cref="AidRule.Any"/>.</param>
/// <param name="Keep">Percent, 0 to 100.</param>
/// <param name="Needs">None: all.</param>
/// <param name="Areas">Two-digit codes of provinces with commas or spaces between them; empty: everywhere.</param>
/// <param name="From">HH:mm; the same as <paramref name="To"/> for the whole day.</param>
/// <param name="Reason">Words about the service, not about anybody.</param>
public sealed record AidDraft(string Campaign, string Keep, ImmutableArray<string> Needs, string Areas, string From, string To, string Reason)
{
    /// <summary>Longest reason, in characters.</summary>
    public const int ReasonLength = 400;

    private const int LongestList = 200;

    private static readonly char[] Between = [',', '，', '、', ' '];

    /// <summary>Half of the seats kept, all day, for everybody: where a form begins.</summary>
    public static AidDraft Empty { get; } = new(AidRule.Any, "50", [], "", "00:00", "00:00", "");

    public static AidDraft Of(AidRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(rule.Campaign, rule.Keep.ToString(CultureInfo.InvariantCulture), rule.Needs, string.Join(' ', rule.Areas), Clock(rule.From), Clock(rule.To), "");
    }

    /// <summary>Names of the fields that cannot be taken, in the order of the form; empty when all can.</summary>
    /// <param name="campaigns">Of other organisations.</param>
    /// <param name="needs">All that there are.</param>
    /// <param name="isArea">Whether a province has this code.</param>
    public ImmutableArray<string> Wrong(IReadOnlyCollection<string> campaigns, IReadOnlyCollection<string> needs, Func<string, bool> isArea)
    {
        ArgumentNullException.ThrowIfNull(isArea);
        return [.. new (string Field, bool IsWrong)[]
        {
            ("campaign", Campaign != AidRule.Any && !campaigns.Contains(Campaign)),
            ("keep", Share is null),
            ("need", !Needs.All(needs.Contains)),
            ("areas", Areas.Length > LongestList || !AreaCodes.All(isArea)),
            ("from", !Time(From, out _)),
            ("to", !Time(To, out _)),
            ("reason", string.IsNullOrWhiteSpace(Reason) || Reason.Trim().Length > ReasonLength),
        }.Where(f => f.IsWrong).Select(f => f.Field)];
    }

    /// <summary>A new rule, or the next version of one, on what was seen.</summary>
    /// <param name="version">The newest of that rule; 0: there is none yet.</param>
    /// <param name="seen">The one that the page was showing.</param>
    public Decision<AidRule> Set(int version, int seen, IReadOnlyCollection<string> campaigns, IReadOnlyCollection<string> needs, Func<string, bool> isArea)
    {
        var wrong = Wrong(campaigns, needs, isArea);
        return wrong is ["reason"] ? Reasoned(Reason) is { } why ? why : Refusal.Malformed
            : !wrong.IsEmpty || Share is not { } share || !Time(From, out var from) || !Time(To, out var to) ? Refusal.Malformed
            : seen != version ? Refusal.Conflict
            : new AidRule(Campaign, share, [.. Needs.Distinct()], [.. AreaCodes], from, to);
    }

    /// <summary>Null where this is a reason.</summary>
    public static Refusal? Reasoned(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? Refusal.ReasonNeeded : reason.Trim().Length > ReasonLength ? Refusal.TextTooLong : null;

    private int? Share => int.TryParse(Keep, NumberStyles.None, CultureInfo.InvariantCulture, out var share) && share <= AidTerms.Whole ? share : null;

    private IEnumerable<string> AreaCodes => Areas.Split(Between, StringSplitOptions.RemoveEmptyEntries).Distinct();

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

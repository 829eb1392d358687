using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Information;

/// <summary>Whom a notice reaches.</summary>
/// <param name="Campaign">Null: every campaign of the organisation.</param>
/// <param name="Waiting">Whoever has a place: waiting, with a doctor, on hold, or promised an answer.</param>
/// <param name="AdvisedSince">Whoever was advised on this day of the deployment's zone or later and is through; null: none of them.</param>
/// <param name="Dispositions">Of the advised, only those whom triage last said one of these to; empty: all.</param>
public sealed record NoticeWhom(string? Campaign, bool Waiting, DateOnly? AdvisedSince, ImmutableArray<Disposition> Dispositions)
{
    /// <summary>Whether somebody who was advised is meant.</summary>
    /// <param name="said">What triage last said; null: nothing.</param>
    public bool MeansAdvised(Disposition? said) => Dispositions.IsEmpty || (said is { } known && Dispositions.Contains(known));
}

/// <summary>A correction or a new rule, in plain words of both languages, with the reason for which it is sent.</summary>
/// <param name="Why">For the record of the staff; nobody else reads it.</param>
public sealed record Notice(BothWays Text, string Why, NoticeWhom Whom)
{
    /// <summary>In characters, of each language.</summary>
    public const int TextLength = 1000;

    public const int WhyLength = 200;

    /// <param name="today">In the deployment's zone.</param>
    /// <returns>Trimmed, as it is sent.</returns>
    public Decision<Notice> Check(DateOnly today)
    {
        var trimmed = this with { Text = new BothWays(Text.Zh.Trim(), Text.En.Trim()), Why = Why.Trim() };
        return !trimmed.Text.IsWhole ? Refusal.NoticeIncomplete
            : Math.Max(trimmed.Text.Zh.Length, trimmed.Text.En.Length) > TextLength || trimmed.Why.Length > WhyLength ? Refusal.TextTooLong
            : trimmed.Why.Length == 0 ? Refusal.ReasonNeeded
            : Whom is { Waiting: false, AdvisedSince: null } || Whom.AdvisedSince > today ? Refusal.NoticeToNobody
            : trimmed;
    }
}

/// <summary>How fast notices go out, from <c>policies/notice.json</c>.</summary>
/// <param name="MessagesPerMinute">Of all notices together, on all nodes together: what the gateway takes beside codes and calls to come.</param>
/// <param name="Batch">So many people are told in one turn of the loop.</param>
/// <param name="ChosenAtOnce">Consultations that are looked through in one step while it is written down whom a notice is for.</param>
/// <param name="GiveUpMinutes">Where no message could be handed over by then, somebody of the staff rings instead.</param>
public sealed record NoticeRules(string Version, int MessagesPerMinute, int Batch, int ChosenAtOnce, int GiveUpMinutes)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    [JsonIgnore]
    public TimeSpan GiveUp => TimeSpan.FromMinutes(GiveUpMinutes);

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static NoticeRules Parse(string json) =>
        JsonSerializer.Deserialize<NoticeRules>(json, Strict) is { MessagesPerMinute: >= 1, Batch: >= 1, ChosenAtOnce: >= 1, GiveUpMinutes: >= 1 } rules ? rules : throw new JsonException("The rules of notices are out of range.");
}

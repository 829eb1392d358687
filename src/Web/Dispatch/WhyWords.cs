using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;

namespace Yizhen.Web.Dispatch;

/// <summary>One wait in words for staff: a sentence first, then the counts that say something.</summary>
internal static class WhyWords
{
    /// <summary>From here on it is a wait that needs a reason.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(1);

    public static string Asks(Lang t, WaitedFor found) => string.Join(" · ", new[]
    {
        PoolWords.Skill(t, found.Need), PoolWords.Language(t, found.Lang), found.Province is { } province ? PoolWords.Province(t, province) : t["不限地区", "any region"], PoolWords.Channel(t, found.Channel),
    });

    /// <summary>What kept this person most: who went first, and what kept those who could take them.</summary>
    public static string Sentence(Lang t, WaitedFor found)
    {
        if (found.TakenAt is not null && found.Waited < AtOnce)
        {
            return t["不到一分钟就有医生接。", "Taken within a minute."];
        }

        if (found.TakenAt is null && found.Bucket == Bucket.Promised.Code())
        {
            return t["选了约时间答复，现在没有在候诊。什么时候答复，见下面。", "Chose a dated answer and does not wait now. When it is due stands below."];
        }

        string[] first = [.. First(t, found).Where(r => r.Count > 0).Select(r => t[$"{r.Words} {r.Count} 位", $"{r.Count} {r.Words}"])];
        var sentence = first is [] ? t["没有人先于这一位被接。", "Nobody was taken before them."] : t[$"先接了：{string.Join("，", first)}。", $"Taken first: {string.Join(", ", first)}."];
        return t[$"{sentence}{Kept(t, found)}", $"{sentence} {Kept(t, found)}"];
    }

    /// <summary>Who was taken meanwhile.</summary>
    public static ImmutableArray<(string Words, int Count)> First(Lang t, WaitedFor found) =>
    [
        (t["更急的", "more urgent"], found.Before.MoreUrgent), (t["一样急、先到的", "as urgent and first"], found.Before.CameBefore),
        (t["由自己的医生接着看的", "by the clinician they had before"], found.Before.OwnClinician), (t["接他们的医生那时接不了这一位", "by clinicians who could not take this person then"], found.Before.Others),
    ];

    /// <summary>The clinicians on duty, by what kept them.</summary>
    public static ImmutableArray<(string Words, int Count)> Clinicians(Lang t, WaitedFor found) =>
    [
        (t["能接", "Could take them"], found.Eligible), (t["会看，但满了", "Could, but full"], found.Excluded.Full), (t["会看，在休息或没有动静", "Could, but on a break or out of sight"], found.Excluded.Paused),
        (t["留给等着的电话", "Kept for a call that waits"], found.Excluded.KeptForCall), (t["快下班，接了来不及看完", "Shift ends before they could finish"], found.Excluded.ShiftEnds),
        (t["累了，少接或只接危急", "Tired: fewer at once, or only the most urgent"], found.Excluded.Tired), (t["有空，留给本单位的患者", "Free, and kept for their own organisation's people"], found.Excluded.Reserved),
        (t["请过，没有接", "Were asked, and did not take them"], found.Excluded.Asked), (t["专科或级别不合", "Other skill or class"], found.Excluded.Skill), (t["语言不合", "Other language"], found.Excluded.Language),
        (t["不接这种方式", "Other channel"], found.Excluded.Channel), (t["执业地区不合", "Other province"], found.Excluded.Licence), (t["别家单位的人，没有规则借给这里", "Of another organisation, and no rule lends them here"], found.Excluded.NotLent),
    ];

    /// <summary>Why this clinician of those who could; null while nobody has taken them.</summary>
    public static string? Chosen(Lang t, WaitedFor found) => (found.Chosen, found.Index) switch
    {
        (null, _) => null,
        ("own_clinician", _) => t["是之前看过这一位的医生，又有空。", "The clinician whom they had before, and free."],
        (_, null) => t["能接的人里最合适的一位；当时还没有记下是怎么算的。", "The one of least cost of all who could; how it was reckoned was not kept yet at that time."],
        (_, { } index) => t[
            $"能接的 {found.Eligible} 位里，下面几项合计最小的一位；一样小的，挑最久没有接到人的（{(index.IdleMs is { } idle ? Lasting(idle) : "还没有接过人")}）。{(index.Busy ? "" : "那时不忙：先看谁手上人少。")}",
            $"Of {found.Eligible} who could, the one with the smallest sum of what follows; among equals whoever has had nobody for longest ({(index.IdleMs is { } since ? Lasting(since) : "nobody yet")}).{(index.Busy ? "" : " It was quiet: the fewest open come first.")}"],
    };

    /// <summary>The parts of that cost, in the units of the rules of dispatch.</summary>
    public static IEnumerable<(string Words, long Cost)> Parts(Lang t, ChoiceIndex index) =>
    [
        .. new (string Words, long Cost)[]
        {
            (t[$"手上的人（{index.Open} 位）", $"People already open ({index.Open})"], index.Load), (t["还会别人更需要的专科和语言", "Skills and languages that others may need more"], index.Skills),
            (t["本来空着，可以接电话", "Was free for a call"], index.ForCall), (t["同时看几位的得失", "What they get done with several at once"], index.Gain),
        }.Where(part => part.Cost != 0),
        (t["合计", "Sum"], index.Sum),
    ];

    public static string Lasting(long ms) => Lasting(TimeSpan.FromMilliseconds(ms));

    public static string Lasting(TimeSpan span) => span.TotalHours >= 1 ? $"{(int)span.TotalHours}:{span:mm\\:ss}" : $"{span:m\\:ss}";

    private static string Kept(Lang t, WaitedFor found)
    {
        var (could, them) = (found.Eligible + found.Excluded.Full, found.Excluded);
        var resting = them.Paused + them.ShiftEnds + them.Tired;
        return found.Eligible + them.Sum == 0 ? t["现在没有人在岗。", "Nobody is on duty."]
            : found.TakenAt is not null ? t[$"接的那一刻，在岗的 {found.Eligible + them.Sum} 位里 {could} 位会看，{them.Full} 位满了。", $"When they were taken, {could} of {found.Eligible + them.Sum} on duty could take them, {them.Full} of these were full."]
            : found.Prompts.Until is not null ? t["现在正请一位医生接。", "A clinician is asked at this moment."]
            : found.Eligible > 0 ? t[$"现在有 {found.Eligible} 位能接，快轮到了。", $"Now {found.Eligible} can take them: the turn is near."]
            : them.Full > 0 ? t[$"会看的 {them.Full} 位现在都满了。", $"All who could are full: {them.Full}."]
            : them.KeptForCall + them.Reserved + them.Asked > 0 ? t["有空的医生留给了电话或本单位的患者，或者请过没有接。", "Those who are free are kept for a call or for their own people, or were asked and did not take them."]
            : resting > 0 ? t[$"会看的 {resting} 位在休息、快下班或者累了。", $"Those who could ({resting}) are on a break, near the end of their shift, or tired."]
            : t["在岗的没有人能接这一位：叫人上岗，或看候诊总览上的缺口。", "Nobody on duty can take them: call somebody in, or see the holes on the board."];
    }
}

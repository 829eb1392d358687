using Yizhen.Rules.Dispatch;

namespace Yizhen.Web.Page;

/// <summary>The surge ladder in words: always number and word.</summary>
internal static class SurgeWords
{
    private const long Hour = 60;
    private const long MostMinutes = 2 * Hour;

    public static string Of(Lang t, int level) => level switch
    {
        0 => t["0 平时", "0 Normal"],
        1 => t["1 先看信息台", "1 Information desk first"],
        2 => t["2 约时间答复", "2 Dated answers"],
        3 => t["3 健康顾问帮忙", "3 Health advisers help"],
        _ => t["4 集中说明", "4 Briefings"],
    };

    /// <summary>What changes for people at this level; each holds what those below it hold.</summary>
    public static string Does(Lang t, int level) => level switch
    {
        0 => t["照常候诊。", "The queue as it is."],
        1 => t["开始前先看常见问题的答复，点一下就能往下走。", "Before the start people see answers to common questions; one tap goes on."],
        2 => t["一般（4）和咨询（5）的人可以选：限时书面答复，或到时间来找。不选照样排着。", "Urgency 4 and 5 may choose a written answer by a set time, or that a doctor comes back to them. Who does not stays in the queue."],
        3 => t["健康顾问接政策允许的咨询（5）。", "Health advisers take questions (5) that the policy allows."],
        _ => t["每个义诊把集中说明放在最前面，静态页也能看。", "Each campaign's briefing stands first, also as a static page."],
    };

    public static string Proposes(Lang t, SurgeProposal proposal, SurgeLoad load) => proposal.Because switch
    {
        "nobody_on_duty" => t[$"有 {load.Waiting} 人候诊，没有医生在岗。", $"{Waiting(load)} and no doctor is on duty."],
        _ when load.Waiting == 0 => t["没有人候诊。", "Nobody waits."],
        _ => t[$"候诊 {load.Waiting} 人，照现在的人手大约要{Lasting(t, Minutes(proposal))}接完。", $"{Waiting(load)}; those on duty need about {Lasting(t, Minutes(proposal))} to see them all."],
    };

    private static string Waiting(SurgeLoad load) => load.Waiting == 1 ? "1 person waits" : $"{load.Waiting} people wait";

    /// <summary>Nobody reckons with two thousand minutes.</summary>
    private static string Lasting(Lang t, long minutes) => minutes < MostMinutes
        ? t[$" {minutes} 分钟", minutes == 1 ? "1 minute" : $"{minutes} minutes"]
        : t[$" {minutes / Hour} 小时 {minutes % Hour} 分", $"{minutes / Hour} h {minutes % Hour} min"];

    private static long Minutes(SurgeProposal proposal) => ((proposal.ClearMs ?? 0) + 59_999) / 60_000;
}

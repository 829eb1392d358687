using System.Collections.Immutable;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Page;

namespace Yizhen.Web.Worklist;

/// <summary>An entry as lists and pages show it.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Number">The end of the consultation's id: enough to speak about it.</param>
/// <param name="Owner">Who has taken it; null while it lies open.</param>
public sealed record EntryLine(string Id, EntryKind Kind, string Number, Urgency Urgency, EntryState State, string? Owner, bool Mine, DateTimeOffset MadeAt, DateTimeOffset Due, bool Overdue, int Escalated);

public sealed record WorklistModel(string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<EntryLine> Lines);

/// <param name="Phone">E.164; null while it is not theirs, or where there is none.</param>
/// <param name="Verified">The code that went there came back right.</param>
public sealed record EntryModel(string Me, ImmutableArray<(string Href, string Words)> Places, EntryLine Line, string? Phone, bool Verified, bool English, string Note, ImmutableArray<Mistake> Mistakes)
{
    /// <summary>The urgency that counts now; null while it is not theirs to set, or where no place depends on it.</summary>
    public Urgency? Now { get; init; }

    /// <summary>Lowering the urgency is for physicians.</summary>
    public bool MayLower { get; init; }

    /// <summary>A reason for an urgency that could not be taken.</summary>
    public string Reason { get; init; } = "";
}

internal static class EntryWords
{
    public static string Of(Lang t, EntryKind kind) => kind switch
    {
        EntryKind.RecheckSilent => t["候诊中没有回音", "Silent while waiting"],
        EntryKind.FollowUpSilent => t["回访没有回音", "Silent after the advice"],
        EntryKind.TurnedAway => t["去了医院没有收", "Turned away at the hospital"],
        EntryKind.LeftUnhelped => t["没等到医生就走了", "Left before a doctor had helped"],
        EntryKind.Report => t["要上报", "To be reported"],
        EntryKind.Contact => t["接触者要告知疾控", "Contact to be told to the CDC"],
        EntryKind.FlagLeft => t["上报提示没有定", "Flag left undecided"],
        EntryKind.Correction => t["建议要更正", "Advice to be corrected"],
        EntryKind.PromiseMissed => t["约好的答复过了时间", "Promised answer overdue"],
        EntryKind.Notice => t["有通知要告诉本人", "A notice to be told in person"],
    };

    /// <summary>What to do.</summary>
    public static string Task(Lang t, EntryKind kind) => kind switch
    {
        EntryKind.RecheckSilent => t["打电话问现在怎么样。有危险信号，请对方马上打当地急救电话（内地 120）。位置还在，请对方打开页面。", "Ring and ask how they are. With a danger sign they call the ambulance at once (120 in mainland China). Their place is kept: ask them to open the page."],
        EntryKind.FollowUpSilent => t["打电话问现在怎么样，有没有去看。加重了，请对方打开短信里的页面，点“加重了”。", "Ring and ask how they are, and whether they went. If it is worse, ask them to open the page of the message and press “Worse”."],
        EntryKind.TurnedAway => t["这个人已经重新排上。打电话问是哪里没有收，帮忙找另一家能收的。", "They are in the queue again. Ask where they were turned away, and help them to find a place that takes them."],
        EntryKind.Report => t["医生确认要上报。由您向接收单位报，并记下回执；系统自己不发。", "A doctor has confirmed that this is reported. You file it with the recipient and record the receipt; nothing is sent by itself."],
        EntryKind.Contact => t["医生确认是接触者。由您告知接收单位，并记下回执；系统自己不发。", "A doctor has confirmed a contact. You tell the recipient and record the receipt; nothing is sent by itself."],
        EntryKind.FlagLeft => t["分诊提示要上报，但还没有医生定：这个人没有见到医生，或问诊已经结束。由医师看过再定：要报，或写明不报的原因；拿不准，先打电话问本人。", "Triage flagged this for reporting and no doctor has decided: the person met none, or the consultation has ended. A physician looks and decides: report it, or say why not. When unsure, ring the person first."],
        EntryKind.LeftUnhelped => t["到时间前打电话问现在怎么样。有危险信号，请对方马上打当地急救电话（内地 120）；还想看医生，请对方打开义诊再问一次。没有联系上，会再排一次时间。", "Ring before the time is up and ask how they are. With a danger sign they call the ambulance at once (120 in mainland China); whoever still wants a doctor opens the campaign and asks again. If nobody is reached, another time is set."],
        EntryKind.PromiseMissed => t["约好的时间过了，还没有医生答复。先找一位在岗的医生接；再打电话道歉，问现在怎么样。有危险信号，请对方马上打当地急救电话（内地 120）。听到加重，在这里调高紧急程度，马上回到队里。", "The promised time has passed without an answer. Find a doctor on duty to take it; then ring, say sorry and ask how they are. With a danger sign they call the ambulance at once (120 in mainland China). If it is worse, raise the urgency here: they are back in the line at once."],
        EntryKind.Notice => t["给很多人发了一条通知，这个人风险高，或短信没有送到。打电话把“通知”一页上的话念给本人听，问现在怎么样。有危险信号，请对方马上打当地急救电话（内地 120）。", "A notice went to many; this person is at risk, or no message reached them. Ring and read them the words that stand under “Notices”, and ask how they are. With a danger sign they call the ambulance at once (120 in mainland China)."],
        EntryKind.Correction => t["打电话告诉对方建议有变，请对方打开“我的问诊”。", "Ring and say that the advice has changed; ask them to open “My consultations”."],
    };

    /// <summary>How much time there is, in words for a list.</summary>
    public static string Left(Lang t, EntryLine line, DateTimeOffset now)
    {
        var span = (line.Due - now).Duration();
        var time = span.TotalHours >= 1 ? t[$"{(int)span.TotalHours} 小时 {span.Minutes} 分", $"{(int)span.TotalHours} h {span.Minutes} min"] : t[$"{span.Minutes} 分", $"{span.Minutes} min"];
        return line.Overdue ? t[$"▲ 超过时间 {time}", $"▲ overdue by {time}"] : t[$"还剩 {time}", $"{time} left"];
    }

    public static string Of(Lang t, EntryCame came) => came switch
    {
        EntryCame.Reached => t["联系上了", "Reached"],
        EntryCame.NotReached => t["没有联系上", "Not reached"],
        EntryCame.SeenTo => t["已经处理", "Seen to"],
        EntryCame.NotNeeded => t["不用处理了", "Not needed any more"],
    };
}

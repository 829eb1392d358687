using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>Why nobody has come yet, as one plain sentence for the person who waits.</summary>
internal static class WaitWords
{
    public static string Of(Lang t, WaitReason why) => why switch
    {
        WaitReason.Near => t["正在给您找医生。", "A doctor is being found for you."],
        WaitReason.AllBusy => t["能看您这一类的医生现在都在忙，有人空出来就按顺序接。", "The doctors who can help you are all busy now; as soon as one is free, the next in order is taken."],
        WaitReason.KeptBack => t["本活动现在没有能看您这一类、又空着的医生；别家单位有空的医生，按约定留给他们自己的患者。有人空出来就按顺序接。", "No doctor of this campaign who can help you is free now. Those who are free at another organisation are kept for its own patients, as agreed. As soon as one is free for you, the next in order is taken."],
        WaitReason.NobodyFits => t["现在在岗的医生里没有能接您的：专长或语言不合，或按约定只接别处的人。有能接您的上岗就接。", "No doctor on duty now can take you: another field or language, or bound by agreement to people elsewhere. You are taken when one who can comes on duty."],
        WaitReason.Resting => t["能看您这一类的医生在休息，或快要下班了；有人回来或上岗，就按顺序接。", "The doctors who can help you are on a break, or about to end their shift; when one is back or comes on duty, the next in order is taken."],
        WaitReason.Asked => t["正在请一位医生接您，几秒就有回音；接不了，马上请下一位。", "A doctor is being asked to take you at this moment; if that one cannot, the next is asked at once."],
        WaitReason.NobodyOnDuty => t["现在没有医生在岗。", "No doctor is on duty now."],
    };
}

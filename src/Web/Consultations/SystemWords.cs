using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>A system line is stored as a code; here it becomes a sentence: who, what it means for you, what you need not do.</summary>
internal static class SystemWords
{
    /// <exception cref="InvalidOperationException">The code is none that the fold writes.</exception>
    public static string Of(Lang t, Line line)
    {
        var name = line.Name ?? t["医生", "The doctor"];
        var parts = line.Text.Split(':', 2);
        return (parts[0], parts.ElementAtOrDefault(1)) switch
        {
            ("felt", "Better") => t["您说好些了", "You said: better"],
            ("felt", "Same") => t["您说差不多", "You said: the same"],
            ("felt", "Worse") => t["您说加重了。已经重新评估", "You said: worse. It has been checked again"],
            ("urgency_raised", { } to) => t[$"工作人员看过您的情况，改为“{Urgency(t, to)}”，比原来先看。到达时间照算", $"Staff have looked at your situation: you are now “{Urgency(t, to)}” and go sooner than before. Your arrival still counts"],
            ("urgency_lowered", { } to) => t[$"医生看过您的情况，改为“{Urgency(t, to)}”。更急的人会先看，您的到达时间照算。加重了就点“加重了”", $"A doctor has looked at your situation: you are now “{Urgency(t, to)}”. People who are worse go first; your arrival still counts. If it gets worse, press “Worse”"],
            ("sent_away", _) => t["您说去了，医院没有收。已经重新排上", "You said: turned away at the hospital. You are in the queue again"],
            ("assigned", _) => t[$"{name}接诊", $"{name} is with you now"],
            ("taken_over", _) => t[$"{name}接着看，已看到前面所有的话。您不用再说一遍，也没有重新排队", $"{name} goes on and has read everything so far. You need not repeat anything, and you kept your place"],
            ("unreachable", _) => t[$"{name}的网络好像断了。如果一会儿连不上，换别的医生接着看，您不用重新排队", $"{name} seems to have lost the connection. If it does not come back soon, another doctor goes on; you do not queue again"],
            ("back", _) => t[$"{name}回来了", $"{name} is back"],
            ("handed_over", "lost") => t[$"{name}断线了，正在换别的医生接着看。您不用做什么", $"{name} lost the connection. Another doctor is taking over; there is nothing you need to do"],
            ("handed_over", _) => t[$"{name}把您转给别的医生接着看，前面的话都在。您不用再说一遍，到达时间照算", $"{name} is handing over to another doctor with everything so far. You need not repeat anything, and your arrival still counts"],
            ("on_hold", _) => t["等了一会儿没有您的消息，位置先给您留着。回来写一句话就接着看", "We did not hear from you, so your place is kept. Write a word when you are back and it goes on"],
            ("back_in_line", _) => t["您回来了，按原来的到达时间排", "You are back; your first arrival counts"],
            ("promised", "written_answer") => t["您选了限时书面答复。不用一直等在这里", "You chose a written answer by a set time. You need not stay here"],
            ("promised", _) => t["您选了到时间来找您。不用一直等在这里", "You chose that we come back to you by a set time. You need not stay here"],
            ("corrected", _) => t["我们更正了之前按您的回答给的建议。打开“给我的建议”看改了什么", "We have corrected the advice that followed from your answers. Open “my advice” to see what has changed"],
            ("notice", _) => t["有一条发给大家的通知，内容写在这一页上面", "There is a notice for everybody concerned; it stands at the top of this page"],
            ("advice", _) => t[$"{name}写了建议单", $"{name} has written your advice sheet"],
            ("referred", _) => t[$"{name}请您去医院当面看，去哪家写在建议单上。这次问诊结束", $"{name} asks you to be seen at a hospital; which one stands on your advice sheet. This consultation has ended"],
            ("closed", _) => t["这次问诊结束", "This consultation has ended"],
            _ => throw new InvalidOperationException($"No words for the system line '{parts[0]}'."),
        };
    }

    private static string Urgency(Lang t, string number) => $"{number} {UrgencyTag.Word(t, Enum.Parse<Urgency>(number))}";
}

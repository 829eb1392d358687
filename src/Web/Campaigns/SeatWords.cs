using System.Globalization;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <summary>Why seats are free while people wait, as one sentence, with when that ends.</summary>
internal static class SeatWords
{
    public static string Why(Lang t, TimeZoneInfo zone, SeatLine line)
    {
        string[] parts =
        [
            .. line.Next > 0 ? [t[$"{line.Next} 人正交给医生", $"{line.Next} of those waiting are being given a clinician"]] : Array.Empty<string>(),
            .. line.Asked > 0 ? [t[$"{line.Asked} 人正请一位医生接，座位给他留着", $"for {line.Asked} of those waiting a clinician is asked, and the seat is held"]] : Array.Empty<string>(),
            .. line.Unread > 0 ? [t[$"{line.Unread} 人的记录读不出来，见页首", $"the records of {line.Unread} cannot be read, see the top of the page"]] : Array.Empty<string>(),
            .. line.Free > 0 ? line.Kept.Select(k => $"{k.Seats} {Why(t, zone, k)}") : [line.OnDuty == 0 ? t["现在没有这个专长的人在接诊", "nobody with this skill is taking people now"] : line.Asked > 0 ? t["别的座位都满了", "no other seat is free"] : t["座位都满了", "all seats are taken"]],
            .. line.OnBreak > 0 ? [t[$"休息或没有动静的医生还有 {line.OnBreak} 个，回来才算", $"{line.OnBreak} more with clinicians on a break or out of sight count once these are back"]] : Array.Empty<string>(),
        ];
        var said = string.Join(t["；", "; "], parts);
        return t[$"{said}。", $"{char.ToUpperInvariant(said[0])}{said[1..]}."];
    }

    private static string Why(Lang t, TimeZoneInfo zone, KeptLine kept)
    {
        var until = kept.Until is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture) : "";
        return kept.Why switch
        {
            SeatKept.Class => t["个不接这一级或这个活动的人，等别的医生上岗", "with clinicians who do not take this urgency or campaign, until another comes on duty"],
            SeatKept.Language => t["个不会他们的语言，等会的上岗", "with clinicians who do not speak their language, until one who does comes on duty"],
            SeatKept.Channel => t["个不接他们的方式，等接的上岗", "with clinicians who do not take their channel, until one who does comes on duty"],
            SeatKept.Licence => t["个执业范围不含他们的省，等能接的上岗", "with clinicians whose licence does not cover their province, until one whose does comes on duty"],
            SeatKept.NotLent => t["个是别家单位的，没有借给这里，等支援规则或钟点变", "of other organisations that do not lend here, until their rules or the hour change"],
            SeatKept.ShiftEnds => t[$"个快下班、来不及看完，到下班（最晚 {until}）", $"with clinicians whose shift ends before they could finish, until it does ({until} at the latest)"],
            SeatKept.Tired => t["个累了，只接危急，等休息好", "with tired clinicians, who take emergencies only, until they have rested"],
            SeatKept.NotEmpty => t["个手上有人，接电话要空着手，等他们看完", "with clinicians who have somebody, and a call needs one who has nobody, until they finish"],
            SeatKept.Slower => t["个再添一位就都慢，等看完一位", "where one more would slow everybody there, until one is finished"],
            SeatKept.Reserved => t["个留给本单位的患者，等本单位的座位空得更多", "kept for their own organisation's people, until more of its seats are free"],
            SeatKept.ForCall => t["个在腾出来接电话，电话接上就放开", "being emptied for a call that waits, until it is taken"],
            SeatKept.Passed => t[$"个请过没有接，最晚 {until} 再请", $"with clinicians who were asked and passed, asked again by {until}"],
            SeatKept.OwnFirst => t[$"个空着，候诊的在等原来的医生，最晚到 {until}", $"while people wait for the clinician they had, until {until} at the latest"],
            SeatKept.Asked => t[$"个空着，正请另一位医生接，最晚到 {until}", $"while another clinician is asked, until {until} at the latest"],
            SeatKept.Nothing => t["个下一轮就给", "given at the next turn"],
        };
    }
}

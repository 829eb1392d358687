using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;

namespace Yizhen.Web.Commands.Drill;

/// <summary>
/// A scenario as the product can play it today: everybody chats, in Chinese or English, and may be advised from everywhere; nobody falls silent, and nobody
/// waits for longer than an hour, or a drill of an hour would go on for five.
/// What a person is triaged as decides the product, by the story they tell.
/// </summary>
internal static class DrillDay
{
    private const int LongestPatience = 3600;

    /// <summary>What each urgency of the scenario tells, 1 to 5. The product judges it; what it made of it is read back.</summary>
    private static readonly string[] Zh =
    [
        "胸口压着疼，喘不上气，出冷汗",
        "咳嗽三天，走几步就喘",
        "发烧两天，最高38.5度，咳嗽，没力气",
        "咳嗽一周，不发烧，想问问要不要吃药",
        "想问问家里怎么消毒，没有不舒服",
    ];

    private static readonly string[] En =
    [
        "Pressing pain in the chest, I cannot get my breath, cold sweat",
        "Cough for three days, out of breath after a few steps",
        "Fever for two days, up to 38.5, cough, no strength",
        "Cough for a week, no fever, should I take something",
        "How do I disinfect at home? I feel well",
    ];

    /// <summary>What each urgency but the first, whose story says it all, answers when asked.</summary>
    private static readonly string[] Answers =
    [
        "",
        "temperature_c=38.6;symptoms=cough;breathless=stairs;exposure=wuhan",
        "temperature_c=38.5;symptoms=cough;breathless=none;exposure=wuhan",
        "temperature_c=36.8;symptoms=cough;breathless=none;exposure=none",
        "temperature_c=36.6;symptoms=none;breathless=none;exposure=none",
    ];

    private static readonly Dictionary<string, string> Places = new(StringComparer.Ordinal)
    {
        ["wuhan"] = "420102", ["hubei"] = "420500", ["guangdong"] = "440100", ["zhejiang"] = "330100", ["jiangsu"] = "320100", ["shanghai"] = "310101", ["beijing"] = "110101",
        ["tianjin"] = "120101", ["hunan"] = "430100", ["henan"] = "410100", ["anhui"] = "340100", ["sichuan"] = "510100", ["shandong"] = "370100", ["jiangxi"] = "360100",
    };

    public static string Story(Coming person) => (person.Lang == "en" ? En : Zh)[(int)person.Urgency - 1];

    /// <summary>By question; empty for the most urgent.</summary>
    public static ImmutableDictionary<string, string> Answered(Coming person) => Answers[(int)person.Urgency - 1] is { Length: > 0 } own
        ? $"red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_site=axilla;spo2=unknown;comorbidities=none;household_ill=no;infection=no;{own}".Split(';').Select(a => a.Split('=')).ToImmutableDictionary(a => a[0], a => a[1])
        : ImmutableDictionary<string, string>.Empty;

    public static string Lang(Coming person) => person.Lang == "en" ? "en" : "zh";

    /// <summary>A county of the region; people overseas say Wuhan, where their family is.</summary>
    public static string Place(Coming person) => Places.GetValueOrDefault(person.Region, "420102");

    /// <param name="oneIn">One in so many of people and doctors.</param>
    /// <param name="dispatch">Its slowdown is what the product takes every doctor to lose by a further chat: it is not told of each.</param>
    /// <param name="plan">How long a doctor takes to answer who is asked; the simulator's days know no asking.</param>
    public static PlannedDay Of(PlannedDay day, (int From, int To) hours, int oneIn, PlanRules plan, DispatchRules dispatch, DutyPolicy duty, SurgeRules surge)
    {
        var within = day with
        {
            People = [.. day.People.Where(p => p.At >= hours.From && p.At < hours.To)],
            Shifts = [.. day.Shifts.Where(s => s.From < hours.To && s.To > hours.From)],
            Away = [],
        };
        var (smaller, _) = Smaller.Of(DrillHouses.Lending(within, hours.From), Math.Max(1, (within.People.Length + oneIn - 1) / oneIn));
        return smaller with
        {
            Rules = smaller.Rules with { AnswerSeconds = plan.Day.AnswerSeconds, Fatigue = duty.Fatigue, Promise = surge.Promise },
            People = [.. smaller.People.Select(p => p with { At = p.At - hours.From, Channel = Waiting.Chat, Lang = Lang(p), Area = null, OwnShift = null, PatienceSeconds = Math.Min(p.PatienceSeconds, LongestPatience) })],
            Shifts = [.. smaller.Shifts.Select(s => s with
            {
                From = Math.Max(0, s.From - hours.From),
                To = s.To - hours.From,
                Langs = [.. s.Langs.Append("zh").Distinct()],
                Licence = ["*"],
                Channels = [Waiting.Chat],
                Slowdown = dispatch.Slowdown,
            })],
        };
    }
}

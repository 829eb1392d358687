using System.Collections.Immutable;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Page;

namespace Yizhen.Web.Campaigns;

/// <param name="Inside">People who have started and are not yet at an end: they are served whatever the state.</param>
public sealed record CampaignEntry(Campaign Campaign, int Inside);

public sealed record CampaignListModel(string Me, ImmutableArray<(string Href, string Words)> Places, ImmutableArray<CampaignEntry> Campaigns);

/// <param name="Campaign">Null while it is being made.</param>
/// <param name="Typed">What stands in the fields, also what could not be taken.</param>
/// <param name="Moved">What was typed beside a button, and could not be taken.</param>
/// <param name="Check">What was looked at before opening; null while it is being made.</param>
public sealed record CampaignFormModel(
    string Me,
    ImmutableArray<(string Href, string Words)> Places,
    Campaign? Campaign,
    CampaignDraft Typed,
    OpeningSheet? Check,
    ImmutableArray<string> RegionNames,
    bool Rehearsal,
    int Inside,
    ImmutableArray<CampaignChange> Changes,
    ImmutableArray<Mistake> Mistakes,
    (string Field, string Value) Moved = default)
{
    /// <summary>Who looks: whoever asked for the opening does not confirm it.</summary>
    public string Actor { get; init; } = "";

    /// <summary>Sets of protocols from the day on which each begins to serve, the first of them the one of today or of the pinned day.</summary>
    public ImmutableArray<RulePack> Packs { get; init; } = [];

    /// <summary>People by what they were believed; empty where the campaign does not ask.</summary>
    public IReadOnlyDictionary<string, int> Believed { get; init; } = new Dictionary<string, int>();

    /// <summary>Id and version of each signed policy.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];
}

/// <param name="Protocols">Id and version of those that are signed and in force from that day on.</param>
/// <param name="NotSigned">Of those in force that nobody has signed here, where no signed version stands beside them.</param>
public sealed record RulePack(DateOnly From, ImmutableArray<string> Protocols, ImmutableArray<string> NotSigned);

/// <param name="Kind">created, copied, changed, opening_asked, opening_taken_back, opened, paused or closed.</param>
/// <param name="Fields">Codes of what is different from the record before.</param>
public sealed record CampaignChange(DateTimeOffset At, string Who, string Kind, ImmutableArray<string> Fields);

internal static class FieldWords
{
    public static string Of(Lang t, string code) => code switch
    {
        "slug" => t["地址", "address"],
        "name" or "name_zh" or "name_en" => t["名称", "name"],
        "owner" or "owner_zh" or "owner_en" => t["谁在办", "who runs it"],
        "purpose" or "purpose_zh" or "purpose_en" => t["做什么", "what it is for"],
        "covers" or "covers_zh" or "covers_en" => t["为谁", "whom it covers"],
        "regions" => t["地区", "regions"],
        "hours" or "from" or "to" => t["开放时间", "hours"],
        "hotline" => t["专线", "hotline"],
        "numbers" => t["急救号码", "emergency numbers"],
        "rules_date" => t["固定的规则日期", "pinned rules date"],
        "state" => t["状态", "state"],
        "partners" or "partners_zh" or "partners_en" => t["协办", "partners"],
        "filing" => t["备案号", "filing reference"],
        "basis" => t["按什么算", "by what they belong"],
        "proof" => t["凭据", "proof"],
        "code" => t["口令", "the word"],
        "own_word_too" => t["也凭本人说明", "own word counts too"],
        "languages" => t["语言", "languages"],
        "starts" => t["开始", "start"],
        "ends" or "days" => t["起止日期", "first and last day"],
        "per_hour" => t["每小时人数", "people an hour"],
        "paused_text" or "paused_zh" or "paused_en" => t["暂停说明", "words while paused"],
        "closed_text" or "closed_zh" or "closed_en" => t["关闭说明", "words after closing"],
        "region_numbers" => t["各地的号码", "numbers by region"],
        "protocols" => t["分诊方案已签名、在有效期", "Protocols are signed and in force"],
        "modes" => t["服务方式合规", "The service mode is allowed"],
        "on_duty" => t["有人在岗", "Somebody is on duty"],
        "lent" => t["借入的医务人员有下限", "Whoever is lent has a floor"],
        "pause" => t["暂停", "pause"],
        "ladder" or "surge_from" or "surge_to" or "surge_why" => t["应急阶梯", "surge ladder"],
        "asked" => t["开放的请求", "request to open"],
        "opened" => t["谁开放的", "who opened it"],
        "under" => t["开放时的方案和政策", "protocols and policies at opening"],
        _ => code,
    };

    /// <summary>What to do about a field that cannot be stored.</summary>
    public static string Mistake(Lang t, string field) => field switch
    {
        "slug" => t["地址只用小写字母、数字和连字符，最多 40 个", "The address takes small letters, digits and hyphens, at most 40"],
        "regions" => t["有一个地区不认识或不止一处，或者按号码归属地却没有写地区。写全名，例如 南京市鼓楼区，或六位代码，例如 420000", "One region is not known or there are several of that name, or none is given and the proof is a phone's region. Write the whole name, for example 南京市鼓楼区, or six digits, for example 420000"],
        "from" or "to" => t["时间写成 08:00 的样子", "Write the time like 08:00"],
        "hotline" => t["专线要有号码", "The hotline needs a number"],
        "numbers" => t["每一行要有一个号码", "Each line needs a number"],
        "rules_date" => t["固定的规则日期只在演示和演练里能用，写成 2020-01-26 的样子", "A pinned rules date works in demo and drill only; write it like 2020-01-26"],
        "proof" => t["选列出来的一项；号码归属地只能用来看住在哪里", "Choose one of those listed; a phone's region goes with where they live"],
        "basis" or "languages" => t["选列出来的一项", "Choose one of those listed"],
        "starts" or "ends" => t["时间写成 2020-01-26T15:00 的样子", "Write the time like 2020-01-26T15:00"],
        "per_hour" => t["写一个 1 到 1000000 的数，不限就空着", "A number from 1 to 1,000,000, or leave it empty"],
        "surge_from" or "surge_to" => t["从 0 到 4 里选，最高一级不能比起始低", "Choose from 0 to 4; the highest is not below the first"],
        "surge_why" => t["写明为什么不用整个阶梯", "Say why it is not the whole ladder"],
        "region_numbers" => t["每行先写地区的全名或六位代码，再写号码和名称", "On each line the region's whole name or its six digits, then the number and its name"],
        _ => t["太长了，写短一些", "Too long: shorten it"],
    };

    /// <summary>The field that is empty, of a text that has to stand in both languages.</summary>
    /// <param name="code">Of <see cref="Campaign.Missing"/>.</param>
    public static string Empty(CampaignDraft typed, string code)
    {
        return code switch
        {
            "name" => Half("name", typed.NameZh),
            "owner" => Half("owner", typed.OwnerZh),
            "purpose" => Half("purpose", typed.PurposeZh),
            "covers" => Half("covers", typed.CoversZh),
            "partners" => Half("partners", typed.More.PartnersZh),
            "paused_text" => Half("paused", typed.More.PausedZh),
            "closed_text" => Half("closed", typed.More.ClosedZh),
            _ => code,
        };

        static string Half(string field, string zh) => string.IsNullOrWhiteSpace(zh) ? $"{field}_zh" : $"{field}_en";
    }

    /// <summary>What an open campaign has to have.</summary>
    public static string Lacking(Lang t, string code) => code == "hotline"
        ? t["开放的义诊要有专线", "An open campaign needs a hotline"]
        : t[$"开放的义诊，“{Of(t, code)}”要有中文，也要有英文", $"An open campaign needs “{Of(t, code)}” in Chinese and in English"];

    public static string Of(Lang t, CampaignState state) => state switch
    {
        CampaignState.Draft => t["草稿", "Draft"],
        CampaignState.Open => t["开放", "Open"],
        CampaignState.Paused => t["暂停中", "Paused"],
        CampaignState.Closed => t["已关闭", "Closed"],
    };

    public static string Look(CampaignState state) => state switch
    {
        CampaignState.Open => "st good",
        CampaignState.Draft => "st",
        CampaignState.Paused or CampaignState.Closed => "st care",
    };

    public static string Kind(Lang t, string kind) => kind switch
    {
        "created" => t["建立", "Made"],
        "changed" => t["改动", "Changed"],
        "copied" => t["复制", "Copied"],
        "opening_asked" => t["请求开放", "Asked to open"],
        "opening_taken_back" => t["撤回开放的请求", "Took the request to open back"],
        "opened" => t["开放", "Opened"],
        "paused" => t["暂停", "Paused"],
        "closed" => t["关闭", "Closed"],
        _ => kind,
    };
}

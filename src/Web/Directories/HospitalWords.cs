using System.Globalization;
using Yizhen.Rules.Directories;
using Yizhen.Web.Page;

namespace Yizhen.Web.Directories;

/// <summary>How a hospital, its statement, and what is wrong with a list are worded.</summary>
internal static class HospitalWords
{
    public static string Of(Lang t, HospitalKind kind) => kind switch
    {
        HospitalKind.FeverClinic => t["发热门诊", "Fever clinic"],
        HospitalKind.Designated => t["定点医院", "Designated hospital"],
        HospitalKind.Hospital => t["医院", "Hospital"],
    };

    public static string Said(Frame f, HospitalStatement said)
    {
        var t = f.T;
        var room = said.Room is { } more ? t[$"，今天还能接 {more} 人", $", can take {more} more today"] : "";
        var waiting = said.Waiting is { } people ? t[$"，{people} 人在等", $", {people} waiting"] : "";
        return t[$"{f.Moment(said.At)} 医院自己说：{(said.Open ? "在接" : "不接")}{room}{waiting}", $"The hospital itself, {f.Moment(said.At)}: {(said.Open ? "taking patients" : "not taking patients")}{room}{waiting}"];
    }

    /// <summary>How near, and never more exactly than districts can say.</summary>
    public static string Near(Lang t, NearHospital near, string place) => near.Near switch
    {
        Rules.Directories.Near.SameDistrict => t[$"{place}，和您同一个区", $"{place}, your district"],
        Rules.Directories.Near.SameCity => t[$"{place}，同一个市", $"{place}, your city"],
        Rules.Directories.Near.Around => near.Km is { } km ? t[$"{place}，区中心之间大约 {Km(km)} 公里", $"{place}, about {Km(km)} km between the centres of the districts"] : place,
    };

    public static string? OwnDistrict(Frame f, NearHospital near) => near.Hospital.OwnDistrictFrom is not { } from ? null
        : near.Hospital.OwnDistrictUntil is { } until
            ? f.T[$"{f.Date(from)}到{f.Date(until)}只接本区的人", $"From {f.Date(from)} to {f.Date(until)} it takes people of its own district only"]
            : f.T[$"{f.Date(from)}起只接本区的人", $"From {f.Date(from)} on it takes people of its own district only"];

    public static string Published(Frame f, string publisher, DateOnly? published, bool old) => published is { } day
        ? f.T[$"{publisher}，{f.Date(day)}公布{(old ? "，名单旧了" : "")}", $"{publisher}, published {f.Date(day)}{(old ? "; this list is old" : "")}"]
        : f.T[$"{publisher}，名单没有写日期", $"{publisher}; the list bears no date"];

    public static string Of(Lang t, ListFault fault) => fault switch
    {
        ListFault.NameMissing => t["没有名称", "no name"],
        ListFault.KindUnknown => t["种类不认识", "this kind is not known"],
        ListFault.PlaceUnknown => t["没有这个地区代码或地名", "no such region code or place"],
        ListFault.DateUnreadable => t["日期写成 2026-11-28 这样", "write the date like 2026-11-28"],
        ListFault.DatesSwapped => t["规定的结束早于开始", "the rule ends before it begins"],
        ListFault.PublisherMissing => t["没有写是谁公布的", "no publisher"],
        ListFault.TooLong => t["太长", "too long"],
        ListFault.PhoneUnreadable => t["电话里没有数字", "a telephone without a digit"],
        ListFault.Twice => t["同一个区里这个名称已经有了；分院请写清院区", "this name stands in the same district already; name the branch"],
        ListFault.TooManyLines => t["行数太多，分开传", "too many lines: send it in parts"],
        ListFault.Unreadable => t["读不成 CSV，看看引号有没有配对", "not readable as CSV: look for a quote that is never closed"],
        ListFault.NoSuchHeader => t["第一行要写列名，至少有 name", "the first line names the columns, at least name"],
    };

    public static string Of(Lang t, AdviceElsewhere service) => service.Kind switch
    {
        "covid_free_clinic" => t["免费问诊", "Free consultations"],
        "psychological_counselling" => t["心理支持", "Psychological support"],
        "clinic_and_psychological" => t["免费问诊和心理支持", "Free consultations and psychological support"],
        _ => t["其他", "Other"],
    };

    private static string Km(double km) => Math.Max(1, Math.Round(km)).ToString(CultureInfo.InvariantCulture);
}

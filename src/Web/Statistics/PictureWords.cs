using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Statistics;
using Yizhen.Web.Consultations;
using Yizhen.Web.Page;

namespace Yizhen.Web.Statistics;

/// <summary>The codes of the picture in words. A code that has none stays as it is.</summary>
internal static class PictureWords
{
    /// <summary>Letters (ISO 3166-2), column and row of each province on a grid of eight by eight: its place is near, not exact.</summary>
    public static readonly (string Code, string Letters, int Column, int Row)[] Tiles =
    [
        ("23", "HL", 7, 0), ("22", "JL", 7, 1), ("15", "NM", 4, 2), ("11", "BJ", 5, 2), ("12", "TJ", 6, 2), ("21", "LN", 7, 2),
        ("65", "XJ", 0, 3), ("62", "GS", 1, 3), ("64", "NX", 2, 3), ("61", "SN", 3, 3), ("14", "SX", 4, 3), ("13", "HE", 5, 3), ("37", "SD", 6, 3),
        ("54", "XZ", 0, 4), ("63", "QH", 1, 4), ("51", "SC", 2, 4), ("50", "CQ", 3, 4), ("41", "HA", 4, 4), ("34", "AH", 5, 4), ("32", "JS", 6, 4), ("31", "SH", 7, 4),
        ("53", "YN", 2, 5), ("52", "GZ", 3, 5), ("42", "HB", 4, 5), ("36", "JX", 5, 5), ("33", "ZJ", 6, 5),
        ("45", "GX", 3, 6), ("43", "HN", 4, 6), ("44", "GD", 5, 6), ("35", "FJ", 6, 6), ("71", "TW", 7, 6),
        ("46", "HI", 4, 7), ("82", "MO", 5, 7), ("81", "HK", 6, 7),
    ];

    public static string Code(Lang t, Places places, Dimension dimension, string code) => code switch
    {
        Counted.Erased => t["已删除资料的", "erased"],
        Counted.NotSaid => t["没有说", "not said"],
        Counted.Abroad => t["境外", "abroad"],
        _ => dimension switch
        {
            Dimension.Province => PoolWords.Province(t, code),
            Dimension.City => Place(t, places, code + "00"),
            Dimension.District => Place(t, places, code),
            Dimension.Language => PoolWords.Language(t, code),
            Dimension.Disposition => Disposition(t, code),
            Dimension.Wait => Wait(t, code),
            Dimension.AgeBand => t[$"{code} 岁", code],
            Dimension.Symptom => ToldCodes.Sign(code) is { } words ? t[words.Zh, words.En] : code,
            Dimension.Entrance => code is "link" or "" ? t["链接", "link"] : code,
            _ => code,
        },
    };

    public static string Letters(string code) => Tiles.First(t => t.Code == code).Letters;

    public static string Title(Lang t, Dimension dimension) => dimension switch
    {
        Dimension.Province => t["来自哪里", "From where"],
        Dimension.City => t["市州", "Cities"],
        Dimension.District => t["区县", "Districts"],
        Dimension.Hour => t["几点来的", "At what hour"],
        Dimension.Entrance => t["从哪个入口", "By which entrance"],
        Dimension.AgeBand => t["年龄", "Age"],
        Dimension.Language => t["语言", "Language"],
        Dimension.Disposition => t["处置建议", "Advice of triage"],
        Dimension.Wait => t["等医生", "Waiting for a doctor"],
        Dimension.Symptom => t["说有的症状（一人可有几样）", "Signs that people said (several each)"],
    };

    private static string Place(Lang t, Places places, string code) =>
        places.Find(code) is not { } place ? code : t[place.Name, place.Pinyin.Length > 0 ? char.ToUpperInvariant(place.Pinyin[0]) + place.Pinyin[1..].Replace(" ", "", StringComparison.Ordinal) : place.Name];

    private static string Disposition(Lang t, string code) => code switch
    {
        "d0" => t["D0 马上求助", "D0 emergency"],
        "d1" => t["D1 去发热门诊", "D1 fever clinic"],
        "d2" => t["D2 去医院看", "D2 see somebody in person"],
        "d3" => t["D3 网上问医生", "D3 doctor online"],
        "d4" => t["D4 居家观察", "D4 observe at home"],
        "d5" => t["D5 不用就诊", "D5 no need to go"],
        "d6" => t["D6 心理危机，马上有人", "D6 crisis, a human at once"],
        "d7" => t["D7 心理支持", "D7 psychological support"],
        "none_yet" => t["还没有", "none yet"],
        _ => code,
    };

    private static string Wait(Lang t, string code) => code switch
    {
        Counted.InTime => t["目标时间内接上", "reached within target"],
        Counted.Late => t["超过目标才接上", "reached after target"],
        Counted.Gone => t["没等到就走了", "left before"],
        Counted.StillWaiting => t["还在等", "still waiting"],
        Counted.AskedNobody => t["没有要找医生", "did not ask for one"],
        _ => code,
    };
}

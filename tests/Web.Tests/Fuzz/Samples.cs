namespace Yizhen.Web.Tests.Fuzz;

/// <summary>What a field of that name usually holds, so that one wrong field at a time is looked at behind the right ones.</summary>
internal static class Samples
{
    public const string Words = "有点咳嗽，昨天开始的";

    public static string Text(string name) => name switch
    {
        "phone" => "13800001111",
        "code" => "000000",
        "password" => "a-long-password",
        "login" => "doctor3",
        "slug" => "fuzzed",
        "copy_to" => "fuzzed-again",
        "from" or "to" => "08:00",
        "hotline" => "027-12320",
        "numbers" => "120 急救",
        "regions" or "region" => "420102",
        "rules_date" => "2020-01-26",
        "epoch" => "1",
        "seats" => "3",
        "worry" => "3",
        "licence" => "42",
        "hospital" => "",
        "label" or "name" => "陈女士",
        "secret" or "recovery" or "recovery_code" => "abcdefghijklmnopqrstuvwxyz",
        "disposition" => "D4",
        "state" => "pausing",
        "flag" => "Contact",
        "decided" => "confirm",
        "as" => "csv",
        "answer" => "wait",
        "filed_at" => "2026-11-24T14:00",
        "starts" => "2020-01-20T08:00",
        "ends" or "answer_by" => "2030-01-26T08:00",
        "region_numbers" => "420102 027-12345 市长专线",
        "per_hour" or "per_minute" or "per_day" => "60",
        "origins" => "https://app.example",
        "url" => "https://app.example/hook",
        "year" => "2019",
        _ => Words,
    };

    /// <summary>The JSON token for a member of that name; null where the schema's type has to say.</summary>
    public static string? Token(string name) => name switch
    {
        "relation" => "\"self\"",
        "lang" => "\"zh\"",
        "country" or "phrase" or "hospital" => "null",
        "published" => "\"2020-01-26\"",
        "answers" => """{"age":"34"}""",
        "disposition" => "\"d4\"",
        "feeling" => "\"same\"",
        "role" => "\"physician\"",
        "flag" => "\"contact\"",
        "confirmed" => "true",
        "as" => "\"csv\"",
        "filed_at" => "\"2026-11-24T06:00:00Z\"",
        "hours" => "\"08:00-22:00\"",
        "regions" => """["420102"]""",
        "numbers" => """["120 急救"]""",
        "rules_date" => "\"2020-01-26\"",
        "close" or "guardian" => "false",
        "skills" => "\"general\"",
        "langs" => "\"zh\"",
        "seen" or "level" => "0",
        "answer" => "\"wait\"",
        "epoch" or "seats" or "worry" or "number" or "up_to" => "1",
        _ => null,
    };
}

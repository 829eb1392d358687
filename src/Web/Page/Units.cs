namespace Yizhen.Web.Page;

/// <summary>Units of the protocols that are words.</summary>
internal static class Units
{
    public static string? Of(Lang t, string? unit) => unit switch
    {
        "years" => t["岁", "years"],
        "days" => t["天", "days"],
        "per_minute" => t["次/分", "a minute"],
        _ => unit,
    };
}

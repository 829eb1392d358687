namespace Yizhen.Web.Page;

/// <summary>Units of the protocols that are words.</summary>
internal static class Units
{
    /// <summary>Of breaths and heartbeats: whole numbers.</summary>
    public const string Counted = "per_minute";

    public static string? Of(Lang t, string? unit) => unit switch
    {
        "years" => t["岁", "years"],
        "days" => t["天", "days"],
        Counted => t["次/分", "a minute"],
        _ => unit,
    };
}

namespace Yizhen.Web.Page;

/// <summary>A table for a spreadsheet: UTF-8 with its mark, every cell in quotes.</summary>
internal static class Csv
{
    public const string Type = "text/csv; charset=utf-8";

    public static string Of(IEnumerable<IEnumerable<string>> lines) => $"\uFEFF{string.Concat(lines.Select(l => $"{string.Join(',', l.Select(Cell))}\r\n"))}";

    /// <summary>A spreadsheet runs what begins like a formula.</summary>
    private static string Cell(string value)
    {
        var safe = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{value}" : value;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

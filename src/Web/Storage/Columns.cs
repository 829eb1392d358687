using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Yizhen.Web.Storage;

/// <summary>Column names are the property's name in snake case: no second list that could drift.</summary>
internal static class Columns
{
    public static string Snake(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));

    public static void InSnakeCase<T>(this EntityTypeBuilder<T> builder, string table)
        where T : class
    {
        builder.ToTable(table);
        foreach (var property in builder.Metadata.GetProperties())
        {
            property.SetColumnName(Snake(property.Name));
        }
    }
}

internal static class Moments
{
    public static DateTimeOffset Utc(this long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static long Ms(this DateTimeOffset moment) => moment.ToUnixTimeMilliseconds();
}

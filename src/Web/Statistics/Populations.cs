using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;

[assembly: Mapped<PopulationRow, PopulationMapping>]

namespace Yizhen.Web.Statistics;

internal sealed class PopulationRow
{
    /// <summary>Two digits of a province, four of a city.</summary>
    public required string Code { get; init; }

    public required long People { get; init; }

    public required int Year { get; init; }

    public required string Source { get; init; }

    public required string BroughtBy { get; init; }

    public required long BroughtAt { get; init; }
}

internal sealed class PopulationMapping : IEntityTypeConfiguration<PopulationRow>
{
    public void Configure(EntityTypeBuilder<PopulationRow> builder)
    {
        builder.HasKey(p => p.Code);
        builder.InSnakeCase("population");
    }
}

/// <summary>How many people live where.</summary>
/// <param name="People">By two digits of the province and four of the city.</param>
public sealed record Population(int Year, string Source, IReadOnlyDictionary<string, long> People)
{
    private const double Measure = 100_000;

    /// <summary>Null where nobody has said how many live there.</summary>
    public double? Per100000(string code, long people) => People.TryGetValue(code, out var all) ? Math.Round(people * Measure / all, 2) : null;
}

/// <summary>A line that cannot be read, and what is wrong with it.</summary>
public sealed record PopulationFault(int Line, PopulationWrong Wrong);

public enum PopulationWrong
{
    NoSuchHeader,
    NoSuchPlace,
    NoCount,
    Twice,
    TooMany,
}

/// <summary>The populations of the deployment: what an operator has brought, else the provinces of the census of 2020 that come with the program.</summary>
internal sealed class Populations(IDbContextFactory<Database> databases, IEngine engine, Places places)
{
    public const int LongestSource = 200;
    public const int FirstYear = 1949;
    private const int Most = 1000;
    private const int ProvinceDigits = 2;
    private const int CityDigits = 4;
    private const int DistrictDigits = 6;

    private static readonly Lazy<Population> Shipped = new(() => new(
        2020, "国家统计局《第七次全国人口普查公报（第三号）》，2021 年 5 月 11 日 · National Bureau of Statistics of China, Seventh National Population Census, communiqué no. 3", Resource("provinces-2020.csv")));

    public async Task<Population> Now(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<PopulationRow>().AsNoTracking().ToListAsync(ct);
        return rows.Count == 0 ? Shipped.Value : new(rows[0].Year, rows[0].Source, rows.ToDictionary(r => r.Code, r => r.People));
    }

    /// <summary>In place of what was there, as a whole; with one line at fault nothing is stored.</summary>
    /// <param name="csv">UTF-8 with the header code,people; codes of two, four or six digits.</param>
    /// <exception cref="OperationCanceledException">Stopped before the commit.</exception>
    public async Task<(Decision<Population> Taken, ImmutableArray<PopulationFault> Faults)> Bring(string csv, int year, string source, string by, DateTimeOffset now)
    {
        if (year < FirstYear || year > now.Year || source.Trim() is not { Length: > 0 and <= LongestSource } named)
        {
            return (Refusal.Malformed, []);
        }

        var (people, faults) = Read(csv, places);
        if (!faults.IsEmpty)
        {
            return (Refusal.ListAtFault, faults);
        }

        await using var database = await databases.CreateDbContextAsync();
        using var turn = await engine.WriterAsync(CancellationToken.None);
        await using var whole = await database.Database.BeginTransactionAsync();
        await database.Set<PopulationRow>().ExecuteDeleteAsync();
        database.AddRange(people.Select(p => new PopulationRow { Code = p.Key, People = p.Value, Year = year, Source = named, BroughtBy = by, BroughtAt = now.Ms() }));
        await database.SaveChangesAsync();
        await whole.CommitAsync();
        return (new Population(year, named, people), []);
    }

    /// <summary>The same for the shipped file, whose places are known to be there.</summary>
    private static Dictionary<string, long> Resource(string name)
    {
        using var stream = typeof(Populations).Assembly.GetManifestResourceStream($"population/{name}") ?? throw new InvalidOperationException($"{name} does not ship.");
        using var reader = new StreamReader(stream);
        return Read(reader.ReadToEnd(), null).People;
    }

    private static (Dictionary<string, long> People, ImmutableArray<PopulationFault> Faults) Read(string csv, Places? places)
    {
        var (people, faults) = (new Dictionary<string, long>(StringComparer.Ordinal), ImmutableArray.CreateBuilder<PopulationFault>());
        var lines = csv.TrimStart('\uFEFF').Split('\n');
        if (!lines[0].Trim().Replace("\"", "", StringComparison.Ordinal).StartsWith("code,people", StringComparison.OrdinalIgnoreCase))
        {
            return (people, [new(1, PopulationWrong.NoSuchHeader)]);
        }

        for (var n = 1; n < lines.Length && faults.Count < Most; n++)
        {
            var cells = lines[n].Split(',', StringSplitOptions.TrimEntries).Select(c => c.Trim('"')).ToArray();
            if (cells is [""])
            {
                continue;
            }

            var wrong = cells.Length < 2 || !long.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1 ? PopulationWrong.NoCount
                : Short(cells[0]) is not { } code || (places is not null && places.Find(code.PadRight(DistrictDigits, '0')) is null) ? PopulationWrong.NoSuchPlace
                : people.Count >= Most ? PopulationWrong.TooMany
                : !people.TryAdd(code, count) ? PopulationWrong.Twice : (PopulationWrong?)null;
            if (wrong is { } fault)
            {
                faults.Add(new(n + 1, fault));
            }
        }

        return (people, people.Count == 0 && faults.Count == 0 ? [new(2, PopulationWrong.NoCount)] : faults.ToImmutable());
    }

    /// <summary>420000 and 42 are the province, 420100 and 4201 the city; districts are not taken.</summary>
    private static string? Short(string code) => code.All(char.IsAsciiDigit)
        ? code.Length switch
        {
            ProvinceDigits or CityDigits => code,
            DistrictDigits when code.EndsWith("0000", StringComparison.Ordinal) => code[..ProvinceDigits],
            DistrictDigits when code.EndsWith("00", StringComparison.Ordinal) => code[..CityDigits],
            _ => null,
        }
        : null;
}

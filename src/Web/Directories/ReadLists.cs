using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Directories;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Directories;

/// <summary>A file read to its end.</summary>
/// <param name="Faults">Where there are any, nothing of what somebody brings is taken.</param>
internal sealed record ReadList<T>(ImmutableArray<T> Lines, ImmutableArray<FaultyLine> Faults);

/// <summary>Reads lists as they are published: CSV with a header, UTF-8.</summary>
internal sealed class ReadLists(Places places, DirectoryRules rules, Deployment deployment)
{
    private static readonly (string File, string Publisher)[] ShippedHospitals =
        [("hubei_hospitals.csv", "wuhan2020"), ("fever_clinics.csv", "wuhan2020map")];

    private static readonly CsvReaderOptions Shape = new() { Separator = ',', TrimWhitespace = true, TrackLineNumbers = true };

    // The lists of 2020 stand as they were published: what of them cannot be read is left out.
    private readonly Lazy<ImmutableArray<Hospital>> shippedHospitals = new(() => [.. ShippedHospitals
        .SelectMany(s => Read(Shipped(s.File), new(s.Publisher, null), places, rules, line => line.Hospital(), h => h.Key).Lines).GroupBy(h => h.Key).Select(g => g.Last())]);

    private readonly Lazy<ImmutableArray<AdviceElsewhere>> shippedServices = new(() =>
        Read(Shipped("free_online_clinics.csv"), new("wuhan2020", null), places, rules, line => line.Service(), s => s.Key).Lines);

    /// <summary>The lists of early 2020 that came with the program; for demo and drill only, and only where nobody has brought another.</summary>
    public ImmutableArray<Hospital> DemoHospitals => deployment.IsRehearsal ? shippedHospitals.Value : [];

    public ImmutableArray<AdviceElsewhere> DemoServices => deployment.IsRehearsal ? shippedServices.Value : [];

    public ReadList<Hospital> Hospitals(string text, ListDefaults defaults) => Read(text, defaults, places, rules, line => line.Hospital(), h => h.Key);

    public ReadList<AdviceElsewhere> Services(string text, ListDefaults defaults) => Read(text, defaults, places, rules, line => line.Service(), s => s.Key);

    /// <summary>One of the lists of early 2020, which serve nobody who is ill today.</summary>
    public static bool IsShipped(string text) => ShippedHospitals.Select(s => s.File).Append("free_online_clinics.csv").Any(file => Plain(Shipped(file)) == Plain(text));

    private static ReadList<T> Read<T>(string text, ListDefaults defaults, Places places, DirectoryRules rules, Func<ListLine, T?> read, Func<T, Guid> key)
        where T : class
    {
        var (lines, faults, known, at) = (ImmutableArray.CreateBuilder<T>(), new List<FaultyLine>(), new HashSet<Guid>(), 1);
        try
        {
            using var csv = CsvReader.FromText(text.TrimStart('\uFEFF'), Shape);
            csv.ReadHeader();
            var columns = new List<string>();
            foreach (var header in csv.Headers)
            {
                columns.Add(header.Trim().ToLowerInvariant());
            }

            if (!columns.Contains("name") && !columns.Contains("organisation"))
            {
                return new([], [new FaultyLine(1, ListFault.NoSuchHeader, "")]);
            }

            while (csv.Read())
            {
                at = (int)csv.LineNumber;
                if (lines.Count >= rules.MostLines)
                {
                    faults.Add(new(at, ListFault.TooManyLines, ""));
                    break;
                }

                var cells = new Dictionary<string, string>(StringComparer.Ordinal);
                for (var n = 0; n < Math.Min(columns.Count, csv.FieldCount); n++)
                {
                    cells.TryAdd(columns[n], csv.GetString(n));
                }

                var line = new ListLine(at, column => cells.GetValueOrDefault(column), defaults, places, KeyOf);
                if (read(line) is not { } whole)
                {
                    faults.AddRange(line.Faults);
                }
                else if (!known.Add(key(whole)))
                {
                    faults.Add(new(at, ListFault.Twice, cells.GetValueOrDefault("name") ?? cells.GetValueOrDefault("organisation") ?? ""));
                }
                else
                {
                    lines.Add(whole);
                }
            }
        }
        catch (CsvFormatException)
        {
            faults.Add(new(at, ListFault.Unreadable, ""));
        }

        return new(lines.ToImmutable(), [.. faults]);
    }

    private static Guid KeyOf(string identity) => new(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16));

    private static string Plain(string text) => text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Trim();

    private static string Shipped(string file)
    {
        using var stream = typeof(ReadLists).Assembly.GetManifestResourceStream($"facilities/{file}") ?? throw new StorageException($"The list {file} is missing from this program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

using System.Collections.Immutable;
using System.Globalization;

namespace Yizhen.Rules.Campaigns;

/// <summary>
/// In which city or province a mobile number of mainland China was first sold, by its first seven digits. People move and keep their numbers, so it proves
/// little; and many new numbers are not known. From the geocoding data of libphonenumber (see NOTICE).
/// </summary>
public sealed class PhoneRegions
{
    private const string Country = "+86";
    private const int Digits = 7;
    private const int WholeNumber = 11;

    private readonly ImmutableArray<Span> spans;

    private PhoneRegions(ImmutableArray<Span> spans) => this.spans = spans;

    /// <summary>Reads one line a region: its six digits, then spans of seven-digit beginnings, each by its distance from the end of the one before, and after a plus how many follow.</summary>
    /// <exception cref="FormatException">The table is not of this shape; it ships with the product, so this is a bug.</exception>
    public static PhoneRegions Parse(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var read = new List<Span>();
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var cells = line.Split(' ');
            var last = 0;
            foreach (var cell in cells.Skip(1))
            {
                var plus = cell.IndexOf('+', StringComparison.Ordinal);
                var first = last + Number(plus < 0 ? cell : cell.AsSpan(0, plus));
                last = first + (plus < 0 ? 0 : Number(cell.AsSpan(plus + 1)));
                read.Add(new Span(first, last, cells[0]));
            }
        }

        return new([.. read.OrderBy(s => s.First)]);
    }

    /// <returns>Six digits of a city, or of a province where no more is known; null where nothing is, and for numbers from elsewhere.</returns>
    /// <param name="e164">+8613800001111.</param>
    public string? Of(string e164)
    {
        ArgumentNullException.ThrowIfNull(e164);
        if (!e164.StartsWith(Country, StringComparison.Ordinal) || e164.Length != Country.Length + WholeNumber
            || !int.TryParse(e164.AsSpan(Country.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix))
        {
            return null;
        }

        var at = spans.BinarySearch(new Span(prefix, prefix, ""), Comparer<Span>.Create((a, b) => a.First.CompareTo(b.First)));
        at = at >= 0 ? at : ~at - 1;
        return at >= 0 && spans[at].Last >= prefix ? spans[at].Region : null;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private readonly record struct Span(int First, int Last, string Region);
}

/// <summary>What a number says to a campaign that asks where it was sold.</summary>
public enum PhoneSays
{
    /// <summary>Sold in a region that the campaign covers.</summary>
    Here,

    /// <summary>Not in the table, or from abroad: the person's own word counts.</summary>
    Unknown,

    /// <summary>Sold in another region. It stops nobody who is urgent.</summary>
    Elsewhere,

    /// <summary>The person gave no number.</summary>
    NoNumber,
}

/// <param name="Region">Six digits; null where it is not known.</param>
public sealed record PhoneProof(PhoneSays Says, string? Region)
{
    /// <summary>Who named only the city or province of a covered district is believed, as a number is that says no more.</summary>
    /// <param name="e164">Null: none was given.</param>
    public static PhoneProof Of(Campaign campaign, string? e164, PhoneRegions table)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(table);
        return e164 is null ? new(PhoneSays.NoNumber, null)
            : table.Of(e164) is not { } region ? new(PhoneSays.Unknown, null)
            : new(campaign.Regions.IsEmpty || campaign.Regions.Any(covered => Places.Holds(covered, region) || Places.Holds(region, covered)) ? PhoneSays.Here : PhoneSays.Elsewhere, region);
    }
}

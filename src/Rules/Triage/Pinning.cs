using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>Packs put together again from the versions that somebody was judged by.</summary>
/// <param name="Missing">Versions that are not kept here. While one is missing nobody can say what it would have said.</param>
public sealed record PinnedPacks(ImmutableArray<Protocol> Packs, ImmutableArray<ProtocolPin> Missing);

/// <summary>Another version in the place of one: everything else stays as it was pinned.</summary>
/// <param name="Day">The day whose packs judged.</param>
public sealed record Replacement(ProtocolPin Recalled, Protocol By, DateOnly Day)
{
    /// <summary>The nearest day on which the other version is in force: that day's overlay lies over it.</summary>
    internal DateOnly NearestDay => Day < By.From ? By.From : By.To is { } last && last < Day ? last : Day;
}

/// <summary>A pin names a national version and, behind a plus, the overlays that lay over it.</summary>
public static class Pinning
{
    private const char Over = '+';

    /// <summary>The packs of these pins, in their order.</summary>
    /// <param name="region">Six-digit code; chose the overlay.</param>
    public static PinnedPacks Pinned(this ProtocolShelf shelf, IEnumerable<ProtocolPin> pins, string? region, Replacement? instead = null)
    {
        ArgumentNullException.ThrowIfNull(shelf);
        ArgumentNullException.ThrowIfNull(pins);
        var (packs, missing) = (ImmutableArray.CreateBuilder<Protocol>(), ImmutableArray.CreateBuilder<ProtocolPin>());
        foreach (var pin in pins)
        {
            var (national, overlays) = Split(pin);
            var replaced = instead?.Recalled == new ProtocolPin(pin.Id, national);
            var found = replaced ? instead?.By : shelf.All.FirstOrDefault(p => p.Overlay is null && p.Id == pin.Id && p.Version == national);
            var over = replaced && instead is { } change && change.NearestDay != change.Day
                ? [.. shelf.Valid(change.NearestDay).Where(o => o.IsOver(pin.Id, region))]
                : overlays.Select(version => shelf.Overlay(pin.Id, version, region) is { } overlay ? overlay.Pin == instead?.Recalled ? instead.By : overlay : null).ToList();
            if (found is null || over.Contains(null))
            {
                missing.Add(pin);
            }
            else
            {
                packs.Add(over.OfType<Protocol>().Aggregate(found, ProtocolShelf.Under));
            }
        }

        return new PinnedPacks(packs.ToImmutable(), missing.ToImmutable());
    }

    /// <summary>
    /// The packs of a consultation's day, with what stands in the place of recalled versions: nobody is judged by what was taken back. A version that is not
    /// kept here any more cannot stand in; then the day's own does.
    /// </summary>
    /// <param name="replaced">In the order of the recalls.</param>
    public static DayPacks Packs(this ProtocolShelf shelf, DateOnly day, string? region, ImmutableArray<(ProtocolPin Recalled, ProtocolPin By)> replaced)
    {
        ArgumentNullException.ThrowIfNull(shelf);
        var ofTheDay = shelf.Of(day, region);
        var stand = replaced.Aggregate(ofTheDay.All, (packs, change) =>
            shelf.All.FirstOrDefault(p => p.Pin == change.By) is { } by && shelf.Uses(packs.Select(p => p.Pin), region, change.Recalled)
                && shelf.Pinned(packs.Select(p => p.Pin), region, new Replacement(change.Recalled, by, day)) is { Missing.IsEmpty: true } again ? again.Packs : packs);
        return stand == ofTheDay.All ? ofTheDay : shelf.Prepared(stand);
    }

    /// <summary>Whether this version, national or of the region's overlay, judged.</summary>
    public static bool Uses(this ProtocolShelf shelf, IEnumerable<ProtocolPin> pins, string? region, ProtocolPin version)
    {
        ArgumentNullException.ThrowIfNull(shelf);
        ArgumentNullException.ThrowIfNull(pins);
        ArgumentNullException.ThrowIfNull(version);
        return pins.Any(pin =>
        {
            var (national, overlays) = Split(pin);
            return new ProtocolPin(pin.Id, national) == version || overlays.Any(o => shelf.Overlay(pin.Id, o, region)?.Pin == version);
        });
    }

    internal static string Under(string national, string overlay) => $"{national}{Over}{overlay}";

    internal static bool IsOver(this Protocol overlay, string id, string? region) =>
        overlay.Replaces == id && overlay.Overlay is { } prefix && region?.StartsWith(prefix, StringComparison.Ordinal) == true;

    private static Protocol? Overlay(this ProtocolShelf shelf, string id, string version, string? region) => shelf.All.FirstOrDefault(o => o.Version == version && o.IsOver(id, region));

    private static (string National, IEnumerable<string> Overlays) Split(ProtocolPin pin)
    {
        var versions = pin.Version.Split(Over);
        return (versions[0], versions.Skip(1));
    }
}

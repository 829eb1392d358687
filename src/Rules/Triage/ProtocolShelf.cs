using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>
/// The protocols that may serve, signatures already checked. Judging is a pure function of answers, day and region:
/// the same day's packs give the same outcome for ever.
/// </summary>
public sealed class ProtocolShelf
{
    private const char Between = '\n';

    private static readonly ImmutableArray<Disposition> NeedsCover = [Disposition.D4, Disposition.D5];

    private static readonly ImmutableArray<Disposition> FromTheMostAcute =
        [Disposition.D0, Disposition.D6, Disposition.D1, Disposition.D2, Disposition.D3, Disposition.D4, Disposition.D5];

    private readonly ImmutableArray<Protocol> protocols;

    private readonly Protocol lastResort;

    /// <summary>By what lies over what: a day or a region more adds none, so it stays as small as the shelf.</summary>
    private readonly ConcurrentDictionary<string, DayPacks> prepared = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">No red-flag pack with a fallback row: then nobody could be told anything safe.</exception>
    public ProtocolShelf(IEnumerable<Protocol> protocols)
    {
        this.protocols = [.. protocols.OrderByDescending(p => p.RedFlags).ThenBy(p => p.Id, StringComparer.Ordinal)];
        lastResort = this.protocols.FirstOrDefault(IsLastResort) ?? throw new ArgumentException("No red-flag protocol with a fallback row may serve.", nameof(protocols));
    }

    public IReadOnlyList<Protocol> All => protocols;

    /// <summary>The packs of a day, red flags first. An open end stays in force until a later version of the same id begins.</summary>
    /// <param name="region">Six-digit code; chooses the overlay and nothing else.</param>
    public IReadOnlyList<Protocol> InForce(DateOnly day, string? region) => Of(day, region).All;

    /// <summary>The newest version of each id, national and regional, that is in force on a day.</summary>
    internal IReadOnlyList<Protocol> Valid(DateOnly day) => [.. protocols.Where(p => p.IsInForce(day)).GroupBy(p => (p.Id, p.Overlay)).Select(versions => versions.MaxBy(p => p.From)).OfType<Protocol>()];

    public Outcome Judge(IReadOnlyDictionary<string, string> answers, DateOnly day, string? region) => Of(day, region).Judge(answers, askable: true);

    /// <param name="packs">Those of one day and region. Whoever judges more than once by them keeps <see cref="Prepared"/>.</param>
    /// <param name="askable">As of <see cref="DayPacks.Judge"/>.</param>
    public Outcome Judge(IReadOnlyList<Protocol> packs, IReadOnlyDictionary<string, string> answers, bool askable) => Prepared(packs).Judge(answers, askable);

    /// <summary>Some packs made ready for judging, those that somebody was pinned to for instance.</summary>
    public DayPacks Prepared(IEnumerable<Protocol> packs) => new(packs, lastResort);

    /// <summary>What is still to ask, in order, red flags first; empty when an emergency has been answered already.</summary>
    public IReadOnlyList<Question> Questions(IReadOnlyDictionary<string, string> answers, DateOnly day, string? region) => Of(day, region).Questions(answers);

    internal static bool IsLastResort(Protocol protocol) => protocol is { RedFlags: true, Fallback: not null, Unsure: not null };

    /// <summary>Of rows that hold, the first decides.</summary>
    internal static IEnumerable<(Protocol Pack, Row Row)> InOrder(IEnumerable<(Protocol Pack, Row Row)> rows) =>
        rows.OrderBy(m => Acuity(m.Row.Disposition)).ThenBy(m => m.Row.Urgency).ThenBy(m => m.Row.Disposition == Disposition.D3);

    /// <summary>Only for whom the pack covers, and only with every question answered.</summary>
    internal static bool KeepsHome(Disposition disposition) => NeedsCover.Contains(disposition);

    /// <summary>
    /// From the most acute. Highest acuity wins (L2): adding a sign can only move a person to the front. A doctor online and psychological
    /// support are equally far from home: there urgency decides, and between equals fear that leads goes to the counsellor.
    /// </summary>
    public static int Acuity(Disposition disposition) => FromTheMostAcute.IndexOf(disposition == Disposition.D7 ? Disposition.D3 : disposition);

    /// <summary>Overlays are laid over their packs once and not at each judging.</summary>
    internal DayPacks Of(DateOnly day, string? region)
    {
        var valid = Valid(day);
        var laid = valid.Where(p => p.Overlay is null).Select(p => (Pack: p, Over: valid.Where(o => o.IsOver(p.Id, region)).ToList())).ToList();
        var key = string.Join(Between, laid.SelectMany(l => l.Over.Prepend(l.Pack)).Select(p => $"{p.Id} {p.Overlay} {p.Version} {p.From:O}"));
        return prepared.GetOrAdd(key, _ => Prepared(laid.Select(l => l.Over.Aggregate(l.Pack, Under))));
    }

    /// <summary>A regional overlay replaces the rows that it names and adds its own; questions and texts come with it.</summary>
    internal static Protocol Under(Protocol national, Protocol overlay) => national with
    {
        Version = Pinning.Under(national.Version, overlay.Version),
        Rows = [.. overlay.Rows, .. national.Rows.Where(r => overlay.Rows.All(o => o.Id != r.Id))],
        Questions = [.. national.Questions, .. overlay.Questions.Where(q => national.Questions.All(n => n.Code != q.Code))],
        Texts = national.Texts.SetItems(overlay.Texts),
        Sources = [.. national.Sources, .. overlay.Sources.Where(s => national.Sources.All(n => n.Id != s.Id))],
        Covers = overlay.Covers ?? national.Covers,
    };
}

using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <content>Why seats are free while people wait, by the same looks by which the pool decides.</content>
public sealed partial class Pool
{
    /// <summary>To be asked after <see cref="Decide"/>: what it has given is taken.</summary>
    /// <param name="needs">For which somebody waits.</param>
    /// <param name="asked">Who waits, is not in the pool, and of whom a clinician is asked at this moment: until when, UTC milliseconds.</param>
    public ImmutableArray<FreeSeats> FreeSeats(IEnumerable<string> needs, IReadOnlyCollection<(Waiting Who, long Until)> asked, long now)
    {
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentNullException.ThrowIfNull(asked);
        List<Wish> wishes =
        [
            .. waiting.Where(l => l.Head is not null).Select(l => new Wish(Ask(l.Head ?? throw new InvalidOperationException(), now), SeatKept.Nothing, null)),
            .. withOwn.Where(p => !p.Line.People.Contains(p)).Select(p => new Wish(Ask(p, now), SeatKept.OwnFirst, p.Who.ArrivedAt + rules.OwnClinician(p.Who.Urgency))),
            .. asked.Select(a => new Wish(new Ask(Line(a.Who with { PassedBy = default }), Rank(a.Who, rules, now), busy, now), SeatKept.Asked, a.Until)),
        ];
        return [.. needs.Select(need => Of(need, wishes.FindAll(w => w.Ask.Line.Like.Need == need)))];
    }

    private FreeSeats Of(string need, List<Wish> wishes)
    {
        var serving = clinicians.Values.Where(c => c.Who.Skills.Contains(need)).ToList();
        var here = serving.FindAll(c => !c.Who.Paused);
        var resting = serving.Where(c => c.Who.Paused).GroupBy(c => c.Profile).Where(g => wishes.Exists(w => w.Ask.Line.Fits(g.Key))).SelectMany(g => g);
        var kept = here.Where(c => Empty(c) > 0).GroupBy(c => c.Profile).SelectMany(g => Kept(g.Key, [.. g], wishes))
            .GroupBy(k => k.Why).Select(g => new KeptSeats(g.Key, g.Sum(k => k.Seats), g.Any(k => k.Until is null) ? null : g.Max(k => k.Until)));
        return new FreeSeats(need, here.Count, here.Sum(Empty), resting.Sum(Empty), [.. kept.OrderByDescending(k => k.Seats).ThenBy(k => k.Why)]);
    }

    /// <summary>Clinicians of one kind with a free seat. People are of thousands of kinds, and alike in what can keep these clinicians from them.</summary>
    private IEnumerable<KeptSeats> Kept(Profile profile, List<Clinician> those, List<Wish> wishes)
    {
        var fitting = wishes.Where(w => w.Ask.Line.Fits(profile))
            .DistinctBy(w => (w.Ask.Line.IsCall, w.Ask.Rank, reserves.Let(profile.Like, w.Ask.Line.Like), w.Ask.Line.IsApart ? w.Ask.Line : null, w.Otherwise, w.Until)).ToList();
        if (fitting.Count == 0)
        {
            var nearest = wishes.Select(w => Kept(w.Ask.Line.Misfit(profile.Number))).DefaultIfEmpty(SeatKept.Nothing).Max();
            yield return new KeptSeats(nearest, those.Sum(Empty), nearest == SeatKept.ShiftEnds && those.Max(c => c.Who.EndsAt) is < long.MaxValue and var ends ? ends : null);
            yield break;
        }

        foreach (var clinician in those)
        {
            var (why, until) = fitting.Select(w => Kept(clinician, w)).OrderByDescending(k => k.Why).ThenBy(k => k.Until ?? long.MaxValue).First();
            yield return new KeptSeats(why, Empty(clinician), until);
        }
    }

    private (SeatKept Why, long? Until) Kept(Clinician clinician, Wish wish)
    {
        var (ask, otherwise, until) = wish;
        return !reserves.Let(clinician.Who, ask.Line.Like) ? (SeatKept.Reserved, null)
            : ask.Line.IsCall && clinician.Open > 0 ? (SeatKept.NotEmpty, null)
            : clinician.Open >= clinician.Profile.Levels(ask) ? (SeatKept.Slower, null)
            : clinician.IsKeptFrom(ask) ? (SeatKept.ForCall, null)
            : ask.Line.Bars(clinician, again: true, ask.Now) ? (SeatKept.Passed, ask.Line.Like.PassedBy.First(p => p.Clinician == clinician.Who.Clinician).Again)
            : (otherwise, until);
    }

    private static SeatKept Kept(Filter filter) => filter switch
    {
        Filter.Skill => SeatKept.Class,
        Filter.Language => SeatKept.Language,
        Filter.Channel => SeatKept.Channel,
        Filter.Licence => SeatKept.Licence,
        Filter.Lending => SeatKept.NotLent,
        Filter.ShiftEnds => SeatKept.ShiftEnds,
        Filter.Tired => SeatKept.Tired,
        Filter.None => SeatKept.Nothing,
    };

    /// <summary>Whoever is in a call has no seat to give.</summary>
    private static int Empty(Clinician clinician) => clinician.InCall ? 0 : Math.Max(0, clinician.Who.Seats - clinician.Open);

    /// <param name="Otherwise">What keeps them where the clinician could take them; until when.</param>
    private readonly record struct Wish(Ask Ask, SeatKept Otherwise, long? Until);
}

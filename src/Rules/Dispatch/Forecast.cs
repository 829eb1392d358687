using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>How long somebody was told the wait would be when they joined, in milliseconds after that; eight of ten waits should lie inside.</summary>
public sealed record Told(long FromMs, long ToMs)
{
    /// <summary>Below this "within a minute" is said and no range.</summary>
    public bool IsRange => ToMs > Forecast.MinuteMs;
}

/// <summary>
/// How long people will wait, learned from how long people have waited: from the queue and the starts of the last minutes among
/// those alike, and from how far such guesses were off lately. It has no model of the clinicians on duty: when they leave unannounced, starts become rarer and the
/// ranges wider. The width corrects itself (adaptive conformal inference, Gibbs and Candès 2021), so that 80 % of the waits
/// lie inside whatever the day is like. Only who is rostered to come or to go stretches a guess. Whoever is overdue counts as missed at once, and not only when they are served.
/// A fold: the same comings and goings in the same order give the same ranges. Times are UTC milliseconds and never go back.
/// </summary>
public sealed class Forecast
{
    internal const long MinuteMs = 60_000;
    private const int Sizes = 5;

    private readonly Dictionary<Lane, Alike> lanes = [];
    private readonly Dictionary<(Urgency Urgency, int Size), Misses> misses = [];
    private readonly Dictionary<Guid, Standing> standing = [];
    private readonly PriorityQueue<Guid, long> due = new();

    public HitRate Hits { get; } = new();

    /// <returns>Null while too little is known of people like them.</returns>
    /// <param name="need">Specialty and channel: they wait for other clinicians than the rest.</param>
    /// <param name="id">Of whom joins.</param>
    /// <param name="urgency">As judged now.</param>
    /// <param name="channel">Text or call.</param>
    /// <param name="now">UTC milliseconds.</param>
    /// <param name="capacity">Who is to come and to go by the roster; null: nothing is known of it.</param>
    public Told? Joined(Guid id, Urgency urgency, string need, string channel, long now, Capacity? capacity = null)
    {
        Pass(now);
        Left(id, now);
        Alike[] kinds = [Of(new(urgency, need, channel)), Of(new(urgency, null, channel)), Of(new(urgency, null, null))];
        var known = Array.Find(kinds, kind => kind.Knows(now, Alike.Enough)) ?? (kinds[^1].Knows(now, Alike.AtLeast) ? kinds[^1] : null);
        var person = new Standing(now, kinds);
        if (known is not null)
        {
            person.Guess = known.Guess(now, standing) is var guess && capacity is not null ? capacity.Stretch(guess) : guess;
            person.Of = misses.TryGetValue((urgency, Size(person.Guess)), out var of) ? of : misses[(urgency, Size(person.Guess))] = new Misses();
            person.Told = Nearest(urgency, Size(person.Guess)).Select(of => of.Around(person.Guess)).FirstOrDefault(told => told is not null);
            if (person.Told is { } told)
            {
                due.Enqueue(id, now + told.ToMs + 1);
            }
        }

        standing[id] = person;
        foreach (var kind in kinds)
        {
            kind.Join(id, now);
        }

        return person.Told;
    }

    /// <summary>A clinician has taken them; nothing where they were not waiting.</summary>
    public void Started(Guid id, long now)
    {
        Pass(now);
        if (!standing.Remove(id, out var person))
        {
            return;
        }

        var waited = now - person.Since;
        foreach (var kind in person.Kinds)
        {
            kind.Started(now, waited);
        }

        if (person.Told is { } told)
        {
            var hit = waited < told.FromMs ? Hit.Sooner : waited > told.ToMs ? Hit.Later : Hit.Inside;
            Hits.Count(now, told.IsRange, hit);
            if (!person.Missed)
            {
                person.Of?.Learn(hit);
            }
        }

        person.Of?.Remember(waited, person.Guess);
    }

    /// <summary>Left, or was promised another time: how long they would have waited nobody knows.</summary>
    public void Left(Guid id, long now)
    {
        Pass(now);
        if (standing.Remove(id, out var person))
        {
            foreach (var kind in person.Kinds)
            {
                kind.Gone();
            }
        }
    }

    public bool Waits(Guid id) => standing.ContainsKey(id);

    /// <returns>What they were told when they joined, and when that was; null while nothing could be told.</returns>
    public (long Since, Told Told)? ToldTo(Guid id) => standing.TryGetValue(id, out var person) && person.Told is { } told ? (person.Since, told) : null;

    /// <summary>Whoever waits beyond what they were told.</summary>
    private void Pass(long now)
    {
        while (due.TryPeek(out var id, out var at) && at <= now)
        {
            due.Dequeue();
            if (standing.TryGetValue(id, out var person) && person is { Missed: false, Told: { } told } && person.Since + told.ToMs < at)
            {
                person.Missed = true;
                person.Of?.Learn(Hit.Later);
            }
        }
    }

    /// <summary>Guesses of this size, and while too few of them are known, of the sizes next to it.</summary>
    private IEnumerable<Misses> Nearest(Urgency urgency, int size) =>
        Enumerable.Range(0, Sizes).OrderBy(other => Math.Abs(other - size))
            .Select(other => misses.GetValueOrDefault((urgency, other))).OfType<Misses>();

    private Alike Of(Lane lane) => lanes.TryGetValue(lane, out var kind) ? kind : lanes[lane] = new Alike();

    /// <summary>Guesses of like size are off by like shares: at once, within a minute, five, twenty, more.</summary>
    private static int Size(double guessMs) => guessMs < 5_000 ? 0 : guessMs < MinuteMs ? 1 : guessMs < 5 * MinuteMs ? 2 : guessMs < 20 * MinuteMs ? 3 : 4;

    private readonly record struct Lane(Urgency Urgency, string? Need, string? Channel);
}

/// <summary>Somebody who waits, and what was said to them.</summary>
internal sealed class Standing(long since, Alike[] kinds)
{
    public long Since => since;

    public Alike[] Kinds => kinds;

    public double Guess { get; set; }

    public Misses? Of { get; set; }

    public Told? Told { get; set; }

    public bool Missed { get; set; }
}

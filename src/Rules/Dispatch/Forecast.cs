using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>How long somebody was told the wait would be when they joined, in milliseconds after that; eight of ten waits should lie inside.</summary>
public sealed record Told(long FromMs, long ToMs)
{
    /// <summary>Below this "within a minute" is said and no range.</summary>
    public bool IsRange => ToMs > Forecast.MinuteMs;
}

/// <summary>
/// How long people will wait: from who stands before them and how fast such people were taken in the last minutes, and from how far such guesses were off lately.
/// It has no model of the clinicians on duty: when they leave unannounced, starts become rarer and the ranges wider. What it knows at its beginning comes from other days (<see cref="ForecastRules"/>) and
/// gives way to what it sees. The width corrects itself (adaptive conformal inference, Gibbs and Candès 2021), so that 80 % of the waits lie inside whatever the
/// day is like. Only who is rostered to come or to go stretches a guess. Whoever is overdue counts as missed at once, and not only when they are served.
/// A fold: the same comings and goings in the same order give the same ranges. Times are UTC milliseconds and never go back.
/// </summary>
public sealed class Forecast(ForecastRules rules)
{
    internal const long MinuteMs = 60_000;
    private const double Pace = 0.01;

    private readonly Dictionary<(string? Need, string Channel), Alike> kinds = [];
    private readonly Dictionary<(Urgency Urgency, int Ahead, int Size), Misses> misses = [];
    private readonly Dictionary<Guid, Standing> standing = [];
    private readonly PriorityQueue<Guid, long> due = new();
    private readonly Ends together = new(Pace);

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
        var (own, all) = (Of(need, channel), Of(null, channel));
        var person = new Standing(now, urgency, [own, all]);
        if (all.Knows(now, Alike.AtLeast))
        {
            // Where nobody who needs the same was taken lately, the speed of all others is the best that is known.
            var known = own.Knows(now, 1) ? own : all;
            var guess = known.Guess(urgency, now, standing);
            person.Guess = capacity?.Stretch(guess) ?? guess;
            var (ahead, size) = rules.Like(known.Ahead(urgency), guess);
            var key = (urgency, ahead, size);
            person.Of = misses.TryGetValue(key, out var of) ? of : misses[key] = new Misses(rules.FirstMisses[ahead][size], rules.Weight, together);
            person.Told = person.Of.Around(person.Guess);
            due.Enqueue(id, now + person.Told.ToMs + 1);
        }

        standing[id] = person;
        person.Kinds.ForEach(kind => kind.Join(id, urgency, now));
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
        person.Kinds.ForEach(kind => kind.Started(person.Urgency, now, waited));

        if (person.Told is { } told)
        {
            var hit = waited < told.FromMs ? Hit.Sooner : waited > told.ToMs ? Hit.Later : Hit.Inside;
            Hits.Count(now, told.IsRange, hit);
            if (!person.Missed)
            {
                person.Of?.Learn(hit, told.IsRange);
            }
        }

        person.Of?.Remember(waited, person.Guess);
    }

    /// <summary>Left, or was promised another time: how long they would have waited nobody knows, but that it was longer than they were told where that time was over.</summary>
    public void Left(Guid id, long now)
    {
        Pass(now);
        if (standing.Remove(id, out var person))
        {
            person.Kinds.ForEach(kind => kind.Gone(person.Urgency));
            if (person is { Missed: true, Told: { } told })
            {
                Hits.Count(now, told.IsRange, Hit.Later);
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
                person.Of?.Learn(Hit.Later, told.IsRange);
            }
        }
    }

    private Alike Of(string? need, string channel) => kinds.TryGetValue((need, channel), out var kind) ? kind : kinds[(need, channel)] = new Alike(rules.QueueShare);
}

/// <summary>Somebody who waits, and what was said to them.</summary>
internal sealed class Standing(long since, Urgency urgency, List<Alike> kinds)
{
    public long Since => since;

    public Urgency Urgency => urgency;

    public List<Alike> Kinds => kinds;

    public double Guess { get; set; }

    public Misses? Of { get; set; }

    public Told? Told { get; set; }

    public bool Missed { get; set; }
}

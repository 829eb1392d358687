namespace Yizhen.Rules.Overload;

/// <summary>
/// Who is answered now, who queues and who is asked to come again. A higher class always goes before a lower one: nobody lower gets in while somebody higher queues, and
/// nobody higher is shed while somebody lower queues. Each queue is bounded by number and by time. Times in microseconds come with the call; not for two threads at once.
/// </summary>
public sealed class Precedence(OverloadLimits limits, int processors)
{
    private readonly Queues queues = new(limits, processors);
    private readonly Queue<Asking> entered = new();
    private readonly AtOnce atOnce = new(limits.AtOnce, processors);
    private int lent;
    private bool wanted;
    private long took;
    private int left;

    /// <summary>Answered at once at most; lower classes may take a share of it.</summary>
    public int Number => atOnce.Number;

    public int Inside { get; private set; }

    public int Queued => queues.Total;

    /// <summary>At least half of what may queue of a class does.</summary>
    public bool IsHalfFull(Standing standing) => queues.Count(Queues.Rank(standing)) * 2 >= queues.Bound(Queues.Rank(standing));

    /// <returns>Those who were shed to make room; what becomes of <paramref name="one"/> stands in itself.</returns>
    public IReadOnlyList<Asking> Come(Asking one, long now)
    {
        ArgumentNullException.ThrowIfNull(one);
        Lend(now);
        var rank = Queues.Rank(one.Standing);
        if (HasRoom(rank) && !queues.AnyUpTo(rank))
        {
            Enter(one, now);
            return [];
        }

        wanted = true;
        if (queues.Count(rank) >= queues.Bound(rank))
        {
            // Whoever is lower and queues is told the same, or the lower would be better off.
            one.Is = Whereabouts.Shed;
            return [.. queues.ShedBelow(rank)];
        }

        var last = queues.Total >= queues.Bound(0) ? queues.LastBelow(rank) : null;
        if (last is null && queues.Total >= queues.Bound(0))
        {
            one.Is = Whereabouts.Shed;
            return [];
        }

        queues.Add(one, now);
        return last is null ? [] : [queues.Remove(last, Whereabouts.Shed)];
    }

    /// <summary>Answered, or gone from the queue.</summary>
    /// <returns>Those who get in for it.</returns>
    public IReadOnlyList<Asking> Leave(Asking one, long now)
    {
        ArgumentNullException.ThrowIfNull(one);
        switch (one.Is)
        {
            case Whereabouts.Queues:
                queues.Remove(one, Whereabouts.Gone);
                break;
            case Whereabouts.Inside:
                (Inside, took, left) = (Inside - 1, took + now - one.Since, left + 1);
                break;
            case Whereabouts.Lent:
                lent--;
                break;
            case Whereabouts.Shed or Whereabouts.Gone:
                return [];
        }

        one.Is = Whereabouts.Gone;
        Lend(now);
        return Admit(now);
    }

    /// <summary>Time goes on: whoever queued too long is shed, and with them all of lower classes; what is held too long is lent.</summary>
    /// <returns>Those for whom something changed.</returns>
    public IReadOnlyList<Asking> Advance(long now)
    {
        Lend(now);
        var news = Admit(now);
        for (var rank = 0; rank < Queues.Ranks; rank++)
        {
            var before = news.Count;
            while (queues.Head(rank) is { } head && now - head.Since > queues.Class(rank).PatienceMs * 1000L)
            {
                news.Add(queues.Remove(head, Whereabouts.Shed));
            }

            if (news.Count > before)
            {
                news.AddRange(queues.ShedBelow(rank));
            }
        }

        return news;
    }

    /// <summary>Sets the number anew from what was measured since the last time.</summary>
    /// <param name="waited">Milliseconds that a ready piece of work waited for a thread and the processor.</param>
    public void Measured(double waited)
    {
        atOnce.Tick(waited, left > 0 ? took / (1000.0 * left) : null, wanted);
        (took, left, wanted) = (0, 0, false);
    }

    /// <summary>A surge begins: what was measured before it says nothing.</summary>
    public void Forget()
    {
        atOnce.Forget();
        (took, left) = (0, 0);
    }

    private bool HasRoom(int rank) => Inside < Math.Max(1, (int)Math.Ceiling(queues.Class(rank).Share * Number));

    private void Enter(Asking one, long now)
    {
        (one.Is, one.Since) = (Whereabouts.Inside, now);
        entered.Enqueue(one);
        Inside++;
    }

    private List<Asking> Admit(long now)
    {
        var news = new List<Asking>();
        for (var rank = 0; rank < Queues.Ranks && !queues.AnyUpTo(rank - 1); rank++)
        {
            while (HasRoom(rank) && queues.Head(rank) is { } head)
            {
                Enter(queues.Remove(head, Whereabouts.Inside), now);
                news.Add(head);
            }
        }

        return news;
    }

    /// <summary>Goes over those who got in, the longest first.</summary>
    private void Lend(long now)
    {
        while (entered.TryPeek(out var first) && (first.Is != Whereabouts.Inside || (now - first.Since > limits.AtOnce.HeldMs * 1000L && lent < limits.AtOnce.Lent * processors)))
        {
            entered.Dequeue();
            if (first.Is == Whereabouts.Inside)
            {
                first.Is = Whereabouts.Lent;
                (Inside, lent) = (Inside - 1, lent + 1);
            }
        }
    }
}

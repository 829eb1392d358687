namespace Yizhen.Rules.Overload;

/// <summary>What became of somebody who asked to be answered. Lent: still being answered, and counted no more.</summary>
public enum Whereabouts
{
    Queues,
    Inside,
    Lent,
    Shed,
    Gone,
}

/// <summary>One who asks.</summary>
public class Asking(Standing standing)
{
    public Standing Standing => standing;

    public Whereabouts Is { get; internal set; }

    /// <summary>Since when it queues, or is answered. Microseconds.</summary>
    public long Since { get; internal set; }

    internal LinkedListNode<Asking>? Node { get; set; }
}

/// <summary>One queue a class, the highest first, each bounded; the bound of the highest is that of all together.</summary>
internal sealed class Queues(OverloadLimits limits, int processors)
{
    private readonly ClassLimits[] classes = [limits.First, limits.Begun, limits.Newcomers];
    private readonly LinkedList<Asking>[] waiting = [new(), new(), new()];

    public static int Ranks => 3;

    public int Total { get; private set; }

    public static int Rank(Standing standing) => standing switch
    {
        Standing.Memory or Standing.First => 0,
        Standing.Begun => 1,
        Standing.Newcomer or Standing.Optional => 2,
    };

    public ClassLimits Class(int rank) => classes[rank];

    public int Count(int rank) => waiting[rank].Count;

    public int Bound(int rank) => classes[rank].Queue * processors;

    public Asking? Head(int rank) => waiting[rank].First?.Value;

    /// <summary>Somebody of this class, or of a higher one.</summary>
    public bool AnyUpTo(int rank)
    {
        for (var r = 0; r <= rank; r++)
        {
            if (waiting[r].Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(Asking one, long now)
    {
        var rank = Rank(one.Standing);
        (one.Is, one.Since, one.Node) = (Whereabouts.Queues, now, waiting[rank].AddLast(one));
        Total++;
    }

    public Asking Remove(Asking one, Whereabouts to)
    {
        if (one.Node is { } node)
        {
            waiting[Rank(one.Standing)].Remove(node);
            Total--;
        }

        (one.Node, one.Is) = (null, to);
        return one;
    }

    /// <summary>The last of the lowest class below this one; null where nobody is.</summary>
    public Asking? LastBelow(int rank)
    {
        for (var lower = Ranks - 1; lower > rank; lower--)
        {
            if (waiting[lower].Last is { } last)
            {
                return last.Value;
            }
        }

        return null;
    }

    /// <summary>Everybody of the classes below this one.</summary>
    public IEnumerable<Asking> ShedBelow(int rank)
    {
        while (LastBelow(rank) is { } last)
        {
            yield return Remove(last, Whereabouts.Shed);
        }
    }
}

namespace Yizhen.Rules.Dispatch;

/// <summary>By how much the latest guesses of one size were off, and how far out the range must reach to hold eight of ten.</summary>
internal sealed class Misses
{
    private const int Remembered = 200;
    private const int AtLeast = 11;
    private const double Target = 0.2;
    private const double Pace = 0.02;
    private const double Beyond = 3;

    /// <summary>Twenty seconds more or less are no error of a wait that is short.</summary>
    private const double SlackMs = 20_000;

    private readonly Queue<double> inOrder = [];
    private readonly List<double> bySize = [];
    private double low = Target / 2;
    private double high = 1 - (Target / 2);

    /// <returns>Null while too few were remembered.</returns>
    public Told? Around(double guess)
    {
        if (bySize.Count < AtLeast)
        {
            return null;
        }

        // Past the outer end nothing remembered is wide enough any more: further out by as much again.
        var (from, to) = (Scale(At(low), guess), Scale(At(Math.Min(high, 1)) + (Beyond * Math.Max(high - 1, 0)), guess));
        return new Told((long)Math.Max(0, Math.Floor(from)), (long)Math.Max(5_000, Math.Ceiling(to)));
    }

    /// <summary>Too many below or above draw that end outwards, too few inwards.</summary>
    public void Learn(Hit hit)
    {
        low = Math.Clamp(low + (Pace * ((Target / 2) - (hit == Hit.Sooner ? 1 : 0))), 0, 2 * Target);
        high = Math.Clamp(high - (Pace * (Target - (hit == Hit.Inside ? 0 : 1))), 0.5, 1.5);
    }

    public void Remember(long waited, double guess)
    {
        if (inOrder.Count == Remembered)
        {
            bySize.RemoveAt(bySize.BinarySearch(inOrder.Dequeue()));
        }

        var off = Math.Log((waited + SlackMs) / (guess + SlackMs));
        inOrder.Enqueue(off);
        var at = bySize.BinarySearch(off);
        bySize.Insert(at < 0 ? ~at : at, off);
    }

    private static double Scale(double off, double guess) => (Math.Exp(off) * (guess + SlackMs)) - SlackMs;

    /// <summary>By the place that the next one will take among them and not by theirs (split conformal prediction): of few, further out.</summary>
    private double At(double share)
    {
        var place = Math.Clamp((share * (bySize.Count + 1)) - 1, 0, bySize.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, bySize.Count - 1);
        return bySize[below] + ((bySize[above] - bySize[below]) * (place - below));
    }
}

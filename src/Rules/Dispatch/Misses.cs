namespace Yizhen.Rules.Dispatch;

/// <summary>By how much the latest guesses of one size were off, and how far out the range must reach to hold eight of ten.</summary>
internal sealed class Misses
{
    private const int Remembered = 200;
    private const double Target = 0.2;
    private const double Pace = 0.02;
    private const double Beyond = 3;

    /// <summary>Twenty seconds more or less are no error of a wait that is short.</summary>
    private const double SlackMs = 20_000;

    private readonly Queue<double> inOrder = [];
    private readonly List<double> bySize = [];
    private double low = Target / 2;
    private double high = 1 - (Target / 2);

    /// <param name="before">What is known beforehand: shares alike of such misses, as logarithms.</param>
    /// <param name="weight">They count as so many that were seen, until enough were.</param>
    public Misses(IReadOnlyList<double> before, int weight)
    {
        for (var n = 0; n < weight; n++)
        {
            Put(before[n % before.Count]);
        }
    }

    public Told Around(double guess)
    {
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

    public void Remember(long waited, double guess) => Put(Off(waited) - Off(guess));

    /// <summary>Between two waits by ratio and not by difference; 1: the first.</summary>
    public static double Between(double a, double b, double share) => Math.Max(0, Math.Exp((share * Off(a)) + ((1 - share) * Off(b))) - SlackMs);

    private static double Off(double ms) => Math.Log(ms + SlackMs);

    private void Put(double off)
    {
        if (inOrder.Count == Remembered)
        {
            bySize.RemoveAt(bySize.BinarySearch(inOrder.Dequeue()));
        }

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

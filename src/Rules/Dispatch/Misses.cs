namespace Yizhen.Rules.Dispatch;

/// <summary>
/// How far out the ends of a range lie, as shares of the misses: too few waits below or above draw that end outwards, too many inwards (adaptive conformal inference, Gibbs and Candès 2021).
/// </summary>
/// <param name="pace">How far one wait draws them.</param>
internal sealed class Ends(double pace)
{
    /// <summary>Of the waits that are to lie outside, half of them below.</summary>
    public const double Outside = 0.2;

    private const double MostIn = 0.4;
    private const double MostOut = 0.6;

    /// <summary>Above zero: further in.</summary>
    public double Low { get; private set; }

    /// <summary>Above zero: further out.</summary>
    public double High { get; private set; }

    public void Learn(Hit hit)
    {
        Low = Math.Clamp(Low + (pace * ((Outside / 2) - (hit == Hit.Sooner ? 1 : 0))), -Outside / 2, MostIn - (Outside / 2));
        High = Math.Clamp(High - (pace * (Outside - (hit == Hit.Inside ? 0 : 1))), -MostIn, MostOut);
    }
}

/// <summary>By how much the latest guesses of one size were off, and how far out the range must reach to hold eight of ten.</summary>
internal sealed class Misses
{
    private const int Remembered = 200;
    private const double Pace = 0.02;
    private const double Beyond = 3;

    /// <summary>Twenty seconds more or less are no error of a wait that is short.</summary>
    private const double SlackMs = 20_000;

    private readonly Queue<double> inOrder = [];
    private readonly List<double> bySize = [];
    private readonly Ends own = new(Pace);
    private readonly Ends together;

    /// <param name="before">What is known beforehand: shares alike of such misses, as logarithms.</param>
    /// <param name="weight">They count as so many that were seen, until enough were.</param>
    /// <param name="together">Of the guesses of all sizes: what of a day is unlike the days before shows in all of them, and sooner than in each alone.</param>
    public Misses(IReadOnlyList<double> before, int weight, Ends together)
    {
        this.together = together;
        for (var n = 0; n < weight; n++)
        {
            Put(before[n % before.Count]);
        }
    }

    public Told Around(double guess)
    {
        var low = Math.Max(0, (Ends.Outside / 2) + own.Low + together.Low);
        var high = 1 - (Ends.Outside / 2) + own.High + together.High;
        // Past the outer end nothing remembered is wide enough any more: further out by as much again.
        var (from, to) = (Scale(At(low), guess), Scale(At(Math.Min(high, 1)) + (Beyond * Math.Max(high - 1, 0)), guess));
        return new Told((long)Math.Max(0, Math.Floor(from)), (long)Math.Max(5_000, Math.Ceiling(to)));
    }

    /// <param name="range">Not "within a minute", which is not to hold for eight of ten but for as many as it can.</param>
    public void Learn(Hit hit, bool range)
    {
        own.Learn(hit);
        if (range)
        {
            together.Learn(hit);
        }
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

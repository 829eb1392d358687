namespace Yizhen.Rules.Overload;

/// <summary>
/// How many are answered at once: one more while somebody queues and the machine keeps up, a part fewer as soon as ready work waits for the processor or
/// answers get slow. It looks for the number at which the machine is full and nothing stands in it. Not for two threads at once.
/// </summary>
public sealed class AtOnce(AtOnceLimits limits, int processors)
{
    /// <summary>How much the last tick counts.</summary>
    private const double Fresh = 0.3;

    private const double NoMeasure = -1;

    private double number = limits.First * processors;
    private double delay = NoMeasure;
    private double slow = NoMeasure;

    public int Number => (int)number;

    /// <param name="waited">Milliseconds that a ready piece of work waited for a thread and the processor.</param>
    /// <param name="took">Milliseconds that an answer took on the mean; null where none was given.</param>
    /// <param name="wanted">Somebody had to queue.</param>
    public void Tick(double waited, double? took, bool wanted)
    {
        delay = Mixed(delay, waited);
        slow = took is { } some ? Mixed(slow, some) : slow;
        number = delay > limits.TargetMs || slow > limits.SlowMs ? Math.Max(limits.Fewest * processors, number * limits.Fewer)
            : wanted ? Math.Min(limits.Most * processors, number + limits.More)
            : number;
    }

    /// <summary>What was measured in an earlier surge says nothing about this one.</summary>
    public void Forget() => (delay, slow) = (NoMeasure, NoMeasure);

    private static double Mixed(double known, double fresh) => known < 0 ? fresh : (known * (1 - Fresh)) + (fresh * Fresh);
}

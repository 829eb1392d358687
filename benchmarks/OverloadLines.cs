using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Yizhen.Benchmarks;

/// <summary>Who asks: at the door, on the way from the door to the queue, in an ongoing consultation, or telling a danger sign. <see cref="Whole"/> is a journey from the door to the queue.</summary>
internal enum Step
{
    Door,
    Inside,
    Ongoing,
    RedFlag,
    Whole,
}

/// <summary>One answer, timed from the moment at which it should have been asked for: a client that cannot keep up hides nothing.</summary>
/// <param name="At">Stopwatch ticks of the answer.</param>
/// <param name="Status">0 where no answer came, -1 where this client had no line to ask on.</param>
/// <param name="LateMs">How much later than it should this client asked.</param>
internal readonly record struct Met(Step Step, long At, int Status, double Ms, double LateMs)
{
    public bool IsServed => Status is >= 200 and < 300;

    public bool IsRefused => Status == (int)HttpStatusCode.ServiceUnavailable;
}

/// <summary>A bounded number of kept-alive lines, and everything that was answered on them.</summary>
internal sealed class OverloadLines : IDisposable
{
    private const int Most = 9_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly IPEndPoint Address = new(IPAddress.Loopback, Served.Address.Port);

    private readonly Stack<OverloadLine> idle = new();
    private readonly HashSet<OverloadLine> busy = [];
    private readonly Lock pool = new();
    private List<Met> answers = [];

    /// <summary>What was answered since the last time, oldest first.</summary>
    public List<Met> Collect()
    {
        lock (pool)
        {
            var met = answers;
            answers = [];
            return met;
        }
    }

    /// <summary>Ends waits that last too long.</summary>
    public void Sweep()
    {
        var since = Stopwatch.GetTimestamp() - (long)(Patience.TotalSeconds * Stopwatch.Frequency);
        lock (pool)
        {
            foreach (var line in busy.Where(l => l.Asked < since && l.Asked > 0))
            {
                line.Dispose();
            }
        }
    }

    /// <param name="due">Stopwatch ticks at which it should be asked.</param>
    /// <param name="read">Looks at the answer while it stands on the line.</param>
    public async Task<Told> AskAsync(Step step, byte[] request, long due, bool closes = false, Action<Told>? read = null)
    {
        if (Rent(closes) is not { } line)
        {
            Note(step, -1, due, 0);
            return default;
        }

        var late = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
        Told told = default;
        try
        {
            line.Asked = Stopwatch.GetTimestamp();
            told = await line.AskAsync(Address, request);
            read?.Invoke(told);
        }
        catch (Exception lost) when (lost is SocketException or IOException or ObjectDisposedException)
        {
            line.Dispose();
        }

        line.Asked = 0;
        Return(line, told.Status != 0 && !closes);
        Note(step, told.Status, due, Math.Max(0, late));
        return told;
    }

    public void Note(Step step, int status, long since, double late)
    {
        var now = Stopwatch.GetTimestamp();
        lock (pool)
        {
            answers.Add(new Met(step, now, status, Stopwatch.GetElapsedTime(since, now).TotalMilliseconds, late));
        }
    }

    public void Dispose()
    {
        foreach (var line in idle.Concat(busy))
        {
            line.Dispose();
        }
    }

    private OverloadLine? Rent(bool fresh)
    {
        lock (pool)
        {
            var line = !fresh && idle.TryPop(out var free) ? free : busy.Count + idle.Count < Most ? new OverloadLine() : null;
            if (line is not null)
            {
                busy.Add(line);
            }

            return line;
        }
    }

    private void Return(OverloadLine line, bool works)
    {
        lock (pool)
        {
            busy.Remove(line);
            if (works && line.IsOpen)
            {
                idle.Push(line);
            }
            else
            {
                line.Dispose();
            }
        }
    }
}

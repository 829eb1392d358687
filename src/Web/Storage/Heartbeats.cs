using System.Collections.Concurrent;

namespace Yizhen.Web.Storage;

/// <summary>Every hosted loop says here that it still turns; <c>/health/ready</c> reads it.</summary>
internal sealed class Heartbeats
{
    private readonly ConcurrentDictionary<string, Beating> loops = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Beating> Loops => loops;

    /// <summary>What can wait a moment waits for this: after a restart the first pages come before the chores.</summary>
    public Task Opened { get; set; } = Task.CompletedTask;

    public void Beat(string loop, DateTimeOffset now) => loops[loop] = new Beating(now, null);

    /// <summary>For what turns once an hour and is named only while it fails.</summary>
    public void Recovered(string loop) => loops.TryRemove(loop, out _);

    /// <param name="why">Name of the kind of failure; never a message with data in it.</param>
    public void Failed(string loop, string why, DateTimeOffset now) =>
        loops.AddOrUpdate(loop, _ => new Beating(now, why), (_, before) => before with { Failing = why });
}

internal sealed record Beating(DateTimeOffset LastTurn, string? Failing);

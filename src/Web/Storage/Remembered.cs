using System.Diagnostics;

namespace Yizhen.Web.Storage;

/// <summary>
/// What everybody asks and hardly anybody changes: read again after a second of the machine's own time, for another node may have changed it, and at
/// once where this one has.
/// </summary>
internal sealed class Remembered<T>(Func<CancellationToken, Task<T>> read)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private Known? known;

    public async Task<T> Now(CancellationToken ct)
    {
        var before = Volatile.Read(ref known);
        if (before is { Value: var value, At: var at } && Stopwatch.GetElapsedTime(at) < Fresh)
        {
            return value;
        }

        var began = Stopwatch.GetTimestamp();
        value = await read(ct);
        // Not where it was changed meanwhile: what was read may be from before.
        Interlocked.CompareExchange(ref known, new Known(value, began), before);
        return value;
    }

    /// <summary>After it has been changed here.</summary>
    public void Is(T value) => Volatile.Write(ref known, new Known(value, Stopwatch.GetTimestamp()));

    private sealed record Known(T Value, long At);
}

using System.Diagnostics;
using System.Threading.Channels;

namespace Yizhen.Web.Log;

/// <summary>
/// Group commit: decisions queue here, one loop writes as many as wait in one transaction, and each caller is answered after the flush.
/// A lost comparison never fails its neighbours; a batch that cannot be written is written one by one.
/// </summary>
internal sealed class Lanes(ILane lane, Telemetry telemetry) : BackgroundService
{
    private const int LargestBatch = 256;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(8192) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <exception cref="Exception">The outcome is unknown: the database did not say. Asking again with the same ids is safe.</exception>
    public async Task<Fate> WriteAsync(Entry entry)
    {
        var began = Stopwatch.GetTimestamp();
        var waiting = new Waiting(entry);
        await queue.Writer.WriteAsync(waiting);
        var fate = await waiting.Answer.Task;
        telemetry.Stored.Record(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return fate;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var postponed = new Queue<Waiting>();
        while (true)
        {
            if (postponed.Count == 0 && !await MoreAsync(stoppingToken))
            {
                return;
            }

            var batch = Take(postponed);
            await CommitAsync(batch);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
    }

    private async Task<bool> MoreAsync(CancellationToken stopping)
    {
        try
        {
            return await queue.Reader.WaitToReadAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            // What was queued before the stop is still written.
            return queue.Reader.TryPeek(out _);
        }
    }

    private List<Waiting> Take(Queue<Waiting> postponed)
    {
        var batch = new List<Waiting>();
        var inBatch = new HashSet<Guid>();
        for (var n = postponed.Count; n > 0; n--)
        {
            Put(postponed.Dequeue());
        }

        while (batch.Count < LargestBatch && queue.Reader.TryRead(out var next))
        {
            Put(next);
        }

        return batch;

        void Put(Waiting waiting)
        {
            if (batch.Count < LargestBatch && inBatch.Add(waiting.Entry.Consultation))
            {
                batch.Add(waiting);
            }
            else
            {
                postponed.Enqueue(waiting);
            }
        }
    }

    private async Task CommitAsync(List<Waiting> batch)
    {
        try
        {
            using var commit = Telemetry.Source.StartActivity("commit");
            telemetry.Batch.Record(batch.Count);
            var fates = await lane.CommitAsync([.. batch.Select(w => w.Entry)]);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.TrySetResult(fates[i]);
            }
        }
        catch (Exception broken) when (batch.Count == 1)
        {
            batch[0].Answer.TrySetException(broken);
        }
        catch (Exception)
        {
            // One of them breaks a rule of the database, or the database is gone: alone, each learns its own fate.
            foreach (var one in batch)
            {
                await CommitAsync([one]);
            }
        }
    }

    private sealed class Waiting(Entry entry)
    {
        public Entry Entry => entry;

        public TaskCompletionSource<Fate> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

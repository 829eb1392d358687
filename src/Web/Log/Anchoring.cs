using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>An anchor each hour and one at shutdown, while the product serves.</summary>
/// <param name="folder">On another disk, or a mounted other host.</param>
internal sealed class Anchoring(Deployment deployment, string folder, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await OnceAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            do
            {
                await OnceAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop; the last anchor follows.
        }
    }

    /// <summary>A disk that is away keeps nobody waiting: it is told by <c>/health/ready</c> and tried again.</summary>
    private async Task OnceAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        try
        {
            await Anchors.AppendAsync(deployment, folder, now, ct);
            heartbeats.Recovered(nameof(Anchoring));
        }
        catch (Exception broken) when (broken is UnauthorizedAccessException || Outage.Is(broken))
        {
            heartbeats.Failed(nameof(Anchoring), broken.GetType().Name, now);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shut down in the middle: the next start anchors what is missing.
        }
    }
}

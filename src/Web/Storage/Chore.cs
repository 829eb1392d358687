namespace Yizhen.Web.Storage;

/// <summary>
/// Begins a loop when the first pages are through (<see cref="Heartbeats.Opened"/>): before that nobody pays for what it reads.
/// A loop that breaks takes the node with it, as if it were hosted itself.
/// </summary>
internal sealed class Chore<TLoop>(IServiceProvider services, Heartbeats heartbeats) : BackgroundService
    where TLoop : BackgroundService
{
    private TLoop? begun;

    /// <summary>The loop says itself what is still to be done once it has been broken off.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await (begun?.StopAsync(cancellationToken) ?? Task.CompletedTask);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await heartbeats.Opened.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        var loop = services.GetRequiredService<TLoop>();
        begun = loop;
        await loop.StartAsync(stoppingToken);
        await (loop.ExecuteTask ?? Task.CompletedTask);
    }
}

internal static class Chores
{
    /// <summary>The loop stays one object that others may ask for.</summary>
    public static void AddChore<TLoop>(this IServiceCollection services)
        where TLoop : BackgroundService
    {
        services.AddSingleton<TLoop>();
        services.AddHostedService<Chore<TLoop>>();
    }
}

using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>The product composed for one command: nothing listens, and no loop turns but the one that writes, where it is asked for.</summary>
internal static class Composed
{
    /// <exception cref="StorageException">No data, no key, or no protocols that may serve here.</exception>
    public static async Task<WebApplication> OpenAsync(Place place, CancellationToken ct)
    {
        _ = place.ExistingEngine();
        var deployment = await Deployment.OpenAsync(place, null, make: false, "Asia/Shanghai", TimeProvider.System.GetUtcNow(), ct);
        var settings = await Settings.ReadAsync(deployment, ct);
        var carrier = settings.Gateway is { } kept ? GatewaySettings.Read(kept) : null;
        // Standard output belongs to the command.
        return Site.Build(deployment, "http://127.0.0.1:0", builder => builder.Logging.ClearProviders(), carrier, settings);
    }

    /// <summary>Runs <paramref name="work"/> with a lane that writes; what was queued is on disk when it returns.</summary>
    public static async Task<T> WritingAsync<T>(WebApplication site, Func<Task<T>> work)
    {
        var lanes = site.Services.GetRequiredService<Lanes>();
        await lanes.StartAsync(CancellationToken.None);
        try
        {
            return await work();
        }
        finally
        {
            await lanes.StopAsync(CancellationToken.None);
        }
    }
}

using System.Threading.RateLimiting;
using Yizhen.Rules.Overload;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Overload;

internal static class OverloadSetup
{
    /// <summary>Seconds, for whoever has no place to keep.</summary>
    private const int ComeAgain = 5;

    public static void AddOverload(this IServiceCollection services)
    {
        services.AddSingleton(_ => OverloadLimits.Parse(Policies.Text("overload.json")));
        services.AddSingleton<Gate>();
        services.AddSingleton<Turns>();
        services.AddChore<Hotlines>();
    }

    /// <summary>Before anything is read, written or compressed: whoever has to wait costs next to nothing.</summary>
    public static void UseGate(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        var (gate, turns, hotlines, limits) = (services.GetRequiredService<Gate>(), services.GetRequiredService<Turns>(), services.GetRequiredService<Hotlines>(), services.GetRequiredService<OverloadLimits>());
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, limits.Threads * Environment.ProcessorCount), ports);
        app.Use((http, next) => http.GetEndpoint() is RouteEndpoint endpoint && Standings.Of(endpoint, http) is var standing and not Standing.Memory
            ? Standings.IsStream(endpoint) ? Stream(http, standing, next)
            : standing == Standing.Newcomer && http.GetRouteValue("slug") is string campaign ? Newcomer(http, campaign, next)
            : Ask(http, standing, next)
            : next(http));

        async Task Newcomer(HttpContext http, string campaign, RequestDelegate next)
        {
            var isApi = http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
            var (lease, place, seconds) = await gate.ComeAsync(turns.Read(campaign, isApi ? http.Request.Headers[Turns.Header] : http.Request.Cookies[Turns.Cookie]), http.RequestAborted);
            if (lease is not null)
            {
                await Through(http, lease, next);
                return;
            }

            var token = turns.Write(campaign, place);
            if (!isApi)
            {
                http.Response.Cookies.Append(Turns.Cookie, token, new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    Secure = http.Request.IsHttps,
                    Path = $"/c/{Uri.EscapeDataString(campaign)}",
                    MaxAge = TimeSpan.FromSeconds(limits.Turns.ValidS),
                    IsEssential = true,
                });
            }

            await WaitingRoom.Answer(http, seconds, token, hotlines.Of(campaign));
        }

        async Task Ask(HttpContext http, Standing standing, RequestDelegate next)
        {
            if (standing == Standing.Optional && gate.IsSparing)
            {
                await WaitingRoom.Answer(http, ComeAgain, null, "");
            }
            else if (await gate.EnterAsync(standing, http.RequestAborted) is { } lease)
            {
                await Through(http, lease, next);
            }
            else
            {
                await WaitingRoom.Answer(http, ComeAgain, null, "");
            }
        }

        async Task Stream(HttpContext http, Standing standing, RequestDelegate next)
        {
            if (gate.Follow(standing) is not { } lease)
            {
                await WaitingRoom.Answer(http, limits.Turns.LongestRetryS, null, "");
                return;
            }

            using var ends = standing == Standing.Optional ? CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, gate.Comfort) : null;
            http.RequestAborted = ends?.Token ?? http.RequestAborted;
            await Through(http, lease, next);
        }
    }

    private static async Task Through(HttpContext http, RateLimitLease lease, RequestDelegate next)
    {
        using (lease)
        {
            await next(http);
        }
    }
}

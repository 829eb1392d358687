using System.Collections.Concurrent;
using Yizhen.Rules.Overload;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Overload;

internal static class OverloadSetup
{
    /// <summary>Seconds, for whoever has no place to keep, and so many more at most, so that they do not come back together.</summary>
    private const int ComeAgain = 4;
    private const int ComeAgainSpread = 3;

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
        var known = new ConcurrentDictionary<RouteEndpoint, Stands>();
        app.Use((http, next) => http.GetEndpoint() is RouteEndpoint endpoint && known.GetOrAdd(endpoint, static e => new Stands(Standings.Of(e), Standings.IsStream(e), Standings.NeedsKey(e))) is var stands && Standings.Of(stands, http) is var standing and not Standing.Memory
            ? stands.IsStream ? Stream(http, standing, next)
            : standing == Standing.Newcomer && Campaign(http) is { } campaign ? Newcomer(http, campaign, next)
            : Ask(http, standing, next)
            : next(http));

        string? Campaign(HttpContext http)
        {
            if (http.GetRouteValue("slug") is string slug)
            {
                return slug;
            }

            if (http.GetRouteValue("code") is not string code || hotlines.Entrance(code) is not { } way)
            {
                return null;
            }

            if (way.Origins.Length > 0 && http.Request.Path.StartsWithSegments("/embed"))
            {
                Framed.In(http, way.Origins);
            }

            return way.Campaign;
        }

        async Task Newcomer(HttpContext http, string campaign, RequestDelegate next)
        {
            var isApi = http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
            var shown = turns.Read(campaign, isApi ? http.Request.Headers[Turns.Header] : http.Request.Cookies[Turns.Cookie]);
            var (guest, place, seconds) = await gate.ComeAsync(shown, HttpMethods.IsPost(http.Request.Method), http.RequestAborted);
            if (guest is not null)
            {
                await Through(http, guest, next);
                return;
            }

            var token = turns.Write(campaign, place);
            var path = $"/c/{Uri.EscapeDataString(campaign)}";
            // By an entrance the address that is read again and the one where Start is pressed differ; the turn is the same.
            foreach (var kept in isApi ? [] : http.GetRouteValue("code") is string ? new[] { path, http.Request.Path.ToUriComponent() } : [path])
            {
                http.Response.Cookies.Append(Turns.Cookie, token, new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    Secure = http.Request.IsHttps,
                    Path = kept,
                    MaxAge = TimeSpan.FromSeconds(limits.Turns.ValidS),
                    IsEssential = true,
                });
            }

            await WaitingRoom.Answer(http, seconds, token, hotlines.Of(campaign));
        }

        async Task Ask(HttpContext http, Standing standing, RequestDelegate next)
        {
            if ((standing != Standing.Optional || !gate.IsSparing) && await gate.EnterAsync(standing, http.RequestAborted) is { } guest)
            {
                await Through(http, guest, next);
            }
            else
            {
                await WaitingRoom.Answer(http, ComeAgain + Random.Shared.Next(ComeAgainSpread + 1), null, "");
            }
        }

        async Task Stream(HttpContext http, Standing standing, RequestDelegate next)
        {
            if (gate.Follow(standing) is not { } lease)
            {
                await WaitingRoom.Answer(http, limits.Turns.LongestRetryS + Random.Shared.Next(limits.Turns.LongestRetryS), null, "");
                return;
            }

            using var ends = standing == Standing.Optional ? CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, gate.Comfort) : null;
            http.RequestAborted = ends?.Token ?? http.RequestAborted;
            await Through(http, lease, next);
        }
    }

    private static async Task Through(HttpContext http, IDisposable place, RequestDelegate next)
    {
        using (place)
        {
            await next(http);
        }
    }
}

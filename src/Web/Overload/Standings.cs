using Yizhen.Rules.Overload;
using Yizhen.Web.Accounts;

namespace Yizhen.Web.Overload;

/// <summary>
/// The standing of each endpoint, read from what it says about itself: the resource it asks the policy table for. Decided before anything is looked up,
/// so a device that shows a key is believed until the key is read. A test lists every endpoint with its standing.
/// </summary>
internal static class Standings
{
    private static readonly string[] Served = ["/danger", "/assets", "/health", "/lang"];
    private static readonly string[] Comfort = ["/q/{id}/waiting/stream", StaffPlaces.Board + "/stream", StaffPlaces.Drill + "/stream", "/api/v1/ledger"];

    /// <summary>Held open for minutes: it takes no place among those that are answered at once.</summary>
    public static bool IsStream(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText is { } route && (route.EndsWith("/stream", StringComparison.Ordinal) || route.EndsWith("/events", StringComparison.Ordinal));

    public static Standing Of(RouteEndpoint endpoint)
    {
        var route = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
        return Comfort.Contains(route) ? Standing.Optional
            : endpoint.Metadata.GetMetadata<Allowed>() is { } allowed ? Of(allowed)
            : Served.Any(s => route.StartsWith(s, StringComparison.Ordinal)) ? Standing.Memory
            : route.StartsWith("/staff", StringComparison.Ordinal) || route.StartsWith("/api/v1/staff", StringComparison.Ordinal) ? Standing.First
            : route.Contains("/protocols", StringComparison.Ordinal) || route.StartsWith("/api/v1/places", StringComparison.Ordinal) || route.Contains("/join/", StringComparison.Ordinal) ? Standing.Begun
            : Standing.Newcomer;
    }

    /// <summary>Without a key it is answered with a no; elsewhere a key is what people come to get.</summary>
    public static bool NeedsKey(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Allowed>() is not (null or { Resource: Resource.SignIn or Resource.DemoTools } or { Resource: Resource.Contact, Act: Act.Transition });

    /// <summary>Whoever shows no key comes new, whatever they ask for; except where a key is what they came to get.</summary>
    public static Standing Of(Stands stands, HttpContext http) =>
        stands.Standing is Standing.First or Standing.Begun && !ShowsKey(http) ? stands.NeedsKey ? Standing.Newcomer : Standing.Begun : stands.Standing;

    private static bool ShowsKey(HttpContext http) =>
        http.Request.Headers.Authorization.Count > 0 || http.Request.Cookies.ContainsKey(SignIns.DeviceCookie) || http.Request.Cookies.ContainsKey(SignIns.StaffCookie);

    private static Standing Of(Allowed allowed) => allowed switch
    {
        { Resource: Resource.Door or Resource.Partner, Act: Act.Create } => Standing.Newcomer,
        // What a person tells may be a danger sign, and only reading it tells.
        { Resource: Resource.Intake, Act: Act.Change } => Standing.First,
        { Resource: Resource.Door or Resource.Intake or Resource.Contact or Resource.OwnData or Resource.Public } => Standing.Begun,
        _ => Standing.First,
    };
}

/// <summary>What an endpoint says about itself, read once.</summary>
internal sealed record Stands(Standing Standing, bool IsStream, bool NeedsKey);

using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Page;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>An endpoint of the product. <see cref="Path"/> without constraints, as OpenAPI writes it.</summary>
internal sealed record Door(string Method, string Path)
{
    public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);

    public bool Changes => Method is not "GET";

    public bool IsOfConsultation => Path.Contains("{id}", StringComparison.Ordinal);

    /// <summary>After it there is nobody left to try anything: these come last.</summary>
    public bool Ends => Path is "/api/v1/me" or "/staff/drill" or "/api/v1/drill" || Path.EndsWith("/erase", StringComparison.Ordinal) || Path.EndsWith("/sign-out", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>Every endpoint that is mapped, and who comes to it by right.</summary>
internal static partial class Doors
{
    public static IReadOnlyList<Door> Of(IServiceProvider services) =>
    [
        .. from endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select new Door(method, Constraint().Replace($"/{endpoint.RoutePattern.RawText?.TrimStart('/')}", "{$1}")),
    ];

    /// <summary>Whose it is, and the consultation at which it makes sense.</summary>
    public static string Owner(Door door) => door.Path switch
    {
        "/api/v1/demo/physicians" or "/staff/sign-in" or "/staff/second-factor" or "/api/v1/staff/sign-in" or "/api/v1/staff/second-factor" or "/mine/phone" or "/api/v1/return/phone" or "/api/v1/hospital/statement" or "/h/{token}" => "nobody",
        "/api/v1/me" or "/q/{id}/erase" => "A erase",
        "/q/{id}/consent" or "/q/{id}/who" or "/q/{id}/desk" or "/q/{id}/desk/{key}" or "/api/v1/consultations/{id}/opening" => "A door",
        "/staff/join/{token}" or "/api/v1/join/{token}" => "invited",
        "/api/v1/consultations/{id}/flags" or "/api/v1/consultations/{id}/prompt" => "doctor at A talk",
        "/api/v1/surge" or "/api/v1/aid" or "/api/v1/aid/end" or "/api/v1/aid/ledger" or "/api/v1/aid/organisations" or "/api/v1/drill" or "/api/v1/drill/level" or "/api/v1/drill/stop" or "/api/v1/waited/{number}" or "/staff/campaigns/{slug}/desk" or "/api/v1/campaigns/{slug}/desk" or "/api/v1/campaigns/{slug}/desk/{key}" => "operator",
        "/api/v1/library/{key}/review" or "/staff/library/{key}/review" => "doctor at A talk",
        var p when p.StartsWith("/api/v1/library", StringComparison.Ordinal) || p.StartsWith("/api/v1/notices", StringComparison.Ordinal) => "operator",
        var p when p.StartsWith("/api/v1/reports", StringComparison.Ordinal) || p.StartsWith("/api/v1/directories", StringComparison.Ordinal) || p.StartsWith("/api/v1/hospitals", StringComparison.Ordinal) => "operator",
        var p when p.EndsWith("/replies/{message}", StringComparison.Ordinal) => "doctor at A talk",
        var p when p.EndsWith("/hand-over", StringComparison.Ordinal) => "doctor at A hand-over",
        "/api/v1/consultations/{id}/advice" or "/staff/desk/{id}/advice" => "doctor at A sheet",
        var p when p.Contains("/desk", StringComparison.Ordinal) || p.Contains("/duty", StringComparison.Ordinal) => "doctor at A talk",
        var p when p.StartsWith("/staff", StringComparison.Ordinal) || p.EndsWith("/board", StringComparison.Ordinal) || p.EndsWith("/ledger", StringComparison.Ordinal) || p.EndsWith("/invitations", StringComparison.Ordinal) || p.StartsWith("/api/v1/recalls", StringComparison.Ordinal) => "operator",
        var p when p.StartsWith("/api/v1/campaigns", StringComparison.Ordinal) && !p.EndsWith("/start", StringComparison.Ordinal) => "operator",
        var p when p.EndsWith("/close", StringComparison.Ordinal) => "A close",
        var p when p.EndsWith("/story", StringComparison.Ordinal) || p.EndsWith("/where", StringComparison.Ordinal) || p.EndsWith("/place", StringComparison.Ordinal) => "A story",
        var p when p.EndsWith("/questions", StringComparison.Ordinal) || p.EndsWith("/answers", StringComparison.Ordinal) || p.EndsWith("/read-back", StringComparison.Ordinal) => "A questions",
        var p when p.Contains("/contact", StringComparison.Ordinal) || p.EndsWith("/outcome", StringComparison.Ordinal) || p.EndsWith("/triage", StringComparison.Ordinal) || p.EndsWith("/queue", StringComparison.Ordinal) => "A judged",
        var p when p.Contains("/waiting", StringComparison.Ordinal) || p.EndsWith("/feeling", StringComparison.Ordinal) || p.EndsWith("/offer", StringComparison.Ordinal) || p.EndsWith("/return", StringComparison.Ordinal) => "A waiting",
        var p when p.EndsWith("/worry", StringComparison.Ordinal) || p.EndsWith("/q/{id}/advice", StringComparison.Ordinal) => "A advice",
        _ => "A talk",
    };

    /// <summary>B's consultation that this door would lead to, were it B who comes.</summary>
    public static string Victim(Door door) => Owner(door) switch
    {
        "A door" => "B story",
        var owner when owner.IndexOf('A', StringComparison.Ordinal) is >= 0 and var at => $"B{owner[(at + 1)..]}",
        _ => "B talk",
    };

    public static string Fill(Door door, Scene scene, string id, string? instead = null)
    {
        return Parameter().Replace(door.Path, m => Uri.EscapeDataString(instead ?? m.Groups[1].Value switch
        {
            "id" => id,
            "message" => scene.VictimMessage.ToString(),
            "version" => scene.VictimPhoto.ToString(System.Globalization.CultureInfo.InvariantCulture),
            "slug" => door.Path is "/api/v1/campaigns/{slug}" && !door.Changes || door.Path.StartsWith("/c/", StringComparison.Ordinal) || door.Path.EndsWith("/start", StringComparison.Ordinal) ? "wuhan" : "fuzzed",
            "documentName" => "v1",
            "code" => "en",
            "key" => "a01",
            "file" => AssetShelf.Address("patient.css").Split('/')[^1],
            _ => "abcdefghijklmnopqrstuvwxyz234567",
        }));
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}

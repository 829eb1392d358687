using Microsoft.AspNetCore.Authorization;

namespace Yizhen.Web.Page;

/// <summary>Said aloud: this endpoint is for everybody, and why.</summary>
internal sealed record OpenToAll(string Why) : IAllowAnonymous;

internal static class Open
{
    public static TBuilder Anonymous<TBuilder>(this TBuilder endpoint, string why)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OpenToAll(why));
}

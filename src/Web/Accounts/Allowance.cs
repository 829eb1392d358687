using Yizhen.Rules;
using Yizhen.Web.Page;

namespace Yizhen.Web.Accounts;

/// <summary>The authorization decision of an endpoint, said aloud. A test lists every endpoint and fails on one without.</summary>
internal sealed record Allowed(Resource Resource, Act Act);

internal static class Allowance
{
    /// <summary>Asked by the policy table before the endpoint runs; the endpoint's own query then asks about the row.</summary>
    public static TBuilder Allow<TBuilder>(this TBuilder builder, Resource resource, Act act)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Allowed(resource, act));

    /// <summary>Makes the subject of the request and asks the table. An endpoint that says nothing is closed.</summary>
    public static void UseAllowance(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint() is not { } endpoint)
        {
            await next(http);
            return;
        }

        var allowed = endpoint.Metadata.GetMetadata<Allowed>();
        if (endpoint.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            // Emergency texts and assets need nobody's name, and no database.
            await next(http);
            return;
        }

        var who = await http.RequestServices.GetRequiredService<SignIns>().Ask(http);
        http.Features.Set(who);
        if (allowed is not null && Policy.May(who.Role, allowed.Resource, allowed.Act))
        {
            await next(http);
        }
        else if (http.Request.Path.StartsWithSegments("/staff") && !who.IsClinician && !who.IsOperator)
        {
            http.Response.Redirect("/staff/sign-in");
        }
        else
        {
            await http.Refuse(who.Role == Role.Anonymous ? Refusal.NotSignedIn : Refusal.NotFound).ExecuteAsync(http);
        }
    });

    /// <summary>Who is asking, as found once for this request.</summary>
    public static Subject Subject(this HttpContext http) => http.Features.Get<Subject>() ?? Accounts.Subject.Nobody;
}

using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Overload;
using Yizhen.Web.Overload;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Overload;

/// <summary>A site with room for very few, and people who take it up. The numbers are data; the door is the product's.</summary>
internal static class Crowd
{
    public static readonly OverloadLimits Shipped = OverloadLimits.Parse(Policies.Text("overload.json"));

    /// <summary>One of each class for each processor, and nobody in a queue; places are called one by one.</summary>
    public static Action<WebApplicationBuilder> Narrow(int first = 16) => builder => builder.Services.AddSingleton(Shipped with
    {
        First = Shipped.First with { AtOnce = first, Queue = first == 1 ? 0 : 1024 },
        Begun = Shipped.Begun with { AtOnce = 1, Queue = 0 },
        Newcomers = Shipped.Newcomers with { AtOnce = 1, Queue = 0 },
        Turns = Shipped.Turns with { FewestCalled = 1, AheadS = 0 },
    });

    /// <summary>Takes every place of a class until disposed.</summary>
    public static async Task<Taken> TakeAsync(TestSite site, Standing standing)
    {
        var gate = site.Services.GetRequiredService<Gate>();
        var leases = new List<RateLimitLease>();
        for (var n = 0; n < Environment.ProcessorCount; n++)
        {
            leases.Add(await gate.EnterAsync(standing, CancellationToken.None) ?? throw new InvalidOperationException("There was no room to take."));
        }

        return new Taken(leases);
    }

    /// <summary>Presses Start as a program does; answers with the status and the place before the door.</summary>
    public static async Task<(HttpStatusCode Status, string? Turn)> StartAsync(TestSite site, string? turn = null, string campaign = "wuhan")
    {
        using var person = site.NewPerson();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/campaigns/{campaign}/start");
        if (turn is not null)
        {
            request.Headers.Add(Turns.Header, turn);
        }

        using var answer = await person.SendAsync(request);
        Assert.Equal(answer.StatusCode == HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
        return (answer.StatusCode, answer.Headers.TryGetValues(Turns.Header, out var told) ? told.Single() : null);
    }
}

internal sealed class Taken(IReadOnlyList<RateLimitLease> leases) : IDisposable
{
    public void Dispose()
    {
        foreach (var lease in leases)
        {
            lease.Dispose();
        }
    }
}

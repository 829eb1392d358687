using System.Net;
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

    /// <summary>Room for four for each processor, one of them a newcomer, two of them not of the first class, and nobody lower in a queue; places are called one by one, and lent never.</summary>
    public static Action<WebApplicationBuilder> Narrow() => builder => builder.Services.AddSingleton(Few);

    public static OverloadLimits Few { get; } = Shipped with
    {
        Begun = Shipped.Begun with { Share = 0.5, Queue = 0 },
        Newcomers = Shipped.Newcomers with { Share = 0.25, Queue = 0 },
        AtOnce = Shipped.AtOnce with { Fewest = 4, First = 4, Most = 4, Lent = 0 },
        Turns = Shipped.Turns with { FewestCalled = 1, AheadS = 0 },
    };

    /// <summary>Takes every place that is left to a class until disposed.</summary>
    public static async Task<Taken> TakeAsync(TestSite site, Standing standing)
    {
        var (gate, limits) = (site.Services.GetRequiredService<Gate>(), site.Services.GetRequiredService<OverloadLimits>());
        var leases = new List<IDisposable>();
        for (var room = limits.AtOnce.First * Environment.ProcessorCount * (standing == Standing.Newcomer ? limits.Newcomers.Share : standing == Standing.Begun ? limits.Begun.Share : 1); gate.Inside < room;)
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

internal sealed class Taken(IReadOnlyList<IDisposable> leases) : IDisposable
{
    public void DisposeOne() => leases[0].Dispose();

    public void Dispose()
    {
        foreach (var lease in leases)
        {
            lease.Dispose();
        }
    }
}

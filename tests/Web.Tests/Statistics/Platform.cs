using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Statistics;

namespace Yizhen.Web.Tests.Statistics;

/// <summary>A provincial platform on a real port of this machine, which takes or fails as it is told.</summary>
internal sealed class Platform : IAsyncDisposable
{
    private const string Secret = "a-secret-of-the-platform";
    private readonly ConcurrentQueue<JsonElement> taken = new();
    private readonly WebApplication app;
    private int asked;

    private Platform(WebApplication app)
    {
        this.app = app;
        app.MapPost("/counts", TakeAsync);
    }

    public int Answer { get; set; } = StatusCodes.Status200OK;

    /// <summary>In their order. What it has already it does not take twice, as it was told to do.</summary>
    public IReadOnlyList<JsonElement> Taken => [.. taken];

    /// <summary>How often it answered that it has it, doubles included.</summary>
    public int Asked => Volatile.Read(ref asked);

    public static async Task<Platform> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var platform = new Platform(builder.Build());
        await platform.app.StartAsync();
        return platform;
    }

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton(new UploadSettings(
        new Uri($"{app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()}/counts"), Secret, "city-1"));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        var right = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{request.Headers["Yizhen-Timestamp"]}.{body}")));
        if (request.Headers["Yizhen-Signature"] != $"v1={right}")
        {
            return Results.Unauthorized();
        }

        if (Answer == StatusCodes.Status200OK)
        {
            var counts = JsonSerializer.Deserialize<JsonElement>(body);
            Assert.Equal($"city-1-{counts.GetProperty("id").GetString()}", request.Headers["Idempotency-Key"]);
            Interlocked.Increment(ref asked);
            if (taken.All(t => t.GetProperty("id").GetString() != counts.GetProperty("id").GetString()))
            {
                taken.Enqueue(counts);
            }
        }

        return Results.StatusCode(Answer);
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;

namespace Yizhen.Web.Tests.Support;

/// <summary>A gateway for short messages on a real port of this machine, which works or fails as it is told, and the phones behind it.</summary>
internal sealed partial class Gateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly ConcurrentQueue<(string Number, string Text)> arrived = new();
    private readonly CancellationTokenSource ends = new();
    private readonly WebApplication app;
    private int asked;

    private Gateway(WebApplication app, TimeSpan timeout)
    {
        (this.app, Timeout) = (app, timeout);
        app.MapPost("/send", TakeAsync);
    }

    /// <summary>What it answers; 0: nothing, the caller waits for ever.</summary>
    public int Answer { get; set; } = StatusCodes.Status200OK;

    /// <summary>How often it was asked, whatever it answered.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>How long the product waits for it.</summary>
    private TimeSpan Timeout { get; }

    private string Address => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    public static async Task<Gateway> StartAsync(TimeSpan? timeout = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new Gateway(builder.Build(), timeout ?? TimeSpan.FromSeconds(10));
        await gateway.app.StartAsync();
        return gateway;
    }

    /// <summary>The product sends through here from now on.</summary>
    public void AddTo(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(GatewaySettings.Read(JsonSerializer.Serialize(new { url = $"{Address}/send", content_type = "application/json", body = """{"to":"{number}","text":"{text}"}""" })));
        builder.Services.AddHttpClient<IMessageSender, HttpGateway>().ConfigureHttpClient(client => client.Timeout = Timeout);
    }

    /// <summary>Nothing listens there any more.</summary>
    public async Task GoneAsync()
    {
        await ends.CancelAsync();
        await app.StopAsync();
    }

    public bool HasReached(string number) => arrived.Any(m => m.Number == number);

    /// <summary>The code that a phone got last.</summary>
    public async Task<string> CodeAsync(string number)
    {
        await UntilAsync(() => HasReached(number));
        return Code().Match(arrived.Last(m => m.Number == number).Text).Value;
    }

    public Task AskedAsync(int times) => UntilAsync(() => Asked >= times);

    public async ValueTask DisposeAsync()
    {
        await GoneAsync();
        await app.DisposeAsync();
        ends.Dispose();
    }

    private static async Task UntilAsync(Func<bool> so)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!so())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<IResult> TakeAsync(JsonElement body)
    {
        var answer = Answer;
        Interlocked.Increment(ref asked);
        if (answer == 0)
        {
            await Task.Delay(System.Threading.Timeout.InfiniteTimeSpan, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (answer == StatusCodes.Status200OK)
        {
            arrived.Enqueue((body.GetProperty("to").GetString() ?? "", body.GetProperty("text").GetString() ?? ""));
        }

        return Results.StatusCode(answer == 0 ? StatusCodes.Status504GatewayTimeout : answer);
    }

    [GeneratedRegex(@"\d{6,8}")]
    private static partial Regex Code();
}

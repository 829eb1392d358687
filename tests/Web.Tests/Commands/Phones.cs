using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Yizhen.Web.Tests.Commands;

/// <summary>A gateway on this machine, and the phones that it reaches.</summary>
internal sealed partial class Phones(WebApplication app, string file, System.Collections.Concurrent.ConcurrentQueue<(string Number, string Text)> messages) : IAsyncDisposable
{
    public string File => file;

    public static async Task<Phones> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var messages = new System.Collections.Concurrent.ConcurrentQueue<(string, string)>();
        app.MapPost("/send", (JsonElement body) =>
        {
            messages.Enqueue((body.GetProperty("to").GetString() ?? "", body.GetProperty("text").GetString() ?? ""));
            return Results.Ok();
        });
        await app.StartAsync();
        var file = Path.Combine(folder, "gateway.json");
        var url = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/send";
        await System.IO.File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { url, content_type = "application/json", body = """{"to":"{number}","text":"{text}"}""" }));
        return new Phones(app, file, messages);
    }

    public string Last(string number) => messages.Last(m => m.Number == number).Text;

    public async Task<string> CodeAsync(string number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (messages.All(m => m.Number != number))
        {
            await Task.Delay(50, patience.Token);
        }

        return Code().Match(Last(number)).Value;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [GeneratedRegex(@"\d{6,8}")]
    private static partial Regex Code();
}

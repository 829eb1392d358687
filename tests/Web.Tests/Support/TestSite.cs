using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Tests.Support;

/// <summary>
/// The product as served, on a real port of this machine, with a demo deployment in a place of its own.
/// The composition is the product's; a test may add to it or replace in it, which is for clocks and senders, not for our own code.
/// </summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly Deployment deployment;
    private readonly WebApplication app;

    private TestSite(TestDatabase database, Deployment deployment, WebApplication app)
    {
        this.database = database;
        this.deployment = deployment;
        this.app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<TestSite> StartAsync(DatabaseKind kind, TimeProvider? clock = null, Action<WebApplicationBuilder>? also = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var now = (clock ?? TimeProvider.System).GetUtcNow();
        var place = Place.From(database.Connection is null ? database.Folder : null, database.Connection, null, database.Folder);
        var deployment = await Deployment.OpenAsync(place, DeploymentKind.Demo, make: true, "Asia/Shanghai", now, CancellationToken.None);
        var app = Site.Build(deployment, "http://127.0.0.1:0", builder =>
        {
            if (clock is not null)
            {
                builder.Services.AddSingleton(clock);
            }

            also?.Invoke(builder);
        });
        await app.StartAsync();
        return new(database, deployment, app);
    }

    /// <summary>A person's browser as far as HTTP goes: keeps cookies, does not follow See Other by itself.</summary>
    public HttpClient NewPerson(string language = "zh-CN")
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        switch (deployment.Engine)
        {
            case IAsyncDisposable engine:
                await engine.DisposeAsync();
                break;
            case IDisposable engine:
                engine.Dispose();
                break;
        }

        await database.DisposeAsync();
    }
}

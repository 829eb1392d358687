using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Tests.Support;

/// <summary>
/// The product as served, on a real port of this machine, with a demo deployment in a place of its own.
/// The composition is the product's; a test may add to it or replace in it, which is for clocks and senders, not for our own code.
/// </summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly TestDatabase? owned;
    private readonly Deployment deployment;
    private readonly WebApplication app;

    private TestSite(TestDatabase? owned, Deployment deployment, WebApplication app)
    {
        this.owned = owned;
        this.deployment = deployment;
        this.app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>What lies outside the database: key, demo secret, erasure list.</summary>
    public string Folder => deployment.Place.Folder;

    internal Task<Ledger> LedgerAsync() =>
        Ledger.CountAsync(deployment.Engine, Services.GetRequiredService<TimeProvider>().GetUtcNow(), TimeSpan.FromMinutes(30), CancellationToken.None);

    internal Task<Verified> VerifyAsync() => new Verification(deployment.Engine, deployment.Vault).RunAsync(_ => { }, CancellationToken.None);

    /// <summary>SQL behind the product's back.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = await deployment.Engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The demo's campaign covers everybody, wherever they are.</summary>
    public Task EverywhereAsync() => RunAsync("update campaign set regions = ''");

    /// <summary>One number, behind the product's back.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await deployment.Engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The first column of each row, behind the product's back.</summary>
    public async Task<List<string>> TextsAsync(string sql)
    {
        await using var connection = await deployment.Engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await rows.ReadAsync())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }

    /// <summary>One text, behind the product's back.</summary>
    public async Task<string?> TextAsync(string sql)
    {
        await using var connection = await deployment.Engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync() as string;
    }

    /// <summary>Tables whose rows hold one of these texts in any column, as text or as bytes. One character is found in sealed bytes by chance, once in a thousand runs.</summary>
    public async Task<IReadOnlyList<string>> RowsHoldingAsync(params string[] texts)
    {
        Assert.All(texts, text => Assert.True(text.Length > 1, "longer, or chance finds it"));
        var found = new List<string>();
        await using var connection = await deployment.Engine.OpenAsync(CancellationToken.None);
        foreach (var table in new[] { "fact", "head", "account", "device", "patient", "recovery", "code", "outbox", "draft", "journal", "door", "access", "picture_chunk", "library", "desk_answer", "notice_to", "worklist" })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select * from {table}";
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    var bytes = rows[column] as byte[] ?? System.Text.Encoding.UTF8.GetBytes(rows[column].ToString() ?? "");
                    if (texts.Any(text => bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0))
                    {
                        found.Add(table);
                    }
                }
            }
        }

        return found;
    }

    public static async Task<TestSite> StartAsync(DatabaseKind kind, TimeProvider? clock = null, Action<WebApplicationBuilder>? also = null) =>
        await StartAsync(await TestDatabase.CreateAsync(kind), owns: true, clock, also);

    /// <summary>On data that outlives this site: start, stop and start again, or two nodes side by side.</summary>
    public static Task<TestSite> StartAsync(TestDatabase database, TimeProvider? clock = null, Action<WebApplicationBuilder>? also = null) =>
        StartAsync(database, owns: false, clock, also);

    private static async Task<TestSite> StartAsync(TestDatabase database, bool owns, TimeProvider? clock, Action<WebApplicationBuilder>? also)
    {
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
        _ = app.Services.GetRequiredService<DemoSecret>();
        await DemoCampaign.Seed(app.Services, now);
        await app.StartAsync();
        return new(owns ? database : null, deployment, app);
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

        if (owned is not null)
        {
            await owned.DisposeAsync();
        }
    }
}

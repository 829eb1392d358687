using System.CommandLine;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen serve</c>: the product itself, until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var where = new Where();
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by semicolons.", DefaultValueFactory = _ => "http://localhost:8080" };
        var demo = new Option<bool>("--demo") { Description = "A trial with fictional people. Loud about itself, and refused on real data." };
        var gateway = new Option<string?>("--messages") { Description = "File that describes the gateway for short messages. Without it codes cannot be sent, and places are kept without." };
        var anchors = new Option<string?>("--anchors") { Description = "Folder on another disk or host: the heads of the log are written there each hour, chained and signed." };
        var command = new Command("serve", "Serves the product.") { urls, demo, gateway, anchors };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(async () =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var kind = parsed.GetValue(demo) ? DeploymentKind.Demo : DeploymentKind.Real;
            var place = where.Read(parsed);
            using var held = place.Hold();
            var deployment = await Deployment.OpenAsync(place, kind, make: kind == DeploymentKind.Demo, "Asia/Shanghai", now, ct);
            var warm = Task.Run(() => Warm(deployment), ct);
            var settings = await Settings.ReadAsync(deployment, ct);
            var carrier = parsed.GetValue(gateway) is { } file ? GatewaySettings.ReadFile(file) : settings.Gateway is { } kept ? GatewaySettings.Read(kept) : null;
            await using var site = Site.Build(deployment, parsed.GetRequiredValue(urls), builder => AddAnchors(builder, deployment, parsed.GetValue(anchors)), carrier, settings);
            await warm;
            var signIns = deployment.IsDemo ? await DemoCampaign.Seed(site.Services, now) : [];
            _ = site.Services.GetRequiredService<DemoSecret>();
            await site.StartAsync(ct);
            Tell(deployment, parsed.GetRequiredValue(urls), signIns);
            await site.WaitForShutdownAsync(ct);
            return 0;
        }));
        return command;
    }

    /// <summary>The model of the plain rows is built and its first query compiled while the rest is composed.</summary>
    private static async Task Warm(Deployment deployment)
    {
        await using var database = Settings.Open(deployment);
        await database.Set<OrganisationRow>().AsNoTracking().AnyAsync();
    }

    private static void AddAnchors(WebApplicationBuilder builder, Deployment deployment, string? folder)
    {
        if (folder is not null)
        {
            builder.Services.AddHostedService(provider => new Anchoring(deployment, Path.GetFullPath(folder), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Heartbeats>()));
        }
    }

    private static void Tell(Deployment deployment, string urls, IReadOnlyList<string> signIns)
    {
        Console.WriteLine($"Yizhen serves {urls} ({Deployment.Code(deployment.Kind)}).");
        if (deployment.IsDemo)
        {
            var first = urls.Split(';')[0];
            Console.WriteLine("DEMO: everybody in it is invented. Nothing that is typed here is safe to rely on.");
            Console.WriteLine($"Patients:  {first}/c/{DemoCampaign.Slug}");
            Console.WriteLine($"Staff:     {first}/staff/sign-in   codes: {first}/demo/outbox");
            foreach (var line in signIns)
            {
                Console.WriteLine("  " + line);
            }

            Console.WriteLine($"Demo secret: {Path.Combine(deployment.Place.Folder, DemoSecret.File)}");
        }
    }
}

/// <summary>The options that every command with data shares.</summary>
internal sealed class Where
{
    private readonly Option<string?> data = new("--data") { Description = "Folder of the embedded database." };
    private readonly Option<string?> database = new("--database") { Description = "PostgreSQL connection, for example \"Host=localhost;Database=yizhen;Username=yizhen\". Else YIZHEN_DATABASE." };
    private readonly Option<string?> key = new("--key") { Description = "File of the deployment key. Else YIZHEN_KEY_FILE; in demo the folder's own." };
    private readonly Option<string?> state = new("--state") { Description = "Folder for what must lie outside the database (the erasure list). Default: the data folder." };

    public void AddTo(Command command)
    {
        command.Options.Add(data);
        command.Options.Add(database);
        command.Options.Add(key);
        command.Options.Add(state);
    }

    /// <summary>A connection may hold a password: a unit hands it over in the environment, where no list of processes shows it.</summary>
    public Place Read(ParseResult parsed)
    {
        var (folder, conn) = (parsed.GetValue(data), parsed.GetValue(database));
        return Place.From(folder, conn ?? (folder is null ? Environment.GetEnvironmentVariable("YIZHEN_DATABASE") : null), parsed.GetValue(key), parsed.GetValue(state));
    }
}

/// <summary>What can go wrong with a machine is told in one sentence, with exit code 2; anything else is a bug and shows itself.</summary>
internal static class Sentence
{
    public const int CannotRun = 2;

    public static async Task<int> OrAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (StorageException cannot)
        {
            await Console.Error.WriteLineAsync(cannot.Message);
            return CannotRun;
        }
        catch (DbException broken)
        {
            await Console.Error.WriteLineAsync($"The database does not answer as it should: {broken.Message} Look for free space on its disk, and that it can be reached.");
            return CannotRun;
        }
        catch (IOException broken) when (broken is not FileNotFoundException)
        {
            await Console.Error.WriteLineAsync(broken.Message);
            return CannotRun;
        }
    }
}

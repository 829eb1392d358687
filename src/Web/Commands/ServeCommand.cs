using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen serve</c>: the product itself, until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan FirstPage = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan FirstPages = TimeSpan.FromSeconds(1);

    public static Command Build()
    {
        var where = new Where();
        var listens = new Option<string>("--urls") { Description = "Addresses to listen on, separated by semicolons.", DefaultValueFactory = _ => "http://localhost:8080" };
        var demo = new Option<bool>("--demo") { Description = "A trial with fictional people. Loud about itself, and refused on real data." };
        var gateway = new Option<string?>("--messages") { Description = "File that describes the gateway for short messages. Without it codes cannot be sent, and places are kept without." };
        var anchors = new Option<string?>("--anchors") { Description = "Folder on another disk or host: the heads of the log are written there each hour, chained and signed." };
        var upload = new Option<string?>("--upload") { Description = "File with url, secret and sender of the provincial platform: counts of each hour and day are sent there, never a person." };
        var command = new Command("serve", "Serves the product.") { listens, demo, gateway, anchors, upload };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var kind = parsed.GetValue(demo) ? DeploymentKind.Demo : DeploymentKind.Real;
            var urls = Addresses(parsed.GetRequiredValue(listens));
            var place = where.Read(parsed);
            using var held = place.Hold();
            var opening = Task.Run(() => Deployment.OpenAsync(place, kind, make: kind == DeploymentKind.Demo, "Asia/Shanghai", now, ct), ct);
            var model = Task.Run(() => Model(place), ct);
            var warm = Task.Run(() => Warm(model, opening), ct);
            var deployment = await opening;
            var settings = await Settings.ReadAsync(deployment, ct);
            var carrier = parsed.GetValue(gateway) is { } file ? GatewaySettings.ReadFile(file) : settings.Gateway is { } kept ? GatewaySettings.Read(kept) : null;
            await using var site = Site.Build(deployment, urls, builder =>
            {
                builder.Services.ConfigureDbContext<Database>(options => options.UseModel(model.GetAwaiter().GetResult()));
                AddAnchors(builder, deployment, parsed.GetValue(anchors));
            }, carrier, settings, parsed.GetValue(upload) is { } platform ? UploadSettings.ReadFile(platform) : null);
            // What the first page asks for beside the database: read while the address is opened.
            _ = Task.Run(() => site.Services.GetRequiredService<CampaignFront>(), CancellationToken.None);
            var signIns = deployment.IsDemo ? await DemoCampaign.Seed(site.Services, now) : [];
            _ = site.Services.GetRequiredService<DemoSecret>();
            site.Services.GetRequiredService<Heartbeats>().Opened = Task.Delay(FirstPages, CancellationToken.None);
            await ListenAsync(site, urls, ct);
            await warm;
            await Task.Delay(FirstPage, ct);
            // Read beside nobody's first page. Without protocols and policies that may serve it ends here, with the sentence why.
            await Task.Run(() => (site.Services.GetRequiredService<ProtocolShelf>(), site.Services.GetRequiredService<Lexicon>(), site.Services.GetRequiredService<RecheckPolicy>(), site.Services.GetRequiredService<ReportingPolicy>(), site.Services.GetRequiredService<Timeline>(), site.Services.GetRequiredService<SignedPolicies>().Pins), ct);
            Tell(deployment, urls, signIns);
            await Task.WhenAll(ReadyAsync(site.Services, site.Lifetime.ApplicationStopping), site.WaitForShutdownAsync(ct));
            return 0;
        }));
        return command;
    }

    /// <exception cref="StorageException">Not addresses to listen on.</exception>
    public static string Addresses(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                if (BindingAddress.Parse(url).Port <= System.Net.IPEndPoint.MaxPort)
                {
                    continue;
                }
            }
            catch (FormatException)
            {
                // Told below.
            }

            throw new StorageException($"--urls: {url} is not an address to listen on. It looks like http://localhost:8080.");
        }

        return urls;
    }

    public static async Task ListenAsync(WebApplication site, string urls, CancellationToken ct)
    {
        try
        {
            await site.StartAsync(ct);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new StorageException($"Another program listens on {urls} already. Stop it, or choose another address with --urls.", taken);
        }
        catch (System.Net.Sockets.SocketException refused)
        {
            throw new StorageException($"This machine does not let Yizhen listen on {urls} ({refused.SocketErrorCode}). Choose another address with --urls.", refused);
        }
        catch (InvalidOperationException without) when (urls.Contains("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw new StorageException("https:// needs a certificate: give it to ./yizhen setup with --tls-certificate and --tls-key, or put a proxy in front.", without);
        }
    }

    /// <summary>The mapper's model of the plain rows, built beside the opening of the database and the composition, and shared by both.</summary>
    private static IModel Model(Place place)
    {
        using var database = Settings.Open(place.Engine());
        return database.Model;
    }

    /// <summary>The first query pays for all that follow: it is asked while nobody waits.</summary>
    private static async Task Warm(Task<IModel> model, Task<Deployment> opening)
    {
        _ = await model;
        await using var database = Settings.Open((await opening).Engine);
        await database.Set<OrganisationRow>().AnyAsync();
    }

    /// <summary>
    /// Making the readers of stories and of replies takes a second that neither the first story nor the first reply should wait for, and the
    /// first pages still less: it begins when those are through.
    /// </summary>
    private static async Task ReadyAsync(IServiceProvider services, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(FirstPages, stopping);
            await Task.Run(() => (services.GetRequiredService<Lexicon>().Hear(" ", null), services.GetRequiredService<ReplyGuard>()), stopping);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop before anybody came.
        }
    }

    private static void AddAnchors(WebApplicationBuilder builder, Deployment deployment, string? folder)
    {
        if (folder is not null)
        {
            // A disk that is not there is said at once, and not in an hour.
            Directory.CreateDirectory(folder);
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

            Console.WriteLine($"A surge to look at:  sign in as operator, {first}{StaffPlaces.Board}, and press 看一次高峰 (see a surge). It runs beside this demo, in an instance of its own.");
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
    private readonly Option<string?> state = new("--state") { Description = "Folder for what must lie outside the database: erasure list, signed protocols and policies. Default: the data folder." };

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

using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Drill;

/// <summary>What is to be rehearsed.</summary>
/// <param name="Level">Of the surge ladder, from the beginning on.</param>
/// <param name="From">Second of the day at which it begins.</param>
internal sealed record DrillPlan(PlannedDay Day, int From, double Speed, int Level)
{
    /// <summary>Of today, in the zone of the drill.</summary>
    public DateTimeOffset Dawn(TimeZoneInfo zone, DateTimeOffset now)
    {
        var day = TimeZoneInfo.ConvertTime(now, zone).Date.AddSeconds(From);
        return new DateTimeOffset(day, zone.GetUtcOffset(day)).ToUniversalTime();
    }
}

/// <summary>An instance of its own in a place of its own, marked as a drill on every page, and those who come to it by its public interface.</summary>
internal sealed class DrillInstance : IAsyncDisposable
{
    private const string Zone = "Asia/Shanghai";

    private readonly WebApplication site;
    private readonly Deployment deployment;
    private readonly IDisposable? held;
    private readonly DispatchRules rules;
    private readonly DrillPlan plan;

    private readonly DrillClock clock;

    private DrillInstance(WebApplication site, Deployment deployment, IDisposable? held, DispatchRules rules, DrillPlan plan, DrillClock clock, string secret)
    {
        (this.site, this.deployment, this.held, this.rules, this.plan, this.clock) = (site, deployment, held, rules, plan, clock);
        Address = new Uri(site.Urls.First());
        Run = new DrillRun(Address, secret, DemoCampaign.Slug, plan.Day, plan.Speed, clock);
    }

    public Uri Address { get; }

    public DrillRun Run { get; }

    public IServiceProvider Services => site.Services;

    public static async Task<DrillInstance> StartAsync(string folder, string urls, DrillPlan plan, CancellationToken ct)
    {
        var clock = new DrillClock(TimeProvider.System, plan.Speed, plan.Dawn(TimeZoneInfo.FindSystemTimeZoneById(Zone), TimeProvider.System.GetUtcNow()));
        var now = clock.GetUtcNow();
        var place = Place.From(folder, null, null, null);
        if (File.Exists(Path.Combine(folder, Place.DatabaseFile)))
        {
            // Its clock would go back to an hour that was played already, and whoever was left would wait among the new people.
            throw new StorageException($"{folder} has been used already: each drill has a folder of its own. Choose a new one. What was played there is still in it: ./yizhen ledger --data {folder}.");
        }

        var held = place.Hold();
        var deployment = await Deployment.OpenAsync(place, DeploymentKind.Drill, make: true, Zone, now, ct) with { Times = plan.Speed };
        var rules = DispatchRules.Parse(Policies.Text("dispatch.json"));
        var limits = CodeLimits.Parse(Policies.Text("codes.json"));
        var site = Site.Build(deployment, urls, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.AddSingleton(rules.WhereTimeIs(plan.Speed));
            builder.Services.AddSingleton(limits with { ValidForSeconds = (int)(limits.ValidForSeconds * plan.Speed) });
        });
        await DemoCampaign.Seed(site.Services, now, drill: true);
        await DrillHouses.Seed(site.Services, plan.Day, now);
        _ = site.Services.GetRequiredService<DemoSecret>();
        await ServeCommand.ListenAsync(site, urls, ct);
        var instance = new DrillInstance(site, deployment, held, rules, plan, clock, (await File.ReadAllTextAsync(Path.Combine(folder, DemoSecret.File), ct)).Trim());
        await instance.Set(plan.Level);
        return instance;
    }

    /// <summary>The level of its surge ladder, as its operator would set it.</summary>
    public async Task Set(int level)
    {
        var surges = site.Services.GetRequiredService<Surges>();
        var now = await surges.Level(CancellationToken.None);
        if (level != now)
        {
            await surges.Set(Guid.Empty, "演练 · drill", now, level, "演练 · drill", clock.GetUtcNow());
        }
    }

    public async Task<DrillReport> PlayAsync(CancellationToken ct)
    {
        await Run.Play(ct);
        return await Run.Report(site.Services.GetRequiredService<IDbContextFactory<Database>>(), rules, site.Services.GetRequiredService<ForecastRules>(), plan.Level, ct);
    }

    public Task WaitAsync(CancellationToken ct) => site.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        Run.Dispose();
        await site.StopAsync(CancellationToken.None);
        await site.DisposeAsync();
        if (deployment.Engine is IAsyncDisposable engine)
        {
            await engine.DisposeAsync();
        }
        else
        {
            (deployment.Engine as IDisposable)?.Dispose();
        }

        held?.Dispose();
    }
}

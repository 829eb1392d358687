using Yizhen.Rules;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Campaigns;

namespace Yizhen.Web.Commands.Drill;

/// <summary>How far the drill is.</summary>
/// <param name="State">preparing, running, finished, failed.</param>
/// <param name="Second">Of the drill.</param>
/// <param name="Length">Seconds in which people come.</param>
/// <param name="OneIn">One in so many of the scenario's people and doctors.</param>
/// <param name="Ended">Helped, promised a date, or gone.</param>
/// <param name="Kept">Times faster than the clock on the wall so far: as asked, or what the machine bears.</param>
/// <param name="Address">Of the instance; on this machine only.</param>
public sealed record DrillShown(
    string State, DrillAsked Asked, string By, DateTimeOffset At, int Second, int Length, int OneIn, int People, int Doctors, int Hired, int Came, int Ended, double Kept, string? Address, DrillOutcome? Outcome);

/// <summary>What came of it. Seconds of the drill.</summary>
/// <param name="DifferencePercent">Of the mean wait, drill against plan.</param>
/// <param name="LevelChanged">Another surge level was set while it ran; the plan knows that of the beginning only.</param>
/// <param name="Told">The forecast of the wait against what the waits were.</param>
public sealed record DrillOutcome(double DrillMean, double PlanMean, double DifferencePercent, double LatePercent, bool LevelChanged, Hits Told);

/// <summary>
/// The drill beside a demo or a drill instance: one at a time, in this process, on a free port of this machine and in a folder that is deleted with it.
/// Nothing of it is in the instance that shows it: its people, its ledger and its log are its own.
/// </summary>
internal sealed class DrillStage(Scenarios scenarios, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private Act? act;

    public DrillShown? Shown => act?.Shown;

    /// <summary>The board of the drill; null while there is none.</summary>
    public async Task<BoardPicture?> Board(CancellationToken ct)
    {
        try
        {
            return act?.Instance is { } instance ? await instance.Services.GetRequiredService<Board>().Look(ct) with { IsElsewhere = true } : null;
        }
        catch (ObjectDisposedException)
        {
            // Stopped in this moment.
            return null;
        }
    }

    public async Task<Decision<DrillShown>> Start(DrillAsked asked, string by)
    {
        await turn.WaitAsync();
        try
        {
            if (act is { Shown.State: "preparing" or "running" })
            {
                return Refusal.Conflict;
            }

            if (scenarios.Plan(asked) is not var (plan, oneIn))
            {
                return Refusal.Malformed;
            }

            await End();
            act = new Act(asked, plan, oneIn, by, clock.GetUtcNow());
            act.Begin();
            return act.Shown;
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<Decision<DrillShown>> Set(int level)
    {
        if (act is not { Instance: { } instance } now)
        {
            return Refusal.NotFound;
        }

        if (level is < 0 or > Surge.Highest)
        {
            return Refusal.Malformed;
        }

        await instance.Set(level);
        return now.Shown;
    }

    public async Task Stop()
    {
        await turn.WaitAsync();
        try
        {
            await End();
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        turn.Dispose();
    }

    private async Task End()
    {
        var over = act;
        act = null;
        if (over is not null)
        {
            await over.DisposeAsync();
        }
    }

    /// <summary>One drill from its preparation until it is taken down.</summary>
    private sealed class Act(DrillAsked asked, DrillPlan plan, int oneIn, string by, DateTimeOffset at) : IAsyncDisposable
    {
        private readonly CancellationTokenSource over = new();
        private readonly string folder = Directory.CreateTempSubdirectory("yizhen-drill-").FullName;
        private Task going = Task.CompletedTask;
        private string state = "preparing";
        private DrillOutcome? outcome;

        public DrillInstance? Instance { get; private set; }

        public DrillShown Shown
        {
            get
            {
                var far = Instance?.Run.Progress ?? new DrillProgress(0, 0, 0, 0, asked.Speed);
                return new DrillShown(
                    state, asked, by, at, (int)far.Second, asked.Length * 3600, oneIn, plan.Day.People.Length, plan.Day.Shifts.Length, far.Hired, far.Came, far.Ended, Math.Round(far.Kept, 1), Instance?.Address.ToString().TrimEnd('/'), outcome);
            }
        }

        public void Begin() => going = Task.Run(() => Go(over.Token));

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await going;
            if (Instance is { } instance)
            {
                await instance.DisposeAsync();
            }

            over.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        private async Task Go(CancellationToken ct)
        {
            try
            {
                Instance = await DrillInstance.StartAsync(folder, "http://127.0.0.1:0", plan, ct);
                state = "running";
                var report = await Instance.PlayAsync(ct);
                outcome = new DrillOutcome(report.Drill.Mean, report.Plan.Mean, report.DifferencePercent, report.LatePercent, report.LevelChanged, report.Told);
                state = "finished";
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                // Asked to stop: what was under way broke off.
                state = "finished";
            }
            catch (Exception) when (!ct.IsCancellationRequested)
            {
                // Shown on the page; the instance that shows it goes on, whatever broke in the one beside it.
                state = "failed";
            }
        }
    }
}

internal static class DrillSetup
{
    /// <summary>The page is there in each deployment, and says that it is not where people are real: nothing is ever played there.</summary>
    public static void AddDrill(this IServiceCollection services)
    {
        services.AddSingleton<Scenarios>();
        services.AddSingleton<DrillStage>();
        services.AddSingleton<RunDrill>();
    }
}

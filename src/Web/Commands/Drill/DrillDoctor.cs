using System.Collections.Concurrent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Commands.Replay;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Drill;

/// <summary>A doctor of the drill at the public interface: comes on duty, shares the time among those who are open, writes the advice when the work is done, and goes.</summary>
/// <param name="work">Seconds that each consultation needs, by its id.</param>
internal sealed class DrillDoctor(Door door, Shift shift, int number, ConcurrentDictionary<string, int> work, DrillClock clock)
{
    private readonly Lock turn = new();
    private readonly Dictionary<string, Talk> open = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private double lastLook;

    public async Task Join(CancellationToken ct)
    {
        var joined = await door.Post<DemoPhysician>("/api/v1/demo/physicians", new { number, skills = string.Join(',', shift.Skills), langs = string.Join(',', shift.Langs) }, ct);
        door.Token = joined.Token;
    }

    public async Task Serve(CancellationToken ct)
    {
        try
        {
            await clock.Until(shift.From, ct);
            await Duty("on", ct);
            using var desk = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var looks = Look(desk.Token);
            await Work(desk.Token);
            await desk.CancelAsync();
            await looks;
            await Duty("off", ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private Task<object> Duty(string state, CancellationToken ct) => door.Post<object>("/api/v1/duty", new { state, seats = shift.Seats }, ct);

    private async Task Look(CancellationToken ct)
    {
        try
        {
            await foreach (var (_, desk) in door.Follow<DeskView>("/api/v1/desk/events", ct))
            {
                foreach (var view in desk.Changed)
                {
                    Take(view);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private void Take(ConsultationView view)
    {
        lock (turn)
        {
            if (known.Add(view.Id) && work.TryGetValue(view.Id, out var seconds))
            {
                Advance();
                open[view.Id] = new Talk(view.Epoch, view.Outcome?.Disposition ?? Disposition.D3, view.Lang, seconds);
                Wake();
            }
        }
    }

    /// <summary>Until the shift is over and nobody is open.</summary>
    private async Task Work(CancellationToken ct)
    {
        var ending = false;
        while (true)
        {
            List<(string Id, Talk Talk)> done;
            double next;
            Task news;
            lock (turn)
            {
                Advance();
                done = [.. open.Where(o => o.Value.Left <= 0.5).Select(o => (o.Key, o.Value))];
                done.ForEach(d => open.Remove(d.Id));
                next = open.Count == 0 ? double.MaxValue : open.Values.Min(t => t.Left) * Slowness;
                news = changed.Task;
            }

            foreach (var (id, talk) in done)
            {
                var body = new AdviceBody(talk.Epoch, talk.Disposition, talk.Lang == "en" ? "Drill" : "演练", talk.Lang == "en" ? "This was a drill." : "这是演练。", Close: true);
                await door.Post<Stored>($"/api/v1/consultations/{id}/advice", body, ct);
            }

            if (!ending && clock.Now >= shift.To)
            {
                ending = true;
                await Duty("pausing", ct);
            }

            if (ending && done.Count == 0 && next == double.MaxValue)
            {
                return;
            }

            if (done.Count == 0)
            {
                var wait = Math.Min(next, ending ? double.MaxValue : Math.Max(0, shift.To - clock.Now));
                await Task.WhenAny(news, Task.Delay(clock.Real(wait), ct));
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>With several at once each takes so many times longer.</summary>
    private double Slowness => 1 + (shift.Slowdown / 1000d * (open.Count - 1));

    private void Advance()
    {
        var now = clock.Now;
        foreach (var talk in open.Values)
        {
            talk.Left -= (now - lastLook) / Slowness;
        }

        lastLook = now;
    }

    private void Wake()
    {
        var before = changed;
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        before.SetResult();
    }

    private sealed class Talk(int epoch, Disposition disposition, string lang, double left)
    {
        public int Epoch => epoch;

        public Disposition Disposition => disposition;

        public string Lang => lang;

        public double Left { get; set; } = left;
    }
}

/// <summary>The time of the drill: seconds since its beginning, so many times faster than the clock on the wall.</summary>
internal sealed class DrillClock(TimeProvider clock, double speed)
{
    private long began = clock.GetTimestamp();

    public void Begin() => began = clock.GetTimestamp();

    public double Now => clock.GetElapsedTime(began).TotalSeconds * speed;

    public TimeSpan Real(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds / speed, 0, 3600));

    public async Task Until(double second, CancellationToken ct)
    {
        while (second > Now)
        {
            await Task.Delay(Real(second - Now) + TimeSpan.FromMilliseconds(1), ct);
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Commands.Replay;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Drill;

/// <summary>
/// A doctor of the drill at the public interface: comes on duty, shares the time among those who are open, writes the advice when the work is done, and
/// goes. Time runs faster than the machine: work counts from the moment at which the product gave the person, and the sheet is sent so much earlier as
/// sending has taken lately, or each millisecond of the machine would count as a minute's part that no real doctor loses.
/// </summary>
/// <param name="work">Seconds that each consultation needs, by its id.</param>
internal sealed partial class DrillDoctor(Door door, Shift shift, int number, DayRules rules, ConcurrentDictionary<string, int> work, DrillClock clock)
{
    private readonly Lock turn = new();
    private readonly Dictionary<string, Talk> open = new(StringComparer.Ordinal);
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<(string Id, DateTimeOffset Until)> answered = [];
    private double lastLook;

    /// <summary>On duty without a break, in seconds of the drill.</summary>
    private double worksSince;
    private double? restsUntil;

    public async Task Join(CancellationToken ct)
    {
        var joined = await door.Post<DemoPhysician>("/api/v1/demo/physicians", new { number, skills = string.Join(',', shift.Skills), langs = string.Join(',', shift.Langs), organisation = shift.Organisation == Guid.Empty ? (Guid?)null : shift.Organisation }, ct);
        door.Token = joined.Token;
    }

    /// <summary>Who is on the roster when the day begins is on duty before the first person comes.</summary>
    public Task BeOnTime(CancellationToken ct) => shift.From <= 0 ? Duty("on", ct) : Task.CompletedTask;

    public async Task Serve(CancellationToken ct)
    {
        try
        {
            using var desk = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var looks = Look(desk.Token);
            await clock.Until(shift.From, ct);
            await (shift.From > 0 ? Duty("on", ct) : Task.CompletedTask);
            await Work(desk.Token);
            await desk.CancelAsync();
            await looks;
            await Duty("off", ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private Task<object> Duty(string state, CancellationToken ct)
    {
        worksSince = state == "on" ? clock.Now : worksSince;
        return door.Post<object>("/api/v1/duty", new { state, seats = shift.Seats }, ct);
    }

    private async Task Look(CancellationToken ct)
    {
        var answers = new List<Task>();
        try
        {
            await foreach (var (_, desk) in door.Follow<DeskView>("/api/v1/desk/events", ct))
            {
                answers.AddRange(desk.Asked.Where(a => answered.Add((a.Id, a.Until))).Select(a => Answer(a.Id, ct)));

                foreach (var view in desk.Changed)
                {
                    Take(view);
                }

                Lose(desk.Gone);
            }

            await Task.WhenAll(answers);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    /// <summary>After the seconds that the plan has for it too; what the machine takes for telling and sending is of them.</summary>
    private async Task Answer(string id, CancellationToken ct)
    {
        await clock.Until(clock.Now + Math.Max(0, (rules.AnswerSeconds ?? 0) - clock.Sending), ct);
        await door.Tell($"/api/v1/consultations/{id}/prompt", new PromptBody(Take: true), ct);
    }

    private void Take(ConsultationView view)
    {
        lock (turn)
        {
            if (known.Add(view.Id) && work.TryGetValue(view.Id, out var seconds))
            {
                var given = view.Lines.LastOrDefault(l => l.By == "system" && l.Text is "assigned" or "taken_over") is { } line ? clock.At(line.At) : clock.Now;
                Advance(Math.Max(lastLook, given));
                open[view.Id] = new Talk(view.Epoch, view.Outcome?.Disposition ?? Disposition.D3, view.Lang, seconds);
                open[view.Id].Left -= Math.Max(0, lastLook - given) / Slowness;
                Wake();
            }
        }
    }

    /// <summary>They have left, or are with somebody else.</summary>
    private void Lose(IReadOnlyList<string> gone)
    {
        lock (turn)
        {
            Advance(clock.Now);
            var before = open.Count;
            gone.ToList().ForEach(id => open.Remove(id));
            if (open.Count < before)
            {
                Wake();
            }
        }
    }

    /// <summary>Until the shift is over and nobody is open.</summary>
    private async Task Work(CancellationToken ct)
    {
        var (ending, sending) = (false, new List<Task>());
        while (true)
        {
            List<(string Id, Talk Talk)> done;
            double next;
            Task news;
            lock (turn)
            {
                Advance(clock.Now);
                // What is being sent keeps its share of the doctor until it is away.
                done = [.. open.Where(o => o.Value.Left * Slowness <= Math.Max(0.5, clock.Sending) && !o.Value.Sent).Select(o => (o.Key, o.Value))];
                done.ForEach(d => d.Talk.Sent = true);
                var left = open.Values.Where(t => !t.Sent).ToList();
                next = left.Count == 0 ? double.MaxValue : Math.Max(0, (left.Min(t => t.Left) * Slowness) - clock.Sending);
                news = changed.Task;
            }

            // Each by itself: who has written two sheets in the same second sends both, and neither waits for the other's answer.
            sending.AddRange(done.Select(d => Send(d.Id, d.Talk, ct)));
            await Task.WhenAll(sending.Where(s => s.IsCompleted));
            sending.RemoveAll(s => s.IsCompleted);

            if (ending && clock.Now >= shift.To + rules.GraceSeconds)
            {
                await HandOver(ct);
            }

            await Rest(ending, ct);
            if (!ending && clock.Now >= shift.To)
            {
                ending = true;
                await Duty("pausing", ct);
            }

            if (ending && done.Count == 0 && IsAlone)
            {
                return;
            }

            if (done.Count == 0)
            {
                var wait = Math.Min(Math.Min(next, UntilRest), Math.Max(0, shift.To + (ending ? rules.GraceSeconds : 0) - clock.Now));
                await Task.WhenAny(news, Task.Delay(clock.AtLeast(wait) + TimeSpan.FromMilliseconds(1), ct));
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task Send(string id, Talk talk, CancellationToken ct)
    {
        try
        {
            var sent = Stopwatch.GetTimestamp();
            await door.Tell($"/api/v1/consultations/{id}/advice", new AdviceBody(talk.Epoch, talk.Disposition, talk.Lang == "en" ? "Drill" : "演练", talk.Lang == "en" ? "This was a drill." : "这是演练。", Close: true), ct);
            lock (turn)
            {
                Advance(clock.Now);
                clock.Sent(Stopwatch.GetElapsedTime(sent), talk.Left);
            }
        }
        finally
        {
            Lose([id]);
        }
    }

    /// <summary>With several at once each takes so many times longer.</summary>
    private double Slowness => 1 + (shift.Slowdown / 1000d * (open.Count - 1));
}

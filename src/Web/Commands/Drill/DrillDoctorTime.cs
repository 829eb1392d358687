using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Drill;

/// <content>How a doctor's time is shared among those who are open.</content>
internal sealed partial class DrillDoctor
{
    private const int Minute = 60;

    /// <summary>What is open when the grace after the shift is over goes to others, with the work that is left and what a hand-over adds.</summary>
    private async Task HandOver(CancellationToken ct)
    {
        List<(string Id, Talk Talk)> left;
        lock (turn)
        {
            Advance(clock.Now);
            left = [.. open.Select(o => (o.Key, o.Value))];
        }

        foreach (var (id, talk) in left)
        {
            work[id] = (int)Math.Max(1, talk.Left + rules.HandOverSeconds);
            await door.Tell($"/api/v1/consultations/{id}/hand-over", new HandOverBody(talk.Lang == "en" ? "Drill: the shift is over." : "演练：下班了。"), ct);
        }

        Lose([.. left.Select(l => l.Id)]);
    }

    /// <summary>The break that the product offers after so long without one, taken when nobody is with them; the plan has it too.</summary>
    private async Task Rest(bool ending, CancellationToken ct)
    {
        if (restsUntil is { } over && (ending || clock.Now >= over))
        {
            restsUntil = null;
            await (ending ? Task.CompletedTask : Duty("on", ct));
        }
        else if (restsUntil is null && !ending && IsAlone && rules.Fatigue is { } rule && clock.Now - worksSince >= rule.ContinuousMinutes * Minute)
        {
            restsUntil = clock.Now + (rule.BreakMinutes * Minute);
            await Duty("paused", ct);
        }
    }

    /// <summary>Seconds until a break may begin or is over; whoever has somebody then looks again when they are done.</summary>
    private double UntilRest => restsUntil is { } over ? Math.Max(0, over - clock.Now)
        : rules.Fatigue is { } rule && worksSince + (rule.ContinuousMinutes * Minute) - clock.Now is > 0 and var until ? until
        : double.MaxValue;

    private bool IsAlone
    {
        get
        {
            lock (turn)
            {
                return open.Count == 0;
            }
        }
    }

    private void Advance(double now)
    {
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

        public bool Sent { get; set; }
    }
}

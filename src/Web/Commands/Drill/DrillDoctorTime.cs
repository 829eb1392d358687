using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Drill;

/// <content>How a doctor's time is shared among those who are open.</content>
internal sealed partial class DrillDoctor
{
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

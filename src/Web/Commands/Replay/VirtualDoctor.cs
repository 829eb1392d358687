using System.Collections.Concurrent;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Replay;

/// <summary>Joins by invitation, goes on duty, answers whoever the dispatcher gives, writes the advice and closes.</summary>
internal sealed class VirtualDoctor(Door door, int number, ConcurrentDictionary<string, Dialogue> dialogues, Figures figures, Pace pace, TimeProvider clock)
{
    private readonly Dictionary<string, int> said = new(StringComparer.Ordinal);
    private readonly HashSet<string> closed = new(StringComparer.Ordinal);

    public async Task Join(int seats, CancellationToken ct)
    {
        var joined = await door.Post<DemoPhysician>("/api/v1/demo/physicians", new { number }, ct);
        door.Token = joined.Token;
        await door.Post<object>("/api/v1/duty", new { state = "on", seats }, ct);
    }

    /// <summary>Until told to stop. One stream serves all consultations of the desk.</summary>
    public async Task Serve(CancellationToken ct)
    {
        try
        {
            await foreach (var (_, desk) in door.Follow<DeskView>("/api/v1/desk/events", ct))
            {
                foreach (var asked in desk.Asked)
                {
                    await door.Tell($"/api/v1/consultations/{asked.Id}/prompt", new PromptBody(Take: true), ct);
                }

                foreach (var view in desk.Changed)
                {
                    await Answer(view, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private async Task Answer(ConsultationView view, CancellationToken ct)
    {
        // An item that was under way while we closed it still shows it open.
        if (closed.Contains(view.Id) || !dialogues.TryGetValue(view.Id, out var dialogue))
        {
            return;
        }

        var lines = VirtualPatient.Lines(view);
        foreach (var line in lines.Where(l => l.By == "patient"))
        {
            figures.Seen(line.MessageId!.Value, clock.GetTimestamp100());
        }

        var next = Math.Max(lines.Count, said.GetValueOrDefault(view.Id));
        if (next > lines.Count)
        {
            // Our own last line is not in this item yet; the next item brings it.
            return;
        }

        while (next < dialogue.Lines.Count && dialogue.Lines[next].Role == "doctor")
        {
            await Say(view, dialogue.Lines[next].Text, ct);
            said[view.Id] = ++next;
        }

        if (next == dialogue.Lines.Count)
        {
            var advice = new AdviceBody(view.Epoch, view.Outcome?.Disposition ?? Disposition.D3, dialogue.Lang, "replay", Close: true);
            await door.Post<Stored>($"/api/v1/consultations/{view.Id}/advice", advice, ct);
            closed.Add(view.Id);
            said.Remove(view.Id);
        }
    }

    private async Task Say(ConsultationView view, string text, CancellationToken ct)
    {
        await pace.Write(text, ct);
        var message = Guid.CreateVersion7(clock.GetUtcNow());
        var sent = clock.GetTimestamp100();
        figures.Sent(message, sent);
        // What doctors really wrote is full of what the guard warns of; a virtual physician confirms it, as a physician may.
        await door.Send<Stored>(
            HttpMethod.Put,
            $"/api/v1/consultations/{view.Id}/replies/{message}",
            new ReplyBody(text, view.Epoch),
            ct,
            rules => new ReplyBody(text, view.Epoch, rules));
        figures.Stored(sent, clock.GetTimestamp100());
    }
}

/// <summary>A physician of the demo who needs no invitation letter: the demo secret stands for it.</summary>
internal sealed record DemoPhysician(string Token);

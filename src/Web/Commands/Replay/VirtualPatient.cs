using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;

namespace Yizhen.Web.Commands.Replay;

/// <summary>
/// Goes the way of a patient: Start, consent, place, story, outcome, "talk to a person", a place by recovery code or phone code, and then
/// says each line when its turn has come. Says nothing about red flags that the story does not hold: unknown is an answer.
/// </summary>
internal sealed class VirtualPatient(Door door, Dialogue dialogue, string campaign, Figures figures, Pace pace, TimeProvider clock)
{
    public async Task<string> Arrive(CancellationToken ct)
    {
        var started = await door.Post<Started>($"/api/v1/campaigns/{campaign}/start", new { entrance = "link" }, ct);
        door.Token = started.Token;
        var consultation = $"/api/v1/consultations/{started.Consultation}";
        var consent = new Consent(started.ConsentVersion, AdviceOnly: true, ShareWithClinician: true, Keep: true, FollowUp: false, Statistics: false, Guardian: false);
        await door.Post<ConsultationView>($"{consultation}/opening", new OpeningBody(Relation.Self, consent, dialogue.Lang, null), ct);
        await door.Put<ConsultationView>($"{consultation}/place", new PlaceBody("420102", null), ct);
        await door.Put<ConsultationView>($"{consultation}/story", new StoryBody(dialogue.Story, 7), ct);
        await door.Post<ConsultationView>($"{consultation}/triage", null, ct);
        return started.Consultation;
    }

    /// <summary>Chooses "talk to a person" whatever the outcome said.</summary>
    public async Task Queue(string id, CancellationToken ct)
    {
        await door.Post<object>($"/api/v1/consultations/{id}/contact/recovery", null, ct);
        await door.Post<Stored>($"/api/v1/consultations/{id}/queue", null, ct);
    }

    /// <summary>Until the clinician has closed it.</summary>
    public async Task Talk(string id, CancellationToken ct)
    {
        var said = 0;
        await foreach (var (kind, view) in door.Follow<ConsultationView>($"/api/v1/consultations/{id}/events", ct))
        {
            if (kind != "version")
            {
                continue;
            }

            var lines = Lines(view);
            foreach (var line in lines.Where(l => l.By == "clinician" && l.MessageId is not null))
            {
                figures.Seen(line.MessageId!.Value, clock.GetTimestamp100());
            }

            if (view.Bucket == Bucket.Served.Code())
            {
                return;
            }

            said = Math.Max(said, lines.Count);
            while (view.Bucket == Bucket.InConsultation.Code() && said == lines.Count && said < dialogue.Lines.Count && dialogue.Lines[said].Role == "patient")
            {
                await Say(id, dialogue.Lines[said].Text, ct);
                said++;
                if (said < dialogue.Lines.Count && dialogue.Lines[said].Role == "patient")
                {
                    lines = [.. lines, new LineView(0, default, "patient", null, null, "", null)];
                }
            }
        }
    }

    public async Task Close(string id, CancellationToken ct) => await door.Post<Stored>($"/api/v1/consultations/{id}/close", null, ct);

    /// <summary>Everything as it stands now, read back through the same door.</summary>
    public Task<ConsultationView> ReadBack(string id, CancellationToken ct) => door.Get<ConsultationView>($"/api/v1/consultations/{id}", ct);

    /// <summary>What was said, without the opening story and without system lines.</summary>
    public static IReadOnlyList<LineView> Lines(ConsultationView view) => [.. view.Lines.Where(l => l.MessageId is not null)];

    private async Task Say(string id, string text, CancellationToken ct)
    {
        await pace.Write(text, ct);
        var message = Guid.CreateVersion7(clock.GetUtcNow());
        var sent = clock.GetTimestamp100();
        figures.Sent(message, sent);
        await door.Put<Stored>($"/api/v1/consultations/{id}/messages/{message}", new MessageBody(text), ct);
        figures.Stored(sent, clock.GetTimestamp100());
    }
}

/// <summary>The answer to Start.</summary>
internal sealed record Started(string Consultation, string Token, string ConsentVersion);

internal static class Ticks
{
    /// <summary>A monotonic reading in units of 100 ns.</summary>
    public static long GetTimestamp100(this TimeProvider clock) => clock.GetElapsedTime(0).Ticks;
}

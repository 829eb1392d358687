using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>Messages both ways, advice, and the end. The same message id with the same body is the same message.</summary>
public static class Talking
{
    internal const string Advised = "advised";

    /// <summary>A line of the patient. It may come while waiting, too: it is kept for whoever takes the consultation.</summary>
    public static Decision<ImmutableArray<Fact>> Receive(this Consultation consultation, Guid messageId, string text, IReadOnlyList<DangerSpotted> dangers, DateTimeOffset now) =>
        consultation.Once(messageId, line => line.By == LineBy.Patient && line.Photo is null && line.Text == text).Then<ImmutableArray<Fact>>(fresh => !fresh
            ? Facts.None
            : consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
            {
                if (string.IsNullOrWhiteSpace(text))
                {
                    return Refusal.TextEmpty;
                }

                if (text.Length > Intake.StoryLength)
                {
                    return Refusal.TextTooLong;
                }

                var facts = Facts.These(new MessageReceived(messageId, text)).AddRange(c.NewDangers(dangers, now));
                return c.Bucket == Bucket.OnHold ? facts.Add(new TakenOffHold()) : facts;
            }));

    public static Decision<ImmutableArray<Fact>> ReceivePhoto(this Consultation consultation, PhotoReceived photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        return consultation.Once(photo.MessageId, line => line.Photo?.Digest == photo.Digest).Then<ImmutableArray<Fact>>(fresh => !fresh
            ? Facts.None
            : consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket == Bucket.OnHold
                ? Facts.These(photo, new TakenOffHold())
                : Facts.These(photo)));
    }

    /// <param name="epoch">The assignment that the clinician's page was showing. An older one is fenced off and its text kept as a draft for the new clinician.</param>
    public static Decision<ImmutableArray<Fact>> Reply(this Consultation consultation, Guid clinician, int epoch, Guid messageId, string text) =>
        consultation.Once(messageId, line => line.By == LineBy.Clinician && line.Text == text).Then<ImmutableArray<Fact>>(fresh => !fresh
            ? Facts.None
            : consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
            {
                if (string.IsNullOrWhiteSpace(text))
                {
                    return Refusal.TextEmpty;
                }

                if (text.Length > Intake.StoryLength)
                {
                    return Refusal.TextTooLong;
                }

                return c.With(clinician).Then<ImmutableArray<Fact>>(mine => mine.Epoch == epoch
                    ? Facts.These(new ReplySent(messageId, clinician, text))
                    : Refusal.NoLongerYours);
            }));

    /// <summary>
    /// What this clinician sent before is acknowledged again, also when the consultation has gone on to somebody else or has ended since:
    /// an answer that was lost on the way costs nobody a second thought.
    /// </summary>
    public static bool HasReply(this Consultation consultation, Guid clinician, Guid messageId, string text)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation.Assignees.Contains(clinician) && consultation.Lines.Any(l => l.By == LineBy.Clinician && l.MessageId == messageId && l.Text == text);
    }

    /// <summary>This clinician has ended it with these words.</summary>
    public static bool EndedWith(this Consultation consultation, Guid clinician, string situation, string advice)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation is { ClosedBecause: Advised, Advice: { } written } && written.Clinician == clinician && (written.Sheet.Situation, written.Sheet.Advice) == (situation, advice);
    }

    /// <summary>A reply that came too late becomes a draft for the clinician who has the consultation now, or who gets it next.</summary>
    /// <param name="epoch">The assignment under which it was written: only who had it then may leave anything, and not while it is theirs.</param>
    public static Decision<ImmutableArray<Fact>> LeaveDraft(this Consultation consultation, Guid clinician, int epoch, string text) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => epoch < 1 || epoch > c.Epoch || c.Assignees[epoch - 1] != clinician || (epoch == c.Epoch && c.AssignedTo == clinician) ? Refusal.NotFound
            : text.Length > Intake.StoryLength ? Refusal.TextTooLong
            : c.DraftsLeft.Any(d => d.Clinician == clinician && d.Text == text)
            ? Facts.None
            : Facts.These(new DraftLeft(clinician, text)));

    /// <summary>Read marks are explicit commands; reading itself never writes.</summary>
    public static Decision<ImmutableArray<Fact>> See(this Consultation consultation, bool byClinician, long upTo)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        if (consultation.IsErased || consultation.Version == 0)
        {
            return Refusal.NotFound;
        }

        var seen = byClinician ? consultation.SeenByClinician : consultation.SeenByPatient;
        var newest = consultation.Lines.LastOrDefault(l => l.Version <= upTo && l.By == (byClinician ? LineBy.Patient : LineBy.Clinician));
        return newest is null || newest.Version <= seen ? Facts.None : Facts.These(new Seen(byClinician, newest.Version));
    }

    public static Decision<ImmutableArray<Fact>> WriteAdvice(this Consultation consultation, Guid clinician, int epoch, AdviceSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return consultation.With(clinician).Then<ImmutableArray<Fact>>(c =>
        {
            if (c.Epoch != epoch)
            {
                return Refusal.NoLongerYours;
            }

            if (string.IsNullOrWhiteSpace(sheet.Advice))
            {
                return Refusal.AdviceMissing;
            }

            return sheet.Advice.Length > Intake.StoryLength || sheet.Situation.Length > Intake.StoryLength
                ? Refusal.TextTooLong
                : Facts.These(new AdviceWritten(clinician, c.AssignedName ?? "", sheet));
        });
    }

    /// <summary>The clinician ends it: with a sheet, in one step.</summary>
    public static Decision<ImmutableArray<Fact>> Close(this Consultation consultation, Guid clinician, int epoch) =>
        consultation.With(clinician).Then<ImmutableArray<Fact>>(c => c.Epoch != epoch ? Refusal.NoLongerYours
            : c.Advice is null ? Refusal.AdviceMissing
            : Facts.These(new Closed(false, Advised)));

    /// <param name="worry">0 to 10.</param>
    public static Decision<ImmutableArray<Fact>> StateWorry(this Consultation consultation, int worry)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation.IsErased || consultation.Version == 0 ? Refusal.NotFound
            : worry is < 0 or > 10 ? Refusal.Malformed
            : consultation.WorryAfter == worry ? Facts.None
            : Facts.These(new WorryStated(worry));
    }

    /// <summary>The last fact. What is live is closed first, so that nobody goes on answering a person who is gone.</summary>
    public static Decision<ImmutableArray<Fact>> Erase(this Consultation consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        if (consultation.IsErased || consultation.Opening is not { } opening)
        {
            return Refusal.NotFound;
        }

        var place = consultation.Place;
        var province = place?.Region is { Length: 6 } region ? region[..2] : place?.Country ?? "";
        var erased = new Erased(opening.Campaign, opening.Entrance, province, AgeBand(consultation.Answers), opening.Lang, consultation.Outcome?.Disposition.ToString() ?? "");
        return consultation.Bucket.IsLive()
            ? Facts.These(new Left("erased", null), erased)
            : Facts.These(erased);
    }

    private static string AgeBand(ImmutableDictionary<string, string> answers)
    {
        if (Intake.Years(answers) is not { } years || years is < 0 or > 130)
        {
            return "";
        }

        var from = (int)years / 10 * 10;
        return $"{from}-{from + 9}";
    }

    /// <summary>True when this id is new; false when the same message is already there; refused when the id stands for another body.</summary>
    private static Decision<bool> Once(this Consultation consultation, Guid messageId, Func<Line, bool> same)
    {
        if (messageId == Guid.Empty)
        {
            return Refusal.MessageIdMissing;
        }

        var known = consultation.Lines.FirstOrDefault(l => l.MessageId == messageId);
        return known is null ? true : same(known) ? false : Refusal.MessageIdReused;
    }
}

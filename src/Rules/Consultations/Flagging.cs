using System.Collections.Immutable;
using Yizhen.Rules.Regulation;

namespace Yizhen.Rules.Consultations;

/// <summary>What a physician has decided about a flag, and what came of it.</summary>
/// <param name="Entry">The entry of the worklist; null where the flag was refused.</param>
/// <param name="Words">The reason of a refusal, or the doctor's note for whoever files it.</param>
/// <param name="Duty">Id of the duty in the policy under which it was confirmed.</param>
/// <param name="Receipt">Null until an authority has taken it.</param>
public sealed record FlagDecision(
    Flag Flag, bool Confirmed, Guid? Entry, string ClinicianName, DateTimeOffset At, DateTimeOffset? Due, string? Words, string? Duty, ReportAcknowledged? Receipt);

/// <summary>Whose word it is: at the desk whoever has it now, under the same assignment; afterwards whoever has taken the entry of the worklist.</summary>
/// <param name="Epoch">Null once it has left the desk.</param>
public sealed record Decider(Guid Clinician, string Name, int? Epoch);

/// <summary>
/// Flags of triage: a machine's flag goes to a physician, never straight to an authority (CN-INF-01). A physician may also find by themselves that
/// something is to be reported. What was confirmed ends with the receipt of whoever took it.
/// </summary>
public static class Flagging
{
    private const int ReceiptLength = 200;

    /// <summary>As it stands in protocols and outcomes.</summary>
    public static string Code(this Flag flag) => flag switch
    {
        Flag.Contact => "C",
        Flag.Report => "R",
    };

    /// <summary>Flags of the newest outcome that no physician has decided since.</summary>
    public static ImmutableArray<Flag> FlagsWaiting(this Consultation c)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.Outcome is not { Flags.IsDefaultOrEmpty: false } outcome || c.IsErased ? []
            : [.. Enum.GetValues<Flag>().Where(flag => outcome.Flags.Contains(flag.Code()) && !c.IsConfirmed(flag) && !c.FlagsDecided.Any(d => d.Flag == flag && d.At >= c.JudgedAt))];
    }

    /// <summary>
    /// A flag waits, and nobody has the person at a desk or will by the queue: told to go or to stay at home, or ended. Whoever is still asked, or waits, is
    /// looked at by the doctor they get.
    /// </summary>
    public static bool FlagIsLeft(this Consultation c)
    {
        ArgumentNullException.ThrowIfNull(c);
        return !c.Bucket.IsLive() && !c.FlagsWaiting().IsEmpty;
    }

    /// <summary>A physician has confirmed it and none has taken that back.</summary>
    public static bool IsConfirmed(this Consultation c, Flag flag)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.FlagsDecided.Any(d => d.Flag == flag && d is { Confirmed: true, Entry: { } entry } && !c.EntriesSeenTo.Contains(entry));
    }

    /// <summary>Confirming twice is confirming once: the time runs from the first.</summary>
    /// <param name="entry">The entry of the worklist that is made with it.</param>
    public static Decision<ImmutableArray<Fact>> ConfirmFlag(this Consultation c, Decider by, Flag flag, ReportDuty duty, string policy, Guid entry, string? note, DateTimeOffset now) =>
        c.Decided(by, note).Then<ImmutableArray<Fact>>(state => state.IsConfirmed(flag)
            ? Facts.None
            : Facts.These(new FlagConfirmed(entry, flag, by.Clinician, by.Name, duty.Id, policy, now + duty.Within, Text(note))));

    /// <summary>Only what waits can be refused, and never without a reason.</summary>
    public static Decision<ImmutableArray<Fact>> RefuseFlag(this Consultation c, Decider by, Flag flag, string? reason) =>
        c.Decided(by, reason).Then<ImmutableArray<Fact>>(state => Text(reason) is not { } why ? Refusal.ReasonNeeded
            : state.FlagsDecided.LastOrDefault(d => d.Flag == flag) is { Confirmed: false } before && before.Words == why ? Facts.None
            : !state.FlagsWaiting().Contains(flag) ? Refusal.Conflict
            : Facts.These(new FlagRefused(flag, by.Clinician, by.Name, why)));

    /// <summary>An authority has taken it. The same receipt again is the same receipt; another one is not.</summary>
    public static Decision<ImmutableArray<Fact>> Acknowledge(this Consultation c, ReportAcknowledged receipt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(receipt);
        if (c.IsErased)
        {
            return Refusal.ConsultationErased;
        }

        if (c.FlagsDecided.FirstOrDefault(d => d.Confirmed && d.Entry == receipt.Entry) is not { } decided)
        {
            return Refusal.NotFound;
        }

        var clean = receipt with { Recipient = receipt.Recipient.Trim(), Number = receipt.Number.Trim(), TakenBy = Text(receipt.TakenBy) };
        // A form gives whole minutes: the minute of the confirmation counts.
        return clean.Recipient.Length == 0 || clean.Number.Length == 0 || clean.FiledAt > now || clean.FiledAt < decided.At.AddMinutes(-1) ? Refusal.ReceiptIncomplete
            : clean.Recipient.Length > ReceiptLength || clean.Number.Length > ReceiptLength || clean.TakenBy?.Length > ReceiptLength ? Refusal.TextTooLong
            : decided.Receipt is { } known ? known.Number == clean.Number && known.Recipient == clean.Recipient ? Facts.None : Refusal.Conflict
            : Facts.These(clean);
    }

    private static Decision<Consultation> Decided(this Consultation c, Decider by, string? words)
    {
        ArgumentNullException.ThrowIfNull(c);
        ArgumentNullException.ThrowIfNull(by);
        var state = by.Epoch is { } epoch ? c.With(by.Clinician).Then<Consultation>(mine => mine.Epoch == epoch ? mine : Refusal.NoLongerYours)
            : c.IsErased ? Refusal.ConsultationErased
            : c.Version == 0 ? Refusal.NotFound
            : c;
        return state.Then<Consultation>(s => words?.Length > Intake.StoryLength ? Refusal.TextTooLong : s);
    }

    private static string? Text(string? words) => string.IsNullOrWhiteSpace(words) ? null : words.Trim();
}

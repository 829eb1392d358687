using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>A clinician is asked to take this person, and the person waits on meanwhile: so it is with urgency 1 and with calls. Everybody else is given without asking.</summary>
/// <param name="Until">Not taken by then, it goes on to the next.</param>
/// <param name="Why">Code of the dispatch rule that chose.</param>
public sealed record Prompted(Guid Clinician, string ClinicianName, DateTimeOffset Until, string Why) : Fact;

/// <param name="Because">lapsed, declined, or away: off duty or on a break by then.</param>
/// <param name="Again">Others are asked first; not before this they are asked again.</param>
public sealed record PromptPassed(Guid Clinician, string Because, DateTimeOffset Again) : Fact;

/// <summary>The prompt: asked, taken, passed on. The person keeps place and arrival time through all of them.</summary>
public static class Prompting
{
    public const string Lapsed = "lapsed";
    public const string Declined = "declined";
    public const string Away = "away";

    public static Decision<ImmutableArray<Fact>> Ask(this Consultation consultation, Guid clinician, string clinicianName, string why, DateTimeOffset until) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Bucket is Bucket.Waiting or Bucket.Promised && c.Prompt is null
            ? Facts.These(new Prompted(clinician, clinicianName, until, why))
            : Refusal.NotWaiting);

    /// <summary>As long as nobody else has been asked it counts, late or not. Safe to repeat.</summary>
    public static Decision<ImmutableArray<Fact>> TakePrompt(this Consultation consultation, Guid clinician) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.AssignedTo == clinician ? Facts.None
            : c.Prompt is { } prompt && prompt.Clinician == clinician ? Facts.These(new Assigned(clinician, prompt.ClinicianName, c.Epoch + 1, prompt.Why))
            : Refusal.PromptOver);

    public static Decision<ImmutableArray<Fact>> PassPrompt(this Consultation consultation, Guid clinician, string because, DateTimeOffset again) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Prompt?.Clinician == clinician
            ? Facts.These(new PromptPassed(clinician, because, again))
            : Refusal.PromptOver);
}

/// <content>Who is asked to take this person.</content>
public sealed partial record Consultation
{
    /// <summary>Who is asked now; null while nobody is.</summary>
    public Prompted? Prompt { get; init; }

    /// <summary>Who was asked since the person last had a clinician, and did not take them; each once, the newest last.</summary>
    public ImmutableArray<PromptPassed> PassedBy { get; init; } = [];

    private Consultation Prompting(Fact fact) => fact switch
    {
        Prompted asked => this with { Prompt = asked },
        PromptPassed passed => this with { Prompt = null, PassedBy = [.. PassedBy.Where(p => p.Clinician != passed.Clinician), passed] },
        _ => this,
    };

    /// <summary>Taken, gone or on hold: nobody is asked any more.</summary>
    private Consultation PromptedOnlyInLine() =>
        Bucket is Bucket.Waiting or Bucket.Promised || (Prompt is null && PassedBy.IsEmpty) ? this : this with { Prompt = null, PassedBy = [] };
}

using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>From consent to outcome. No sign-in is needed here, and emergency advice is never gated (CN-ID-03).</summary>
public static class Intake
{
    /// <summary>Signs that a question asked for, and signs that only the story told.</summary>
    private static readonly string[] SignInputs = ["symptoms", "signs"];

    /// <summary>Longest story and message, in characters (UTF-16 code units).</summary>
    public const int StoryLength = 4000;

    /// <summary>
    /// The consent opens a consultation; before it nothing about health is stored. The same consent once more is the same opening:
    /// its answer may have been lost on the way.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> Open(this Consultation consultation, Opened opening)
    {
        ArgumentNullException.ThrowIfNull(opening);
        if (consultation.Opening is { } known)
        {
            return (known.Campaign, known.Relation, known.Consent) == (opening.Campaign, opening.Relation, opening.Consent) ? Facts.None : Refusal.Conflict;
        }

        if (consultation.Version > 0)
        {
            return Refusal.Conflict;
        }

        var consent = opening.Consent;
        if (!consent.AdviceOnly || !consent.ShareWithClinician || !consent.Keep)
        {
            return Refusal.ConsentMissing;
        }

        if (opening.Relation == Relation.Child && !consent.Guardian)
        {
            return Refusal.GuardianConsentMissing;
        }

        return Facts.These(opening);
    }

    public static Decision<ImmutableArray<Fact>> StatePlace(this Consultation consultation, PlaceStated place) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Place == place ? Facts.None : Facts.These(place));

    /// <param name="worry">0 to 10, or null where it was not said.</param>
    /// <param name="dangers">Danger and suicidal words found in <paramref name="text"/>; they raise at once and never decide alone.</param>
    public static Decision<ImmutableArray<Fact>> TellStory(this Consultation consultation, string text, int? worry, IReadOnlyList<DangerSpotted> dangers, DateTimeOffset now) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return Refusal.TextEmpty;
            }

            if (text.Length > StoryLength)
            {
                return Refusal.TextTooLong;
            }

            if (worry is < 0 or > 10)
            {
                return Refusal.Malformed;
            }

            var told = new StoryTold(text, worry);
            return c.Story == told ? Facts.None
                : c.Outcome is not null ? Refusal.Conflict
                : Facts.These(told).AddRange(c.NewDangers(dangers, now));
        });

    /// <param name="guardianBelow">Age in years below which a guardian must have agreed before any answer is stored (CN-MIN-02).</param>
    /// <param name="guardianText">Version of the text under which the guardian agrees with these answers; null where nobody does.</param>
    public static Decision<ImmutableArray<Fact>> Answer(this Consultation consultation, ImmutableDictionary<string, string> answers, int guardianBelow, string? guardianText) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            var news = answers.Where(a => !c.Answers.TryGetValue(a.Key, out var known) || known != a.Value).ToImmutableDictionary();
            if (news.IsEmpty)
            {
                return Facts.None;
            }

            if (c.GuardianAgreed || !(Years(c.Answers.SetItems(news)) < guardianBelow))
            {
                return Facts.These(new Answered(news));
            }

            return guardianText is null ? Refusal.GuardianConsentMissing : Facts.These(new GuardianConsented(guardianText), new Answered(news));
        });

    /// <param name="below">Age in years below which a guardian consents.</param>
    public static bool IsChild(this Consultation consultation, int below)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation.Opening?.Relation == Relation.Child || Years(consultation.Answers) < below;
    }

    /// <summary>Codes of what the person says they have, each once; none where nothing was said, or nothing is there.</summary>
    public static IEnumerable<string> Symptoms(ImmutableDictionary<string, string> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return SignInputs.SelectMany(input => answers.GetValueOrDefault(input, "").Split(Condition.Separator, StringSplitOptions.RemoveEmptyEntries))
            .Where(c => c is not (Question.None or "unknown")).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The age that was answered, in years; null while it is not known.</summary>
    internal static decimal? Years(ImmutableDictionary<string, string> answers) =>
        answers.TryGetValue("age", out var stated) && decimal.TryParse(stated, NumberStyles.Number, CultureInfo.InvariantCulture, out var years) ? years : null;

    /// <summary>
    /// Records what triage says. A person judged once is not judged again by a reload; a re-check comes with <paramref name="again"/>,
    /// and then the urgency may rise but not fall. A wish to die or to harm has a place at once: nobody is asked for a phone first.
    /// </summary>
    public static Decision<ImmutableArray<Fact>> Judge(this Consultation consultation, Outcome outcome, bool again, DateTimeOffset now) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c =>
        {
            if (c.Place is null)
            {
                return Refusal.PlaceMissing;
            }

            if (c.Story is null)
            {
                return Refusal.StoryMissing;
            }

            if (c.Outcome is not null && !again)
            {
                return Facts.None;
            }

            var facts = Facts.These(new Triaged(outcome));
            return outcome.Disposition == Disposition.D6 && !c.HasPlace() ? facts.Add(new Queued(c.ArrivedAt ?? now, outcome.Urgency, outcome.Need, c.OwnClinician)) : facts;
        });

    internal static Decision<Consultation> NotOver(this Consultation consultation) =>
        consultation.IsErased ? Refusal.ConsultationErased
        : consultation.Version == 0 ? Refusal.NotFound
        : consultation.IsOver ? Refusal.ConsultationClosed
        : consultation;

    /// <summary>
    /// Each danger once, and once more after a physician has lowered in spite of it; the first raises to urgency 1 and, where the person has no place yet, gives one at the head of the queue,
    /// before triage and without a phone: whoever writes of dying is not lost on the next form.
    /// </summary>
    internal static ImmutableArray<Fact> NewDangers(this Consultation c, IReadOnlyList<DangerSpotted> dangers, DateTimeOffset now)
    {
        var news = dangers.Where(d => c.Dangers.Skip(c.DangersLookedAt).All(known => known.Code != d.Code)).ToList();
        if (news.Count == 0)
        {
            return Facts.None;
        }

        var facts = Facts.None.AddRange(news);
        if (c.Urgency != Urgency.Emergency)
        {
            facts = facts.Add(new UrgencyChanged(c.Urgency ?? Urgency.Question, Urgency.Emergency, $"words:{news[0].Code}"));
        }

        return c.HasPlace() ? facts : facts.Add(new Queued(c.ArrivedAt ?? now, Urgency.Emergency, c.Need, c.OwnClinician));
    }

    /// <summary>Somebody has this person, or will by the queue. A held place counts: coming back takes it up.</summary>
    private static bool HasPlace(this Consultation c) => c.Bucket is Bucket.Waiting or Bucket.InConsultation or Bucket.OnHold;
}

internal static class Facts
{
    public static ImmutableArray<Fact> None => [];

    public static ImmutableArray<Fact> These(params ReadOnlySpan<Fact> facts) => [.. facts];
}

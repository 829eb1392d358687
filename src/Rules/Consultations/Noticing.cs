using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>A correction or a new rule that was sent to many has reached this person. The words stand here as they were said, whatever is said later.</summary>
/// <param name="Notice">Which one; the same for everybody whom it reached.</param>
public sealed record NoticeGiven(Guid Notice, Wording Text) : Fact;

/// <summary>The person says that they have read it.</summary>
public sealed record NoticeSeen(Guid Notice) : Fact;

/// <summary>A notice as this consultation holds it.</summary>
public sealed record HeldNotice(Guid Notice, Wording Text, DateTimeOffset At, bool Seen);

/// <summary>What is said to many at once, one person at a time. It gives nobody a place, takes none away, and goes also to whoever is through.</summary>
public static class Noticing
{
    /// <summary>Said twice, it is said once: whoever sends may try as often as it takes.</summary>
    public static Decision<ImmutableArray<Fact>> GiveNotice(this Consultation c, Guid notice, Wording text)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.IsErased ? Refusal.ConsultationErased
            : c.Version == 0 ? Refusal.NotFound
            : c.Notices.Any(n => n.Notice == notice) ? Facts.None
            : Facts.These(new NoticeGiven(notice, text));
    }

    /// <summary>Said twice, it is said once.</summary>
    public static Decision<ImmutableArray<Fact>> SeeNotice(this Consultation c, Guid notice)
    {
        ArgumentNullException.ThrowIfNull(c);
        return c.IsErased ? Refusal.ConsultationErased
            : c.Notices.FirstOrDefault(n => n.Notice == notice) is not { } held ? Refusal.NotFound
            : held.Seen ? Facts.None
            : Facts.These(new NoticeSeen(notice));
    }

    internal static Consultation WithNotice(this Consultation next, NoticeGiven fact, DateTimeOffset at) => next with
    {
        Notices = next.Notices.Add(new(fact.Notice, fact.Text, at, false)),
        Lines = next.Lines.Add(new(next.Version, at, LineBy.System, null, null, "notice", null)),
    };

    internal static Consultation WithNoticeSeen(this Consultation next, NoticeSeen fact) =>
        next with { Notices = [.. next.Notices.Select(n => n.Notice == fact.Notice ? n with { Seen = true } : n)] };
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<JournalRow, JournalMapping>]
[assembly: Mapped<DutyRow, DutyMapping>]
[assembly: Mapped<PoolRow, PoolMapping>]
[assembly: Mapped<DoorRow, DoorMapping>]

namespace Yizhen.Web.Log;

/// <summary>
/// The pool's plain append-only journal: duty changes, offers and decisions of dispatch, so that dispatch can be replayed.
/// <see cref="Body"/> is JSON of ids and codes only.
/// </summary>
internal sealed record JournalRow
{
    public long Seq { get; init; }

    public required string Pool { get; init; }

    public required long At { get; init; }

    /// <summary>duty_on, duty_off, duty_pausing, duty_paused, duty_unseen, shift_added, shift_declined, shift_accepted, shift_stayed, shift_withdrawn, prompted, prompt_lapsed, prompt_declined, prompt_away, assigned, offered, surge_level, unserved, lost, slow, rung, unreadable.</summary>
    public required string Kind { get; init; }

    public Guid? Clinician { get; init; }

    public Guid? Consultation { get; init; }

    public required string Body { get; init; }
}

internal sealed class JournalMapping : IEntityTypeConfiguration<JournalRow>
{
    public void Configure(EntityTypeBuilder<JournalRow> builder)
    {
        builder.HasKey(j => j.Seq);
        builder.InSnakeCase("journal");
    }
}

/// <summary>Where a clinician stands now; the journal says how it came to be.</summary>
internal sealed class DutyRow
{
    public required Guid Clinician { get; init; }

    public required string Pool { get; set; }

    /// <summary>on, pausing (finishes what is open, takes nobody new), paused, off.</summary>
    public required string State { get; set; }

    /// <summary>Consultations at once.</summary>
    public required int Seats { get; set; }

    public required long Since { get; set; }

    /// <summary>Last stream, heartbeat, typing or draft, UTC milliseconds.</summary>
    public required long LastSignAt { get; set; }

    public required long LastAssignedAt { get; set; }

    /// <summary>Where the journal has what they last said themselves: of two since the same millisecond the smaller came first.</summary>
    public long Place { get; set; }

    /// <summary>Prompts in a row that passed without a word.</summary>
    public int Missed { get; set; }

    /// <summary>On duty and in sight: new people may be given.</summary>
    public bool Takes(DispatchRules rules, DateTimeOffset now) => State == "on" && now.Ms() - LastSignAt < rules.UnreachableAfterMs;
}

internal sealed class DutyMapping : IEntityTypeConfiguration<DutyRow>
{
    public void Configure(EntityTypeBuilder<DutyRow> builder)
    {
        builder.HasKey(d => d.Clinician);
        builder.InSnakeCase("duty");
    }
}

internal sealed class PoolRow
{
    public required string Name { get; init; }

    public required long Epoch { get; set; }
}

internal sealed class PoolMapping : IEntityTypeConfiguration<PoolRow>
{
    public void Configure(EntityTypeBuilder<PoolRow> builder)
    {
        builder.HasKey(p => p.Name);
        builder.InSnakeCase("pool");
    }
}

/// <summary>
/// The door: one durable row when somebody presses Start, without health data. Its id becomes the consultation's id,
/// so that who stands at the door and who has opened can never be counted twice.
/// </summary>
internal sealed class DoorRow
{
    public required Guid Id { get; init; }

    public required string Campaign { get; init; }

    public required string Entrance { get; init; }

    /// <summary>The account of the device that pressed Start: only it may open.</summary>
    public required Guid Account { get; init; }

    public required long StartedAt { get; init; }

    public required long LastStepAt { get; set; }

    /// <summary>Reason code where somebody was turned back before opening.</summary>
    public string? TurnedBack { get; set; }

    /// <summary>When somebody said that the information desk had answered them.</summary>
    public long? AnsweredAt { get; set; }

    /// <summary>From when on somebody is let in who came while the entrance was full.</summary>
    public long? ComesAt { get; set; }

    /// <summary>urgent or promised, where they came in past the count.</summary>
    public string? LetIn { get; set; }
}

internal sealed class DoorMapping : IEntityTypeConfiguration<DoorRow>
{
    public void Configure(EntityTypeBuilder<DoorRow> builder)
    {
        builder.HasKey(d => d.Id);
        builder.InSnakeCase("door");
    }
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

[assembly: Mapped<Head, HeadMapping>]

namespace Yizhen.Web.Storage;

/// <summary>
/// What dispatch, boards, lists and the policy ask of a consultation: ids and codes only, never a name or a word of a person.
/// Written with the facts in one transaction, and rebuildable from them. Others read it; nobody but the log writes it.
/// </summary>
internal sealed record Head
{
    private const int ProvinceDigits = 2;

    public required Guid Id { get; init; }

    public required long Version { get; init; }

    public required byte[] LastHash { get; init; }

    public required string Bucket { get; init; }

    public int? Urgency { get; init; }

    public required long OpenedAt { get; init; }

    public long? ArrivedAt { get; init; }

    public long? QueuedAt { get; init; }

    /// <summary>Since when the wait counts by which a class is lifted; null in rows from before it was kept: since the arrival.</summary>
    public long? WaitsFrom { get; init; }

    public long? DueAt { get; init; }

    public required long ChangedAt { get; init; }

    /// <summary>When the person first got a clinician: arrival to here is the wait that we publish.</summary>
    public long? FirstAssignedAt { get; init; }

    public Guid? AssignedTo { get; init; }

    public long? AssignedAt { get; init; }

    public required int Epoch { get; init; }

    public required bool OutOfSight { get; init; }

    public long? UnansweredSince { get; init; }

    public required int TimesRung { get; init; }

    public required string Need { get; init; }

    public required string Lang { get; init; }

    public string? Region { get; init; }

    public required string Channel { get; init; }

    public Guid? OwnClinician { get; init; }

    public Guid? Patient { get; init; }

    public required string Campaign { get; init; }

    public required string Entrance { get; init; }

    public required Guid Organisation { get; init; }

    public required string Mode { get; init; }

    public required string Consent { get; init; }

    public required bool Verified { get; init; }

    /// <summary>Triage flagged something for an authority, no physician has decided it, and nobody at a desk will.</summary>
    public required bool FlagLeft { get; init; }

    /// <summary>When a dated answer was offered instead of waiting; null where it never was.</summary>
    public long? OfferedAt { get; init; }

    /// <summary>written_answer or call_back; null where nothing is promised.</summary>
    public string? Promise { get; init; }

    public long? PromisedBy { get; init; }

    /// <summary>When a clinician's first words came after the promise.</summary>
    public long? PromiseKeptAt { get; init; }

    /// <summary>Who is asked to take the person now; null while nobody is.</summary>
    public Guid? PromptedTo { get; init; }

    public long? PromptedUntil { get; init; }

    /// <summary>Who was asked since the person last had a clinician, and did not take them: clinician:again, parted by spaces.</summary>
    public string? PassedBy { get; init; }

    /// <summary>A licence names provinces; a person abroad, or who did not say where, may be advised by anybody.</summary>
    private string? Province => Region is { Length: >= ProvinceDigits } ? Region[..ProvinceDigits] : null;

    /// <summary>Who had a clinician and is in the queue again waits since their unanswered words, or since they came back; the place counts from the arrival all the same.</summary>
    public long WaitsSince() => FirstAssignedAt is null ? ArrivedAt ?? OpenedAt : UnansweredSince ?? QueuedAt ?? ChangedAt;

    /// <summary>As dispatch sees whoever waits. Whoever had a clinician already is not offered a date instead.</summary>
    public Waiting Asks(int order) => new(
        Id, (Rules.Triage.Urgency)(Urgency ?? (int)Rules.Triage.Urgency.Routine), ArrivedAt ?? OpenedAt, order, Need, Lang, Province, Channel, OwnClinician, OfferedAt is not null || FirstAssignedAt is not null, Organisation, Campaign,
        [.. (PassedBy ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => new Passed(Guid.Parse(p.AsSpan(0, p.IndexOf(':', StringComparison.Ordinal))), long.Parse(p.AsSpan(p.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture)))]);
}

internal sealed class HeadMapping : IEntityTypeConfiguration<Head>
{
    public void Configure(EntityTypeBuilder<Head> builder)
    {
        builder.HasKey(h => h.Id);
        builder.InSnakeCase("head");
    }
}

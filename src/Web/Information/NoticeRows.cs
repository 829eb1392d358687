using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Information;
using Yizhen.Web.Storage;

[assembly: Mapped<NoticeRow, NoticeMapping>]
[assembly: Mapped<NoticeToRow, NoticeMapping>]
[assembly: Mapped<NoticePaceRow, NoticeMapping>]

namespace Yizhen.Web.Information;

/// <summary>A notice that was sent. What was sent is never changed.</summary>
internal sealed class NoticeRow
{
    /// <summary>Orders them, and counts in ids that follow from it.</summary>
    public long Seq { get; init; }

    /// <summary>Made when it is looked at before the sending: sent twice with the same, it is sent once.</summary>
    public required Guid Id { get; init; }

    public required Guid Organisation { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>Of who sent it, as it was then.</summary>
    public required string Name { get; init; }

    public required string TextZh { get; init; }

    public required string TextEn { get; init; }

    public required string Why { get; init; }

    public string? Campaign { get; init; }

    public required bool Waiting { get; init; }

    /// <summary>In the deployment's zone, as 2020-01-26.</summary>
    public string? AdvisedSince { get; init; }

    /// <summary>Codes with commas between; empty: all.</summary>
    public required string Dispositions { get; init; }

    /// <summary>What the operator had seen before sending.</summary>
    public required int Counted { get; init; }

    /// <summary>For how many it is, as far as that is written down.</summary>
    public required int Chosen { get; init; }

    /// <summary>The last consultation that was looked at for it; null: none yet.</summary>
    public Guid? Reached { get; init; }

    /// <summary>When it was written down for everybody; null: not yet.</summary>
    public long? WholeAt { get; init; }

    public long? StoppedAt { get; init; }

    public string? StoppedBy { get; init; }
}

/// <summary>Somebody to whom a notice is sent, and how far it is with them.</summary>
internal sealed class NoticeToRow
{
    /// <summary>Nothing was done yet.</summary>
    public const string Due = "due";

    /// <summary>Stands on their page; a message is still to be handed over.</summary>
    public const string Told = "told";

    /// <summary>The message lies in the outbox.</summary>
    public const string Handed = "handed";

    /// <summary>The gateway took it.</summary>
    public const string Sent = "sent";

    /// <summary>No message got through: the worklist has it.</summary>
    public const string Failed = "failed";

    /// <summary>Stands on their page, and no verified number is there for a message.</summary>
    public const string Page = "page";

    /// <summary>Erased, or cannot be read.</summary>
    public const string Gone = "gone";

    /// <summary>The notice was stopped before.</summary>
    public const string Stopped = "stopped";

    public required Guid Notice { get; init; }

    public required Guid Consultation { get; init; }

    /// <summary>1 to 5, when it was sent: the most urgent are told first.</summary>
    public required int Urgency { get; init; }

    public required string State { get; init; }

    public required long ChangedAt { get; init; }
}

/// <summary>Messages of notices that were handed over in one minute, counted from 1970.</summary>
internal sealed class NoticePaceRow
{
    public required long Minute { get; init; }

    public required int Used { get; init; }
}

internal sealed class NoticeMapping : IEntityTypeConfiguration<NoticeRow>, IEntityTypeConfiguration<NoticeToRow>, IEntityTypeConfiguration<NoticePaceRow>
{
    public void Configure(EntityTypeBuilder<NoticeRow> builder)
    {
        builder.HasKey(n => n.Seq);
        builder.InSnakeCase("notice");
    }

    public void Configure(EntityTypeBuilder<NoticeToRow> builder)
    {
        builder.HasKey(n => new { n.Notice, n.Consultation });
        builder.InSnakeCase("notice_to");
    }

    public void Configure(EntityTypeBuilder<NoticePaceRow> builder)
    {
        builder.HasKey(n => n.Minute);
        builder.Property(n => n.Minute).ValueGeneratedNever();
        builder.InSnakeCase("notice_pace");
    }
}

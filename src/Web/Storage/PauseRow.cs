using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Storage;

[assembly: Mapped<PauseRow, PauseMapping>]

namespace Yizhen.Web.Storage;

/// <summary>A campaign was paused: whoever waited at <see cref="At"/> is promised an answer by <see cref="AnswerBy"/>. Campaigns write it, the worklist keeps it.</summary>
internal sealed class PauseRow
{
    public long Seq { get; init; }

    public required string Campaign { get; init; }

    public required long At { get; init; }

    public required long AnswerBy { get; init; }

    public required string Actor { get; init; }
}

internal sealed class PauseMapping : IEntityTypeConfiguration<PauseRow>
{
    public void Configure(EntityTypeBuilder<PauseRow> builder)
    {
        builder.HasKey(p => p.Seq);
        builder.InSnakeCase("campaign_pause");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Storage;

[assembly: Mapped<LadderRow, LadderMapping>]

namespace Yizhen.Web.Storage;

/// <summary>The levels of the surge ladder that a campaign may be put on, from then on. The newest of a campaign counts; none is changed. Campaigns write it, dispatch reads it.</summary>
internal sealed class LadderRow
{
    public long Seq { get; init; }

    public required string Campaign { get; init; }

    public required long At { get; init; }

    public required int LevelFrom { get; init; }

    public required int LevelTo { get; init; }

    /// <summary>Words of the operator about the service; empty for the whole ladder.</summary>
    public required string Reason { get; init; }

    public required string Actor { get; init; }
}

internal sealed class LadderMapping : IEntityTypeConfiguration<LadderRow>
{
    public void Configure(EntityTypeBuilder<LadderRow> builder)
    {
        builder.HasKey(l => l.Seq);
        builder.InSnakeCase("campaign_ladder");
    }
}

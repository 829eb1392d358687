using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Storage;

[assembly: Mapped<CampaignRow, CampaignMapping>]
[assembly: Mapped<CampaignChangeRow, CampaignMapping>]

namespace Yizhen.Web.Campaigns;

internal sealed class CampaignRow
{
    public required string Slug { get; init; }

    public required Guid Organisation { get; set; }

    public required string NameZh { get; set; }

    public required string NameEn { get; set; }

    public required string OwnerZh { get; set; }

    public required string OwnerEn { get; set; }

    public required string PurposeZh { get; set; }

    public required string PurposeEn { get; set; }

    public required string CoversZh { get; set; }

    public required string CoversEn { get; set; }

    public required string Regions { get; set; }

    public required string Hours { get; set; }

    public required string Hotline { get; set; }

    public required string Numbers { get; set; }

    public string? RulesDate { get; set; }

    public required string State { get; set; }

    /// <summary>A <see cref="CampaignTerms"/> as JSON; a member that is not known stops the read.</summary>
    public string Terms { get; set; } = "{}";

    public required long CreatedAt { get; init; }
}

internal sealed class CampaignChangeRow
{
    public long Seq { get; init; }

    public required string Campaign { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>created, copied, changed, opening_asked, opening_taken_back, opened, paused or closed.</summary>
    public required string Kind { get; init; }

    public required string Body { get; init; }
}

internal sealed class CampaignMapping : IEntityTypeConfiguration<CampaignRow>, IEntityTypeConfiguration<CampaignChangeRow>
{
    public void Configure(EntityTypeBuilder<CampaignRow> builder)
    {
        builder.HasKey(c => c.Slug);
        builder.InSnakeCase("campaign");
    }

    public void Configure(EntityTypeBuilder<CampaignChangeRow> builder)
    {
        builder.HasKey(c => c.Seq);
        builder.InSnakeCase("campaign_change");
    }
}

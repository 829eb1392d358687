using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Storage;

[assembly: Mapped<WebhookRow, WebhookMapping>]
[assembly: Mapped<DeliveryRow, WebhookMapping>]

namespace Yizhen.Web.Campaigns;

internal sealed class WebhookRow
{
    public required Guid Id { get; init; }

    /// <summary>The partner's key; where it is revoked nobody is told.</summary>
    public required Guid Partner { get; init; }

    public required string Campaign { get; init; }

    public required string Entrance { get; init; }

    public required string Url { get; init; }

    /// <summary>Of the signature, sealed.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>Changes of heads up to here have been looked at.</summary>
    public required long SeenUntil { get; init; }

    public required long At { get; init; }
}

internal sealed class DeliveryRow
{
    /// <summary>The event's: the same at every attempt.</summary>
    public required Guid Id { get; init; }

    public required Guid Webhook { get; init; }

    public required Guid Consultation { get; init; }

    public required long Version { get; init; }

    public required string State { get; init; }

    public required long At { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When it is tried next; null: it was taken, or nothing more is tried by itself.</summary>
    public required long? NextAt { get; init; }

    public long? ClaimedUntil { get; init; }

    public long? SentAt { get; init; }

    /// <summary>Status or kind of the last failure; never a word of the answer.</summary>
    public string? Failed { get; init; }
}

internal sealed class WebhookMapping : IEntityTypeConfiguration<WebhookRow>, IEntityTypeConfiguration<DeliveryRow>
{
    public void Configure(EntityTypeBuilder<WebhookRow> builder) => builder.InSnakeCase("webhook");

    public void Configure(EntityTypeBuilder<DeliveryRow> builder) => builder.InSnakeCase("webhook_delivery");
}

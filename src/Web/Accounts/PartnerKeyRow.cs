using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

[assembly: Mapped<PartnerKeyRow, PartnerKeyMapping>]

namespace Yizhen.Web.Accounts;

/// <summary>A partner's key: good for one entrance of one campaign, and for what its scopes name. We hold a digest.</summary>
internal sealed class PartnerKeyRow
{
    public required Guid Id { get; init; }

    public required Guid Organisation { get; init; }

    public required string Campaign { get; init; }

    public required string Entrance { get; init; }

    public required string Name { get; init; }

    public required byte[] Digest { get; init; }

    /// <summary>start, state, figures; with spaces between.</summary>
    public required string Scopes { get; init; }

    public required int PerMinute { get; init; }

    /// <summary>People started in a day of the deployment's zone; null: no limit beside the entrance's share.</summary>
    public int? PerDay { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    public long? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }
}

internal sealed class PartnerKeyMapping : IEntityTypeConfiguration<PartnerKeyRow>
{
    public void Configure(EntityTypeBuilder<PartnerKeyRow> builder) => builder.InSnakeCase("partner_key");
}

internal static class PartnerKeys
{
    /// <summary>How a partner's key begins, so that it is known for one when it lies where it should not.</summary>
    public const string Prefix = "yzk_";

    /// <summary>The key of one press of the button: the same for the same press, so that one that was pressed twice makes one key and shows it. Nobody makes it without the deployment key.</summary>
    public static string Of(Vault vault, Guid press) => Prefix + WebEncoders.Base64UrlEncode(vault.Digest("partner key", press.ToString("N")));

    /// <summary>The secret of its webhook, by the same.</summary>
    public static string SecretOf(Vault vault, Guid press) => WebEncoders.Base64UrlEncode(vault.Digest("partner webhook", press.ToString("N")));
}

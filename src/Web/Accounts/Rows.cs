using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

internal sealed class AccountRow
{
    public required Guid Id { get; init; }

    public required byte[] Wrapped { get; set; }

    public byte[]? PhoneDigest { get; set; }

    public byte[]? PhoneSealed { get; set; }

    public long? VerifiedAt { get; set; }

    public required string Lang { get; set; }

    public required long CreatedAt { get; init; }
}

internal sealed class DeviceRow
{
    public required Guid Id { get; init; }

    public required Guid Account { get; set; }

    public required byte[] TokenDigest { get; init; }

    public required long CreatedAt { get; init; }

    public required long LastSeenAt { get; set; }
}

internal sealed class PatientRow
{
    public required Guid Id { get; init; }

    public required Guid Account { get; set; }

    public required string Relation { get; init; }

    public byte[]? LabelSealed { get; set; }

    public required long CreatedAt { get; init; }
}

internal sealed class RecoveryRow
{
    public required byte[] Digest { get; init; }

    public required Guid Account { get; set; }

    public required long CreatedAt { get; init; }
}

internal sealed class CodeRow
{
    public required Guid Id { get; init; }

    /// <summary>patient, join or second_factor.</summary>
    public required string Purpose { get; init; }

    public required Guid Person { get; init; }

    public required byte[] NumberDigest { get; init; }

    public required byte[] NumberSealed { get; init; }

    public required Guid Device { get; init; }

    public required string Network { get; init; }

    public required byte[] CodeDigest { get; init; }

    public required long CreatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required int Tries { get; set; }

    public long? UsedAt { get; set; }
}

internal sealed class OrganisationRow
{
    public required Guid Id { get; init; }

    public required string NameZh { get; set; }

    public required string NameEn { get; set; }

    /// <summary>Two digits of the region code.</summary>
    public required string Province { get; set; }

    public required long CreatedAt { get; init; }
}

internal sealed class StaffRow
{
    public required Guid Id { get; init; }

    public required Guid Organisation { get; init; }

    public required string Role { get; set; }

    public required string Login { get; init; }

    public required string Name { get; set; }

    public required string Title { get; set; }

    public required byte[] Wrapped { get; init; }

    public required byte[] PhoneSealed { get; set; }

    public required string PasswordHash { get; set; }

    /// <summary>Needs that this person serves, separated by commas; so the other lists.</summary>
    public required string Skills { get; set; }

    public required string Langs { get; set; }

    public required string Licence { get; set; }

    public required string Channels { get; set; }

    public required bool Active { get; set; }

    public required int Failures { get; set; }

    public long? LockedUntil { get; set; }

    public required long CreatedAt { get; init; }
}

internal sealed class StaffSignInRow
{
    public required Guid Id { get; init; }

    public required Guid Staff { get; init; }

    public required byte[] TokenDigest { get; init; }

    public required long CreatedAt { get; init; }

    public required long LastSeenAt { get; set; }

    public long? SecondFactorAt { get; set; }

    public long? EndedAt { get; set; }
}

internal sealed class InvitationRow
{
    public required Guid Id { get; init; }

    public required byte[] TokenDigest { get; init; }

    public required Guid Organisation { get; init; }

    public required string Role { get; init; }

    public required string Skills { get; init; }

    public required string Langs { get; init; }

    public required string Licence { get; init; }

    public Guid? CreatedBy { get; init; }

    public required long CreatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    public long? SpentAt { get; set; }
}

internal sealed class OutboxRow
{
    public required Guid Id { get; init; }

    public Guid? Person { get; init; }

    public required long At { get; init; }

    /// <summary>code, turn_near, operator_rung or test.</summary>
    public required string Kind { get; init; }

    public required byte[] Sealed { get; init; }

    public long? SentAt { get; set; }

    public required int Attempts { get; set; }

    public string? Failed { get; set; }
}

internal sealed class ProtectionKeyRow
{
    public required Guid Id { get; init; }

    public required long CreatedAt { get; init; }

    public required byte[] Sealed { get; init; }
}

internal sealed class AccountsMapping :
    IEntityTypeConfiguration<AccountRow>, IEntityTypeConfiguration<DeviceRow>, IEntityTypeConfiguration<PatientRow>,
    IEntityTypeConfiguration<RecoveryRow>, IEntityTypeConfiguration<CodeRow>, IEntityTypeConfiguration<OrganisationRow>,
    IEntityTypeConfiguration<StaffRow>, IEntityTypeConfiguration<StaffSignInRow>, IEntityTypeConfiguration<InvitationRow>,
    IEntityTypeConfiguration<OutboxRow>, IEntityTypeConfiguration<ProtectionKeyRow>
{
    public void Configure(EntityTypeBuilder<AccountRow> builder) => builder.InSnakeCase("account");

    public void Configure(EntityTypeBuilder<DeviceRow> builder) => builder.InSnakeCase("device");

    public void Configure(EntityTypeBuilder<PatientRow> builder) => builder.InSnakeCase("patient");

    public void Configure(EntityTypeBuilder<RecoveryRow> builder)
    {
        builder.HasKey(r => r.Digest);
        builder.InSnakeCase("recovery");
    }

    public void Configure(EntityTypeBuilder<CodeRow> builder) => builder.InSnakeCase("code");

    public void Configure(EntityTypeBuilder<OrganisationRow> builder) => builder.InSnakeCase("organisation");

    public void Configure(EntityTypeBuilder<StaffRow> builder) => builder.InSnakeCase("staff");

    public void Configure(EntityTypeBuilder<StaffSignInRow> builder) => builder.InSnakeCase("staff_sign_in");

    public void Configure(EntityTypeBuilder<InvitationRow> builder) => builder.InSnakeCase("invitation");

    public void Configure(EntityTypeBuilder<OutboxRow> builder) => builder.InSnakeCase("outbox");

    public void Configure(EntityTypeBuilder<ProtectionKeyRow> builder) => builder.InSnakeCase("protection_key");
}

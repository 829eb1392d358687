using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

[assembly: Mapped<AccountRow, AccountsMapping>]
[assembly: Mapped<DeviceRow, AccountsMapping>]
[assembly: Mapped<PatientRow, AccountsMapping>]
[assembly: Mapped<RecoveryRow, AccountsMapping>]
[assembly: Mapped<CodeRow, AccountsMapping>]
[assembly: Mapped<OrganisationRow, AccountsMapping>]
[assembly: Mapped<StaffRow, AccountsMapping>]
[assembly: Mapped<StaffSignInRow, AccountsMapping>]
[assembly: Mapped<InvitationRow, AccountsMapping>]
[assembly: Mapped<OutboxRow, AccountsMapping>]
[assembly: Mapped<ProtectionKeyRow, AccountsMapping>]

namespace Yizhen.Web.Accounts;

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

namespace Yizhen.Web.Accounts;

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

    /// <summary>The secret of an authenticator app, sealed under this person's key; null where codes come by message.</summary>
    public byte[]? TotpSealed { get; set; }

    /// <summary>The last step that was used: a code works once.</summary>
    public long? TotpStep { get; set; }

    /// <summary>Number of the licence or of the registration, as the person gave it or the operator found it; null where none is known.</summary>
    public string? Registration { get; set; }

    /// <summary>The operator who looked it up in the register; null while nobody has.</summary>
    public Guid? RegistrationCheckedBy { get; set; }

    public long? RegistrationCheckedAt { get; set; }

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

internal sealed class ProtectionKeyRow
{
    public required Guid Id { get; init; }

    public required long CreatedAt { get; init; }

    public required byte[] Sealed { get; init; }
}

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

    /// <summary>patient, return or second_factor.</summary>
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

internal sealed class OutboxRow
{
    public required Guid Id { get; init; }

    public Guid? Person { get; init; }

    public required long At { get; init; }

    /// <summary>code, turn_near, turn, place_kept, recheck, follow_up, operator_rung, entry_overdue or test.</summary>
    public required string Kind { get; init; }

    public required byte[] Sealed { get; init; }

    public long? SentAt { get; set; }

    public required int Attempts { get; set; }

    public string? Failed { get; set; }

    /// <summary>One node has it in hand until then; after a crash another takes it.</summary>
    public long? ClaimedUntil { get; set; }
}

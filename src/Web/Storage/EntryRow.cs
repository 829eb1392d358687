using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Storage;

[assembly: Mapped<EntryRow, EntryMapping>]

namespace Yizhen.Web.Storage;

/// <summary>One entry of the worklist: ids and codes. Boards count it; nobody but the worklist writes it.</summary>
internal sealed class EntryRow
{
    public const string Taken = "taken";
    public const string Done = "done";

    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    public required Guid Consultation { get; init; }

    public required string Campaign { get; init; }

    public required Guid Organisation { get; init; }

    public required int Urgency { get; init; }

    /// <summary>Who may take it: staff, clinician, operator, or reporter: who may see reports.</summary>
    public required string Role { get; init; }

    public Guid? Owner { get; init; }

    /// <summary>open, taken or done.</summary>
    public required string State { get; init; }

    public required long MadeAt { get; init; }

    public required long DueAt { get; init; }

    public required long EscalateAt { get; init; }

    public required int Escalated { get; init; }

    /// <summary>Id of the duty of the reporting policy; null where there is none.</summary>
    public string? Duty { get; init; }

    public string? Came { get; init; }

    public Guid? DoneBy { get; init; }

    public long? DoneAt { get; init; }
}

internal sealed class EntryMapping : IEntityTypeConfiguration<EntryRow>
{
    public void Configure(EntityTypeBuilder<EntryRow> builder) => builder.InSnakeCase("worklist");
}

/// <summary>An id that follows from what it stands for, so that several nodes, or a restart, make it once.</summary>
internal static class FollowingId
{
    public static Guid Of(Guid about, string kind, long count)
    {
        var bytes = new byte[24 + Encoding.UTF8.GetByteCount(kind)];
        about.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), count);
        Encoding.UTF8.GetBytes(kind, bytes.AsSpan(24));
        return new Guid(SHA256.HashData(bytes).AsSpan(0, 16), bigEndian: true);
    }
}

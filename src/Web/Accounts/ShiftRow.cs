using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

[assembly: Mapped<ShiftRow, ShiftMapping>]

namespace Yizhen.Web.Accounts;

/// <summary>A shift on the roster. Lists are codes with commas between; for a named clinician they are empty, for what they can do stands with them.</summary>
internal sealed class ShiftRow
{
    public required Guid Id { get; init; }

    public required Guid Organisation { get; init; }

    /// <summary>Null: so many of the organisation.</summary>
    public Guid? Clinician { get; init; }

    public required int People { get; init; }

    public required string Skills { get; init; }

    public required string Langs { get; init; }

    public required string Licence { get; init; }

    public required string Channels { get; init; }

    /// <summary>Consultations at once, of each.</summary>
    public required int Seats { get; init; }

    public required long StartsAt { get; init; }

    public required long EndsAt { get; set; }

    public required Guid MadeBy { get; init; }

    public required long MadeAt { get; init; }

    /// <summary>When the clinician said that they cannot come.</summary>
    public long? DeclinedAt { get; set; }

    /// <summary>When an operator took it off the roster.</summary>
    public long? WithdrawnAt { get; set; }
}

internal sealed class ShiftMapping : IEntityTypeConfiguration<ShiftRow>
{
    public void Configure(EntityTypeBuilder<ShiftRow> builder)
    {
        builder.HasKey(s => s.Id);
        builder.InSnakeCase("shift");
    }
}

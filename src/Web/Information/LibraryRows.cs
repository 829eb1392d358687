using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Information;
using Yizhen.Web.Information;
using Yizhen.Web.Storage;

[assembly: Mapped<LibraryRow, LibraryMapping>]
[assembly: Mapped<DeskAnswerRow, DeskAnswerMapping>]

namespace Yizhen.Web.Information;

/// <summary>Something that was done with an entry of the library. None is changed.</summary>
internal sealed class LibraryRow
{
    public const string Written = "written";
    public const string Reviewed = "reviewed";
    public const string Withdrawn = "withdrawn";

    public long Seq { get; init; }

    public required Guid Organisation { get; init; }

    public required string Key { get; init; }

    public required string Kind { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>Of who did it, as it was then.</summary>
    public required string Name { get; init; }

    public required string Why { get; init; }

    /// <summary>The whole entry as JSON, where it was written; the number of the version that was read, where it was reviewed.</summary>
    public string? Content { get; init; }
}

internal sealed class LibraryMapping : IEntityTypeConfiguration<LibraryRow>
{
    public void Configure(EntityTypeBuilder<LibraryRow> builder)
    {
        builder.HasKey(l => l.Seq);
        builder.InSnakeCase("library");
    }
}

/// <summary>One yes or no at the desk, by day: no person, no time of day.</summary>
internal sealed class DeskAnswerRow
{
    public long Seq { get; init; }

    public required Guid Organisation { get; init; }

    public required string Key { get; init; }

    /// <summary>In the deployment's zone, as 2020-01-26.</summary>
    public required string Day { get; init; }

    public required string Lang { get; init; }

    public required bool Helped { get; init; }
}

internal sealed class DeskAnswerMapping : IEntityTypeConfiguration<DeskAnswerRow>
{
    public void Configure(EntityTypeBuilder<DeskAnswerRow> builder)
    {
        builder.HasKey(d => d.Seq);
        builder.InSnakeCase("desk_answer");
    }
}

/// <summary>An entry as it stands now.</summary>
/// <param name="Version">1, and one more with each writing.</param>
/// <param name="At">When this version was written; null of a shipped one.</param>
/// <param name="ReviewedBy">Who has read this version; null: nobody.</param>
/// <param name="Withdrawn">Why it was; null: it was not.</param>
/// <param name="Shipped">From the file that ships, for demo and drill.</param>
public sealed record KeptEntry(
    string Key, int Version, LibraryEntry Entry, DateTimeOffset? At, string By, string? ReviewedBy, DateTimeOffset? ReviewedAt, string? Withdrawn, DateTimeOffset? WithdrawnAt, bool Shipped)
{
    /// <param name="rehearsal">There what nobody has reviewed is shown too, and says so.</param>
    public bool IsShown(DateOnly day, bool rehearsal) => Withdrawn is null && Entry.HoldsOn(day) && (rehearsal || ReviewedBy is not null);
}

/// <summary>What was done with an entry, when, by whom and why.</summary>
public sealed record LibraryStep(string Kind, DateTimeOffset At, string Name, string Why);

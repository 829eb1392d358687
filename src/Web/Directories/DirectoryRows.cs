using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Web.Directories;
using Yizhen.Web.Storage;

[assembly: Mapped<ListRow, DirectoryMapping>]
[assembly: Mapped<LineRow, DirectoryMapping>]
[assembly: Mapped<StatementRow, DirectoryMapping>]
[assembly: Mapped<LinkRow, DirectoryMapping>]

namespace Yizhen.Web.Directories;

/// <summary>A list as it was brought. It stands from <see cref="TakenAt"/> until <see cref="UndoneAt"/>.</summary>
internal sealed class ListRow
{
    public required Guid Id { get; init; }

    /// <summary>hospitals or services.</summary>
    public required string Directory { get; init; }

    /// <summary>Empty: brought at the machine.</summary>
    public required Guid Organisation { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    /// <summary>Of whoever brought it.</summary>
    public required string Name { get; init; }

    public required string File { get; init; }

    /// <summary>Stands beside what its publishers gave before, instead of in its place.</summary>
    public required bool Adds { get; init; }

    public required long Lines { get; init; }

    public long? TakenAt { get; set; }

    public long? UndoneAt { get; set; }

    public string? UndoneBy { get; set; }
}

internal sealed class LineRow
{
    public long Seq { get; init; }

    public required Guid List { get; init; }

    public required Guid Key { get; init; }

    public required string Publisher { get; init; }

    /// <summary>The line as JSON.</summary>
    public required string Body { get; init; }
}

internal sealed class StatementRow
{
    public long Seq { get; init; }

    public required Guid Hospital { get; init; }

    public required long At { get; init; }

    /// <summary>The link that was used.</summary>
    public required string Actor { get; init; }

    public required bool Open { get; init; }

    public long? Room { get; init; }

    public long? Waiting { get; init; }
}

internal sealed class LinkRow
{
    public required Guid Id { get; init; }

    public required Guid Hospital { get; init; }

    public required byte[] Digest { get; init; }

    public required Guid Organisation { get; init; }

    public required long At { get; init; }

    public required string Actor { get; init; }

    public long? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }
}

internal sealed class DirectoryMapping : IEntityTypeConfiguration<ListRow>, IEntityTypeConfiguration<LineRow>, IEntityTypeConfiguration<StatementRow>, IEntityTypeConfiguration<LinkRow>
{
    public void Configure(EntityTypeBuilder<ListRow> builder)
    {
        builder.HasKey(l => l.Id);
        builder.InSnakeCase("directory_list");
    }

    public void Configure(EntityTypeBuilder<LineRow> builder)
    {
        builder.HasKey(l => l.Seq);
        builder.InSnakeCase("directory_line");
    }

    public void Configure(EntityTypeBuilder<StatementRow> builder)
    {
        builder.HasKey(s => s.Seq);
        builder.InSnakeCase("hospital_statement");
    }

    public void Configure(EntityTypeBuilder<LinkRow> builder)
    {
        builder.HasKey(l => l.Id);
        builder.InSnakeCase("hospital_link");
    }
}

using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<RecallRow, RecallMapping>]

namespace Yizhen.Web.Log;

/// <summary>A version was recalled. Never changed: a recall is taken back by another one.</summary>
internal sealed class RecallRow
{
    public long Seq { get; init; }

    public required long At { get; init; }

    public required string Protocol { get; init; }

    public required string Version { get; init; }

    /// <summary>Version in its place.</summary>
    public required string Instead { get; init; }

    /// <summary>Null for the whole deployment.</summary>
    public required Guid? Organisation { get; init; }

    public required string Actor { get; init; }
}

internal sealed class RecallMapping : IEntityTypeConfiguration<RecallRow>
{
    public void Configure(EntityTypeBuilder<RecallRow> builder)
    {
        builder.HasKey(r => r.Seq);
        builder.InSnakeCase("recall");
    }
}

/// <summary>What this deployment has recalled. Read from the database at each judging: another node, or a command, may have recalled a moment ago.</summary>
internal sealed class Recalls(IDbContextFactory<Database> databases, ProtocolShelf shelf)
{
    public async Task<RulesInForce> Rules(CancellationToken ct) => new(shelf, await All(ct));

    /// <summary>In their order.</summary>
    public async Task<ImmutableArray<Recall>> All(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<RecallRow>().AsNoTracking().OrderBy(r => r.Seq).ToListAsync(ct);
        return [.. rows.Select(r => new Recall(new(r.Protocol, r.Version), new(r.Protocol, r.Instead), r.At.Utc(), r.Organisation, r.Actor))];
    }

    /// <summary>On disk when it returns. Said a second time it is said once.</summary>
    public async Task Record(Recall recall)
    {
        if (!(await All(CancellationToken.None)).SaysSomethingNew(recall))
        {
            return;
        }

        await using var database = await databases.CreateDbContextAsync();
        database.Add(new RecallRow
        {
            At = recall.At.Ms(), Protocol = recall.Recalled.Id, Version = recall.Recalled.Version, Instead = recall.InItsPlace.Version, Organisation = recall.Organisation, Actor = recall.By,
        });
        await database.SaveChangesAsync();
    }
}

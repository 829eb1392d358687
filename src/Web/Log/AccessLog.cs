using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<AccessRow, AccessMapping>]

namespace Yizhen.Web.Log;

/// <summary>Who opened what: on disk before the first byte is read.</summary>
internal sealed record AccessRow
{
    public long Seq { get; init; }

    public required long At { get; init; }

    public required Guid Account { get; init; }

    public required string Role { get; init; }

    public Guid? SignIn { get; init; }

    public Guid? Consultation { get; init; }

    /// <summary>care, contact, worklist, report, hand_over, break_glass, recall, recount, retention, statistics, export, erase.</summary>
    public required string Purpose { get; init; }

    /// <summary>What a job selected, in codes.</summary>
    public string? Selection { get; init; }

    public int? Amount { get; init; }
}

internal sealed class AccessMapping : IEntityTypeConfiguration<AccessRow>
{
    public void Configure(EntityTypeBuilder<AccessRow> builder)
    {
        builder.HasKey(a => a.Seq);
        builder.InSnakeCase("access");
    }
}

/// <summary>
/// The access log. A read of decrypted content by staff or a partner first appends a record; if it cannot, the read fails.
/// One record covers one sign-in and one consultation until it has been left for as long as the policy says.
/// The patient and the named guardian need none.
/// </summary>
internal sealed class AccessLog(IDbContextFactory<Database> databases, LightConsultation policy)
{
    private readonly ConcurrentDictionary<(Guid SignIn, Guid Consultation), DateTimeOffset> open = new();

    /// <exception cref="DbUpdateException">The record could not be written: the caller must not read.</exception>
    public async Task RecordAsync(Guid account, string role, Guid signIn, Guid consultation, string purpose, DateTimeOffset now, CancellationToken ct)
    {
        if (open.TryGetValue((signIn, consultation), out var last) && now - last < policy.Clocks.AccessRecord)
        {
            open[(signIn, consultation)] = now;
            return;
        }

        await WriteAsync(new AccessRow { At = now.Ms(), Account = account, Role = role, SignIn = signIn, Consultation = consultation, Purpose = purpose }, ct);
        open[(signIn, consultation)] = now;
        Forget(now);
    }

    /// <summary>What leaves as a file or on paper is recorded each time.</summary>
    /// <param name="selection">What and how, in codes.</param>
    public Task RecordExportAsync(Guid account, string role, Guid signIn, Guid consultation, string selection, DateTimeOffset now, CancellationToken ct) =>
        WriteAsync(new AccessRow { At = now.Ms(), Account = account, Role = role, SignIn = signIn, Consultation = consultation, Purpose = "export", Selection = selection, Amount = 1 }, ct);

    /// <summary>A job reads many: one record a run.</summary>
    public Task RecordJobAsync(Guid account, string role, string purpose, string selection, int amount, DateTimeOffset now, CancellationToken ct) =>
        WriteAsync(new AccessRow { At = now.Ms(), Account = account, Role = role, Purpose = purpose, Selection = selection, Amount = amount }, ct);

    private async Task WriteAsync(AccessRow row, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        database.Add(row);
        await database.SaveChangesAsync(ct);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, last) in open)
        {
            if (now - last >= policy.Clocks.AccessRecord)
            {
                open.TryRemove(key, out _);
            }
        }
    }
}

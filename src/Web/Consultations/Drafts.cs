using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

internal sealed class DraftRow
{
    public required Guid Consultation { get; init; }

    public required Guid Clinician { get; init; }

    public required byte[] Sealed { get; set; }

    public required long At { get; set; }
}

internal sealed class DraftMapping : IEntityTypeConfiguration<DraftRow>
{
    public void Configure(EntityTypeBuilder<DraftRow> builder)
    {
        builder.HasKey(d => new { d.Consultation, d.Clinician });
        builder.InSnakeCase("draft");
    }
}

/// <summary>A clinician's unsent words: a lost browser loses nothing. Saving one is a sign of life.</summary>
internal sealed class Drafts(IDbContextFactory<Database> databases, Staff staff)
{
    public async Task Keep(Subject who, ConsultationId id, string text, DateTimeOffset now)
    {
        var key = await staff.Key(who.Account);
        await using var database = await databases.CreateDbContextAsync();
        var row = await database.Set<DraftRow>().FirstOrDefaultAsync(d => d.Consultation == id.Value && d.Clinician == who.Account);
        if (text.Length == 0)
        {
            if (row is not null)
            {
                database.Remove(row);
                await database.SaveChangesAsync();
            }

            return;
        }

        var box = Vault.Seal(key, Encoding.UTF8.GetBytes(text), id.Value, 0);
        if (row is null)
        {
            database.Add(new DraftRow { Consultation = id.Value, Clinician = who.Account, Sealed = box, At = now.Ms() });
        }
        else
        {
            row.Sealed = box;
            row.At = now.Ms();
        }

        await database.SaveChangesAsync();
    }

    public static async Task Erase(Database database, IReadOnlyList<Guid> consultations, CancellationToken ct)
    {
        var ids = consultations.ToList();
        await database.Set<DraftRow>().Where(d => ids.Contains(d.Consultation)).ExecuteDeleteAsync(ct);
    }

    public async Task<IReadOnlyDictionary<ConsultationId, string>> Of(Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<DraftRow>().AsNoTracking().Where(d => d.Clinician == who.Account).ToListAsync(ct);
        if (rows.Count == 0)
        {
            return new Dictionary<ConsultationId, string>();
        }

        var key = await staff.Key(who.Account);
        return rows.ToDictionary(d => new ConsultationId(d.Consultation), d => Encoding.UTF8.GetString(Vault.Open(key, d.Sealed, d.Consultation, 0)));
    }
}

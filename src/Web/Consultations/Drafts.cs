using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

[assembly: Mapped<DraftRow, DraftMapping>]

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

/// <summary>
/// A clinician's unsent words: a lost browser loses nothing, and saving them is a sign of life. They are about the patient, so they lie under the
/// consultation's own key and go with it; and whoever takes over sees what the one before had begun, as a draft that is not sent.
/// </summary>
internal sealed class Drafts(IDbContextFactory<Database> databases, ConsultationKeys keys)
{
    public async Task Keep(Subject who, ConsultationId id, string text, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var row = await database.Set<DraftRow>().FirstOrDefaultAsync(d => d.Consultation == id.Value && d.Clinician == who.Account);
        if (text.Length == 0 || await keys.Of(id.Value, CancellationToken.None) is not { } key)
        {
            if (row is not null)
            {
                database.Remove(row);
                await database.SaveChangesAsync();
            }

            return;
        }

        var box = Vault.Seal(key, Encoding.UTF8.GetBytes(text), who.Account, 0);
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

    /// <param name="open">What this clinician has now; of nothing else a draft is opened.</param>
    public async Task<KeptDrafts> Of(Subject who, IReadOnlyList<Consultation> open, CancellationToken ct)
    {
        var ids = open.Select(c => c.Id.Value).ToList();
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = ids.Count == 0 ? [] : await database.Set<DraftRow>().AsNoTracking().Where(d => ids.Contains(d.Consultation)).OrderBy(d => d.At).ToListAsync(ct);
        var own = new Dictionary<ConsultationId, string>();
        var left = new List<(ConsultationId Id, UnsentDraft Draft)>();
        foreach (var row in rows)
        {
            var c = open.First(o => o.Id.Value == row.Consultation);
            if (await Opened(row, ct) is not { } text)
            {
                continue;
            }

            if (row.Clinician == who.Account)
            {
                own[c.Id] = text;
            }
            else if (!c.DraftsLeft.Any(d => d.Clinician == row.Clinician && d.Text == text) && !c.Lines.Any(l => l.By == LineBy.Clinician && l.Text == text))
            {
                left.Add((c.Id, new UnsentDraft(c.NameOf(row.Clinician) ?? "", row.At.Utc(), text)));
            }
        }

        return new KeptDrafts(own, left.ToLookup(l => l.Id, l => l.Draft));
    }

    /// <summary>As the API shows them to whoever asks; what a former clinician had begun is for the present one alone.</summary>
    public async Task<IReadOnlyList<ConsultationView>> Views(Subject who, IReadOnlyList<Consultation> shown, CancellationToken ct)
    {
        if (!who.IsClinician)
        {
            return [.. shown.Select(c => ConsultationView.Of(c, forClinician: false))];
        }

        var kept = await Of(who, shown, ct);
        return [.. shown.Select(c => ConsultationView.Of(c, forClinician: true) with { UnsentDrafts = [.. kept.Left[c.Id]] })];
    }

    /// <summary>Null where the key has gone, or the row was sealed under another: a draft is not worth a broken desk.</summary>
    private async Task<string?> Opened(DraftRow row, CancellationToken ct)
    {
        try
        {
            return await keys.Of(row.Consultation, ct) is { } key ? Encoding.UTF8.GetString(Vault.Open(key, row.Sealed, row.Clinician, 0)) : null;
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            return null;
        }
    }
}

/// <param name="Own">What this clinician was writing.</param>
/// <param name="Left">What those were writing who had the consultation before.</param>
internal sealed record KeptDrafts(IReadOnlyDictionary<ConsultationId, string> Own, ILookup<ConsultationId, UnsentDraft> Left);

/// <summary>Begun by a former clinician and never sent.</summary>
public sealed record UnsentDraft(string Clinician, DateTimeOffset WrittenAt, string Text);

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen access</c>: who has read which consultations, for the yearly audit of children's records (CN-MIN-03) and for a leak (CN-PI-09).</summary>
internal static class AccessCommand
{
    private const string Purpose = "export";
    private const string Child = "minor";

    public static Command Build()
    {
        var from = new Option<string?>("--from") { Description = "First day, as 2026-01-01; without it from the beginning." };
        var to = new Option<string?>("--to") { Description = "Last day, as 2026-12-31; without it to the end." };
        var account = new Option<string?>("--account") { Description = "Only what this account of the staff has read." };
        var minors = new Option<bool>("--minors") { Description = "Only consultations about somebody under the age at which a guardian consents. Ages are sealed, so this opens each consultation that was read, which is itself recorded." };
        var json = new Option<bool>("--json") { Description = "The lines as one JSON object, not CSV." };
        var where = new Where();
        var command = new Command("access", "Writes who has read which consultation, when and what for, one line a record (CSV). Codes and numbers only, nothing that anybody told. Leaves a record of its own.") { from, to, account, minors, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var (first, last) = (Sentence.Day(parsed.GetValue(from)), Sentence.Day(parsed.GetValue(to)));
            if (last < first)
            {
                throw new StorageException("--to is before --from.");
            }

            Guid? of = parsed.GetValue(account) is not { } named ? null
                : Guid.TryParse(named, out var id) ? id : throw new StorageException($"--account: {named} is not the number of an account, which looks like 0198c1de-0000-7000-8000-000000000001.");
            await using var site = await Composed.OpenAsync(where.Read(parsed), ct);
            var lines = await LinesAsync(site.Services, first, last, of, parsed.GetValue(minors), ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new AccessFound(lines.Count, lines.Select(l => l.Consultation).OfType<string>().Distinct().Count(), lines), Faces.Json) : Csv.Of(
                [["at", "account", "name", "role", "consultation", "purpose", "selection", "amount"], .. lines.Select(l => new[] { l.At, l.Account, l.Name, l.Role, l.Consultation ?? "", l.Purpose, l.Selection ?? "", l.Amount?.ToString(CultureInfo.InvariantCulture) ?? "" })]));
            return 0;
        }));
        return command;
    }

    private static async Task<List<AccessLine>> LinesAsync(IServiceProvider services, DateOnly? from, DateOnly? to, Guid? account, bool minors, CancellationToken ct)
    {
        var (deployment, clock) = (services.GetRequiredService<Deployment>(), services.GetRequiredService<TimeProvider>());
        await using var database = await services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync(ct);
        var rows = (await database.Set<AccessRow>().AsNoTracking().Where(a => account == null || a.Account == account).OrderBy(a => a.Seq).ToListAsync(ct))
            .Where(a => !(Local(a.At) < from) && !(Local(a.At) > to)).ToList();
        // Recorded before anything is opened. A job that read many names nobody, and whether a child was among them cannot be told: it stands in every list.
        await services.GetRequiredService<AccessLog>().RecordJobAsync(Guid.Empty, "command", Purpose, $"access {from:yyyy-MM-dd}..{to:yyyy-MM-dd}{(minors ? $" {Child}" : "")}", rows.Count, clock.GetUtcNow(), ct);
        if (minors)
        {
            var children = new HashSet<Guid>();
            foreach (var consultation in rows.Select(a => a.Consultation).OfType<Guid>().Distinct())
            {
                if (await IsChildAsync(services, consultation, ct))
                {
                    children.Add(consultation);
                }
            }

            rows = [.. rows.Where(a => a.Consultation is not { } read || children.Contains(read))];
        }

        var names = await database.Set<Accounts.StaffRow>().AsNoTracking().ToDictionaryAsync(s => s.Id, s => s.Name, ct);
        return
        [
            .. rows.Select(a => new AccessLine(
                TimeZoneInfo.ConvertTime(a.At.Utc(), deployment.Zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
                a.Account == Guid.Empty ? "" : a.Account.ToString(), names.GetValueOrDefault(a.Account, ""), a.Role, a.Consultation is { } id ? new ConsultationId(id).ToString() : null, a.Purpose, a.Selection, a.Amount)),
        ];

        DateOnly Local(long at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at.Utc(), deployment.Zone).DateTime);
    }

    /// <summary>Whoever cannot be opened may be a child, and stays in the list.</summary>
    private static async Task<bool> IsChildAsync(IServiceProvider services, Guid consultation, CancellationToken ct)
    {
        try
        {
            return (await services.GetRequiredService<ConsultationLog>().Read(new ConsultationId(consultation), ct)).IsChild(services.GetRequiredService<Rules.Regulation.LightConsultation>().GuardianBelowYears);
        }
        catch (Exception fault) when (Unreadable.Is(fault))
        {
            return true;
        }
    }

    private sealed record AccessFound(int Records, int Consultations, IReadOnlyList<AccessLine> Lines);

    private sealed record AccessLine(string At, string Account, string Name, string Role, string? Consultation, string Purpose, string? Selection, int? Amount);
}

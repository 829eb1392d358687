using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web.Consultations;

/// <param name="Value">Null: not collected here.</param>
public sealed record SheetLine(SheetKey Key, string Label, string? Value);

/// <summary>
/// The sheet of one report: the fields of the policy and nothing else. Of what the person stated only the answers of the protocols that flag;
/// neither the story, nor the conversation, nor any questionnaire goes out.
/// </summary>
internal sealed class ReportSheets(
    IDbContextFactory<Database> databases, ConsultationLog log, Patients patients, SeeToEntries worklist, CampaignShelf campaigns, Recalls recalls, Places places, ReportingPolicy policy, PageSettings settings)
{
    private const int NumberLetters = 6;

    /// <summary>What a physician needs who decides afterwards.</summary>
    private static readonly SheetKey[] ToDecide = [SheetKey.Number, SheetKey.Sex, SheetKey.Age, SheetKey.Phone, SheetKey.Place, SheetKey.Told, SheetKey.AskedOn, SheetKey.Judged];

    /// <summary>Reads what is sealed: the caller has written the access record. Without a decision only what is needed for one.</summary>
    public async Task<(FlagDecision? Decided, ImmutableArray<SheetLine> Lines)?> Of(EntryRow entry, Lang t, CancellationToken ct)
    {
        var c = await log.Read(new ConsultationId(entry.Consultation), ct);
        var decided = c.FlagsDecided.FirstOrDefault(d => d.Entry == entry.Id);
        if (c.IsErased || c.Opening is not { } opening || (entry.Duty is not null && decided is null))
        {
            return null;
        }

        var phone = await worklist.Number(opening.Patient, ct);
        var name = await patients.AccountOf(opening.Patient, ct) is { } account && (await patients.Labels(account, ct)).TryGetValue(opening.Patient, out var known) ? known.Label : null;
        var unit = (await campaigns.Find(opening.Campaign, ct))?.Owner;
        // Only what a protocol asked that flags something: no questionnaire about the mind.
        var questions = (await recalls.Rules(ct)).AskedBy(c, p => p.Rows.Any(r => !r.Flags.IsDefaultOrEmpty)).ToList();
        string? Value(SheetKey key) => key switch
        {
            SheetKey.Number => c.Id.ToString()[^NumberLetters..],
            SheetKey.What => decided is null ? "" : DeskWords.Of(t, decided.Flag),
            SheetKey.Name => name,
            SheetKey.Identity or SheetKey.Street or SheetKey.Work => null,
            SheetKey.Sex => Said(t, c, questions, "sex"),
            SheetKey.Age => Said(t, c, questions, "age"),
            SheetKey.Phone => phone.Phone is { } number ? phone.Verified ? number : t[$"{number}（没有验证）", $"{number} (not verified)"] : null,
            SheetKey.Place => c.Place?.Region is { } region ? places.Find(region)?.In(t.Code) : null,
            SheetKey.Told => string.Join(t["；", "; "], DeskWords.Intake(t, c, questions.Where(q => q.Code is not ("sex" or "age"))).Select(i => t[$"{i.Question}：{i.Answer}", $"{i.Question}: {i.Answer}"])),
            SheetKey.AskedOn => At(c.OpenedAt),
            SheetKey.Judged => decided?.Words ?? (c.Outcome is { } outcome && (decided is null || outcome.Flags.Contains(decided.Flag.Code())) ? t[outcome.Reason] : null),
            SheetKey.Doctor => decided?.ClinicianName,
            SheetKey.Unit => unit?.In(t.Code),
            SheetKey.ConfirmedAt => decided is null ? "" : At(decided.At),
            SheetKey.DueAt => decided?.Due is { } due ? At(due) : null,
            SheetKey.Basis => policy.Named(decided?.Duty) is { } duty ? t[duty.Basis.Zh, duty.Basis.En] : decided?.Duty,
            SheetKey.Recipient => decided?.Receipt is { } receipt ? receipt.TakenBy is { } by ? $"{receipt.Recipient} ({by})" : receipt.Recipient : policy.RecipientOf(c.Place?.Region) is { } listed ? t[listed.Name.Zh, listed.Name.En] : "",
            SheetKey.FiledAt => decided?.Receipt is { } filed ? At(filed.FiledAt) : "",
            SheetKey.FiledBy => decided?.Receipt?.FiledBy ?? "",
            SheetKey.Receipt => decided?.Receipt?.Number ?? "",
        };
        return (decided, [.. policy.Sheet.Where(f => decided is not null || ToDecide.Contains(f.Key)).Select(f => new SheetLine(f.Key, decided is null && f.Key == SheetKey.Judged ? t["分诊的理由", "Why triage flagged it"] : t[f.Label.Zh, f.Label.En], Value(f.Key)))]);
    }

    /// <summary>From the head: where the person stays, as a code.</summary>
    public async Task<string?> RegionOf(Guid consultation, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AsNoTracking().Where(h => h.Id == consultation).Select(h => h.Region).FirstOrDefaultAsync(ct);
    }

    /// <summary>A table of one row, as registers take it: a heading, then the values (RFC 4180, UTF-8 with its mark so that spreadsheets read Chinese).</summary>
    public string Csv(Lang t, ImmutableArray<SheetLine> lines) =>
        Page.Csv.Of([lines.Select(l => l.Label), lines.Select(l => l.Value ?? Asked(t))]);

    public string Asked(Lang t) => t[policy.ToAsk.Zh, policy.ToAsk.En];

    private static string? Said(Lang t, Consultation c, List<Question> questions, string code) =>
        DeskWords.Intake(t, c, questions.Where(q => q.Code == code)).Select(i => i.Answer).FirstOrDefault(a => c.Answers.ContainsKey(code) && a.Length > 0);

    private string At(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, settings.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Worklist;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Worklist;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>
/// A physician says whether what triage flagged, or what they find themselves, is reported. Confirmed, it is an entry of the worklist whose time
/// runs; nothing is sent to anybody by itself.
/// </summary>
internal sealed class DecideFlag(Admission admission, ConsultationLog log, Entries entries, ReportingPolicy policy)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/consultations/{id}/flags", async (string id, FlagBody body, DecideFlag flags, HttpContext http, TimeProvider clock) =>
                http.Json(await flags.AtDesk(http.Subject(), id, body, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Flag, Act.Create);

    /// <summary>Whoever has it now.</summary>
    public Task<Decision<Consultation>> AtDesk(Subject who, string id, FlagBody body, DateTimeOffset now) =>
        Decide(new Decider(who.Account, who.Name, body.Epoch ?? 0), id, body, now, decide => admission.Decide(who, id, Resource.Flag, Act.Create, now, decide));

    /// <summary>Of somebody whom no doctor has, by whoever has taken the entry; with the last flag decided the entry is done.</summary>
    public async Task<Decision<Consultation>> Afterwards(Subject who, string entry, FlagBody body, DateTimeOffset now)
    {
        if (await entries.Find(who, entry, Act.Transition, CancellationToken.None) is not { } row || Entries.Read(row).Kind != EntryKind.FlagLeft)
        {
            return Refusal.NotFound;
        }

        if (row.Owner != who.Account)
        {
            return Refusal.Conflict;
        }

        var id = new ConsultationId(row.Consultation);
        var decided = await Decide(new Decider(who.Account, who.Name, null), id.ToString(), body, now, decide => log.Decide(id, who.Actor, now, decide));
        if (!decided.Is(out var after, out var why))
        {
            return why;
        }

        return after.FlagsWaiting().IsEmpty && (await entries.Settle(who, entry, now)).IsRefused(out var not) ? not : after;
    }

    /// <summary>
    /// The entry first, whose id counts once, then the fact: a crash between them leaves something to look at and never loses a report.
    /// Where the fact is refused the entry goes again.
    /// </summary>
    private async Task<Decision<Consultation>> Decide(
        Decider by, string id, FlagBody body, DateTimeOffset now, Func<Func<Consultation, Decision<ImmutableArray<Fact>>>, Task<Decision<Consultation>>> store)
    {
        if (!body.Confirmed)
        {
            return await store(c => c.RefuseFlag(by, body.Flag, body.Reason));
        }

        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return Refusal.NotFound;
        }

        var kind = body.Flag == Flag.Report ? EntryKind.Report : EntryKind.Contact;
        var state = await log.Read(consultation, CancellationToken.None);
        // Pressed twice it is the same entry; after a confirmation that was taken back, another.
        var time = state.FlagsDecided.Count(d => d.Flag == body.Flag && d.Confirmed) + (state.IsConfirmed(body.Flag) ? 0 : 1);
        var entry = Entries.IdOf(kind, consultation, time);
        Decision<ImmutableArray<Fact>> Confirm(Consultation c) => c.ConfirmFlag(by, body.Flag, policy.On(body.Flag, c.RulesDay), policy.Stamp, entry, body.Reason, now);

        // Looked at first, so that a no makes no entry.
        var made = !Confirm(state).IsRefused(out _) && await entries.Make(kind, state, time, now, CancellationToken.None, duty: policy.On(body.Flag, state.RulesDay));
        var stored = await store(Confirm);
        if (made && stored.IsRefused(out _))
        {
            await entries.Unmake(entry);
        }

        return stored;
    }
}

/// <param name="Confirmed">It is to be reported; false: it is not, and <paramref name="Reason"/> says why.</param>
/// <param name="Reason">With a confirmation: a note for whoever files it, or null.</param>
/// <param name="Epoch">The assignment that the desk was showing.</param>
public sealed record FlagBody([property: JsonRequired] Flag Flag, [property: JsonRequired] bool Confirmed, string? Reason, int? Epoch);

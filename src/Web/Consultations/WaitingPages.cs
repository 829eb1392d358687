using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>The waiting room, as it changes, and better, same or worse.</summary>
internal sealed class WaitingPages(
    Admission admission, Around around, Patients patients, ConsultationLog log, Waits waits, Forecasts forecasts, ComingHours coming, Recalls recalls, WhyNobodyYet why, CampaignShelf campaigns, RecheckPolicy policy, TimeProvider clock)
{
    private const int RefreshSeconds = 60;
    private const int ProvinceDigits = 2;

    /// <summary>Minutes: a range of nothing would read as a promise.</summary>
    private const int LeastWidth = 5;

    /// <summary>Up to so many people a place is told as it is.</summary>
    private const int Counted = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/waiting", (string id, string? refresh, string? felt, string? offer, WaitingPages pages, HttpContext http, CancellationToken ct) => pages.Room(http, id, refresh == "on", felt, offer == "over", ct)).Allow(Resource.Queue, Act.Read);
        app.MapGet("/q/{id}/waiting/stream", (string id, WaitingPages pages, HttpContext http, CancellationToken ct) => TypedResults.ServerSentEvents(pages.Stream(http, id, ct))).Allow(Resource.Queue, Act.Read);
        app.MapPost("/q/{id}/feeling", (string id, WaitingPages pages, HttpContext http) => pages.Feel(http, id)).Allow(Resource.Queue, Act.Change);
    }

    private async Task<IResult> Room(HttpContext http, string id, bool refresh, string? felt, bool tooLate, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Queue, clock.GetUtcNow(), ct)).Is(out var c, out var no))
        {
            return http.Refuse(no);
        }

        return c.Bucket is Bucket.Waiting or Bucket.OnHold or Bucket.Promised
            ? http.Page<WaitingPage>(await Model(http, c, refresh, ct) with { Felt = FeltIn(felt), TooLate = tooLate && c.Bucket == Bucket.Waiting }, await around.BrandOf(c, Lang.Of(http.Request), ct), sos: around.SosOf(c))
            : new SeeOther(Addresses.Now(c));
    }

    private async Task<WaitingModel> Model(HttpContext http, Consultation c, bool refresh, CancellationToken ct)
    {
        var (who, now, t) = (http.Subject(), clock.GetUtcNow(), Lang.Of(http.Request));
        // Whoever is on duty and has given no sign for too long takes nobody: then no time is told.
        WaitReason? reason = c.Bucket != Bucket.Waiting ? null : c.Prompt is null ? await why.Of(c, now, ct) : WaitReason.Asked;
        var state = c.Bucket == Bucket.OnHold ? WaitingState.OnHold : c.Bucket == Bucket.Promised ? WaitingState.Promised : reason == WaitReason.NobodyOnDuty ? WaitingState.NobodyOnDuty : WaitingState.InLine;
        var number = await patients.Number(who.Account, ct);
        var (before, seen) = state is WaitingState.InLine or WaitingState.NobodyOnDuty ? await why.Before(c, now, ct) : default;
        var next = state == WaitingState.NobodyOnDuty || reason is WaitReason.NobodyFits or WaitReason.Resting ? await coming.Next(Alike(c), ct) : null;
        return new WaitingModel(
            c, await around.LabelOf(who, c, t, ct), state, state == WaitingState.InLine ? await Ahead(c, Place(before, seen), now, ct) : state == WaitingState.NobodyOnDuty ? Place(before, seen) : null,
            number is null ? null : PhoneNumber.Read(number).Value.Masked, c.Contact is { Phone: true, Verified: false }, next, refresh ? RefreshSeconds : null)
        {
            AnswerBy = c.Bucket == Bucket.Waiting && c.Opening is { } opening && (await campaigns.Find(opening.Campaign, ct))?.Terms.Pause is { } pause && c.ArrivedAt <= pause.At && now < pause.AnswerBy ? pause.AnswerBy : null,
            // Somebody has looked since: what they set is what counts.
            Raised = c.SetLast() is not null ? [] : [.. c.RaisedFor.Select(policy.Words).OfType<PolicyText>()],
            Why = state == WaitingState.InLine ? reason : null,
            UrgentFirst = before.MoreUrgent,
        };
    }

    /// <summary>Place and time as ranges: who is before this person now, and what was forecast when they joined. Nothing where too little is known.</summary>
    private async Task<WaitRange> Ahead(Consultation c, WaitRange place, DateTimeOffset now, CancellationToken ct)
    {
        if (c.FirstAssignedAt is null && await forecasts.ToldTo(c.Id, now, ct) is var (joined, told))
        {
            var end = joined.AddMilliseconds(told.ToMs);
            return end <= now
                ? place with { Overdue = true }
                : place with { From = Later(joined.AddMilliseconds(told.FromMs), now), To = Later(end, now.AddMinutes(1)) };
        }

        // Of people alike too few were served lately: what the last hour's waits were.
        var measured = (await waits.Now(c.Opening?.Campaign ?? "", now, ct)).Range;
        // Who comes back after a clinician keeps the place, and waits since then.
        var since = (c.FirstAssignedAt is null ? c.ArrivedAt : c.UnansweredSince ?? c.QueuedAt) ?? now;
        if (measured is null)
        {
            return place;
        }

        var earliest = Later(since.AddMinutes(measured.FromMinutes), now);
        return place with { From = earliest, To = Later(since.AddMinutes(measured.ToMinutes), earliest.AddMinutes(LeastWidth)) };
    }

    /// <summary>The place as a range, without a time: a few are counted, of many some leave and some come who are more urgent.</summary>
    private static WaitRange Place(StandBefore before, DateTimeOffset at) => new(
        before.Least <= Counted ? before.Least : before.Least * 9 / 10, before.Most <= Counted ? before.Most : (before.Most * 11 / 10) + 1, null, null, at);

    /// <summary>This person as the roster is asked for them.</summary>
    private static PeopleAlike Alike(Consultation c) => new(
        c.DoctorCalled ? SettingUrgency.Physician : c.Need, c.Opening?.Lang ?? "", c.Place?.Region is { Length: >= ProvinceDigits } region ? region[..ProvinceDigits] : null, c.Opening?.Channel ?? "",
        c.Urgency ?? Urgency.Routine, 0, 0, c.Opening?.Organisation ?? Guid.Empty, c.Opening?.Campaign ?? "");

    /// <summary>What was pressed on the way here, so that the page says what it has done.</summary>
    private static Feeling? FeltIn(string? felt) => felt switch { "better" => Feeling.Better, "same" => Feeling.Same, "worse" => Feeling.Worse, _ => null };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>The room as it changes; "go" when it is this person's turn. A reader waits outside any transaction.</summary>
    private async IAsyncEnumerable<SseItem<string>> Stream(HttpContext http, string id, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Queue, clock.GetUtcNow(), ct)).Is(out var c, out _))
        {
            yield return new SseItem<string>("", "gone");
            yield break;
        }

        using var ear = log.Listen(c.Id);
        while (!ct.IsCancellationRequested)
        {
            if (!(await admission.Read(http.Subject(), id, Resource.Queue, clock.GetUtcNow(), ct)).Is(out var now, out _))
            {
                yield return new SseItem<string>("", "gone");
                yield break;
            }

            if (now.Bucket is not (Bucket.Waiting or Bucket.OnHold or Bucket.Promised))
            {
                yield return new SseItem<string>(Addresses.Now(now), "go");
                yield break;
            }

            var brand = await around.BrandOf(now, Lang.Of(http.Request), ct);
            var html = await Pages.RenderAsync(http.RequestServices, typeof(Room), await Model(http, now, false, ct), http.Frame(brand, around.SosOf(now)));
            yield return new SseItem<string>(html, "part") { EventId = now.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            await ear.NextAsync(LookAgain, ct);
        }
    }

    private async Task<IResult> Feel(HttpContext http, string id)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form.Choice<Feeling>("feel") is not { } feeling)
        {
            return new SeeOther($"/q/{id}/waiting");
        }

        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var rules = await recalls.Rules(CancellationToken.None);
        var felt = await admission.Decide(who, id, Resource.Queue, Act.Change, now, c => c.Feel(feeling, feeling == Feeling.Worse ? rules.Judge(c) : null));
        await admission.Decide(who, id, Resource.Queue, Act.Change, now, c => c.ComeBack());
        return felt.Is(out var after, out var no)
            ? new SeeOther(feeling == Feeling.Worse && after.Urgency == Urgency.Emergency ? "/danger" : after.Id.To($"waiting?felt={feeling.ToString().ToLowerInvariant()}"))
            : http.Refuse(no);
    }
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>One consultation whole, as a stream of its versions, and the list of one's own. Reading never changes anything.</summary>
internal static class ReadConsultation
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/consultations/{id}", async (string id, Admission admission, Drafts drafts, HttpContext http, TimeProvider clock, CancellationToken ct) =>
            {
                var who = http.Subject();
                var read = await admission.Read(who, id, Resource.Messages, clock.GetUtcNow(), ct);
                return read.Is(out var c, out var why) ? TypedResults.Ok((await drafts.Views(who, [c], ct))[0]) : http.Problem(why);
            })
            .Allow(Resource.Messages, Act.Read);

        app.MapGet("/api/v1/consultations", async (IDbContextFactory<Database> databases, HttpContext http, CancellationToken ct) =>
                TypedResults.Ok(await Mine(databases, http.Subject(), ct)))
            .Allow(Resource.Summary, Act.List);

        // What a phone without a stream asks every minute: from the head row alone, nothing is decrypted.
        app.MapGet("/api/v1/consultations/{id}/head", async (string id, IDbContextFactory<Database> databases, HttpContext http, CancellationToken ct) =>
                await HeadOf(databases, http.Subject(), id, ct) is { } head ? Results.Json(head) : http.Problem(Rules.Refusal.NotFound))
            .Allow(Resource.Summary, Act.Read);

        app.MapGet("/api/v1/consultations/{id}/events", async (string id, Admission admission, Drafts drafts, ConsultationLog log, SignIns signIns, HttpContext http, TimeProvider clock, CancellationToken ct) =>
            {
                var who = http.Subject();
                var read = await admission.Read(who, id, Resource.Messages, clock.GetUtcNow(), ct);
                return read.Is(out var now, out var why) ? TypedResults.ServerSentEvents(Versions(admission, drafts, log, signIns, who, now, clock, ct)) : http.Problem(why);
            })
            .Allow(Resource.Messages, Act.Read);

        app.MapPost("/api/v1/consultations/{id}/seen", async (string id, SeenBody body, Admission admission, HttpContext http, TimeProvider clock) =>
            {
                var who = http.Subject();
                return http.Json(await admission.Decide(who, id, Resource.SeenMarks, Act.Change, clock.GetUtcNow(), c => c.See(who.IsClinician, body.UpTo)), Stored.Of);
            })
            .Allow(Resource.SeenMarks, Act.Change);
    }

    public static async Task<IReadOnlyList<OwnConsultation>> Mine(IDbContextFactory<Database> databases, Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Summary, Act.List)).OrderByDescending(h => h.ChangedAt).Take(200).ToListAsync(ct);
        return [.. heads.Select(h => new OwnConsultation(new ConsultationId(h.Id).ToString(), h.Version, h.Bucket, h.Urgency, h.Campaign, h.OpenedAt.Utc(), h.ChangedAt.Utc()))];
    }

    private static async Task<HeadView?> HeadOf(IDbContextFactory<Database> databases, Subject who, string id, CancellationToken ct)
    {
        if (!ConsultationId.TryParse(id, out var consultation))
        {
            return null;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<Head>().AsNoTracking().Where(h => h.Id == consultation.Value).Where(Policy.Filter(who, Resource.Summary, Act.Read))
            .Select(h => new HeadView(h.Version, h.Bucket, h.Urgency)).FirstOrDefaultAsync(ct);
    }

    /// <summary>The first item at once and whole, whatever the reader has seen, each later version, and a heartbeat. The policy is asked again for each item.</summary>
    private static async IAsyncEnumerable<SseItem<ConsultationView?>> Versions(
        Admission admission, Drafts drafts, ConsultationLog log, SignIns signIns, Subject who, Consultation first, TimeProvider clock, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return await Item(drafts, first, who, ct);
        using var ear = log.Listen(first.Id);
        var shown = first.Version;
        while (await ear.StaysAsync(signIns, who, Heartbeat, ct))
        {
            var read = await admission.Read(who, first.Id.ToString(), Resource.Messages, clock.GetUtcNow(), ct);
            if (!read.Is(out var next, out _))
            {
                yield return new SseItem<ConsultationView?>(null, "gone");
                yield break;
            }

            if (next.Version != shown)
            {
                shown = next.Version;
                yield return await Item(drafts, next, who, ct);
            }
            else
            {
                yield return new SseItem<ConsultationView?>(null, "alive");
            }
        }
    }

    private static async Task<SseItem<ConsultationView?>> Item(Drafts drafts, Consultation c, Subject who, CancellationToken ct) =>
        new((await drafts.Views(who, [c], ct))[0], "version") { EventId = c.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) };
}

internal sealed record OwnConsultation(string Id, long Version, string Bucket, int? Urgency, string Campaign, DateTimeOffset OpenedAt, DateTimeOffset ChangedAt);

internal sealed record HeadView(long Version, string Bucket, int? Urgency);

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

/// <summary>
/// The clinician's desk: every consultation that is theirs now, longest unanswered first. The stream sends what has changed;
/// its event id lists consultation and version, so that a reconnect closes exactly the gaps.
/// </summary>
internal sealed class Desk(IDbContextFactory<Database> databases, Admission admission, Bell bell, Duties duties, SignIns signIns, TimeProvider clock)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(4);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/desk", async (Desk desk, HttpContext http, CancellationToken ct) => TypedResults.Ok(await desk.Look(http.Subject(), ct)))
            .Allow(Resource.Desk, Act.Read);

        app.MapGet("/api/v1/desk/events", (Desk desk, HttpContext http, CancellationToken ct) =>
                TypedResults.ServerSentEvents(desk.Follow(http.Subject(), http.Request.Headers["Last-Event-ID"].ToString(), ct)))
            .Allow(Resource.Desk, Act.Read);
    }

    public async Task<IReadOnlyList<Consultation>> Open(Subject who, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var heads = await database.Set<Head>().AsNoTracking().Where(Policy.Filter(who, Resource.Messages, Act.Read)).ToListAsync(ct);
        var open = new List<Consultation>();
        foreach (var head in heads.OrderBy(h => h.UnansweredSince ?? long.MaxValue).ThenBy(h => h.AssignedAt))
        {
            if ((await admission.Read(who, new ConsultationId(head.Id).ToString(), Resource.Messages, now, ct)).Is(out var state, out _))
            {
                open.Add(state);
            }
        }

        return open;
    }

    private async Task<DeskView> Look(Subject who, CancellationToken ct) =>
        new([.. (await Open(who, ct)).Select(c => ConsultationView.Of(c, forClinician: true))], []);

    /// <summary>What has changed since the last item: consultations whole, and the ids of those that are no longer theirs.</summary>
    public async IAsyncEnumerable<SseItem<DeskView>> Follow(Subject who, string lastEventId, [EnumeratorCancellation] CancellationToken ct)
    {
        var shown = Shown(lastEventId);
        using var ear = bell.Listen(Bell.Desk(who.Account));
        var first = true;
        var lastSent = clock.GetUtcNow();
        while (!ct.IsCancellationRequested)
        {
            if (!await signIns.IsLive(who, ct))
            {
                yield break;
            }

            await duties.Sign(who.Account, clock.GetUtcNow());
            var open = await Open(who, ct);
            // Not only later ones: after a restore a reader may have seen more than there is.
            var changed = open.Where(c => !shown.TryGetValue(c.Id.ToString(), out var version) || version != c.Version).ToList();
            var gone = shown.Keys.Except(open.Select(c => c.Id.ToString())).ToList();
            var quiet = clock.GetUtcNow() - lastSent >= Heartbeat;
            if (first || changed.Count > 0 || gone.Count > 0 || quiet)
            {
                shown = open.ToDictionary(c => c.Id.ToString(), c => c.Version);
                first = false;
                lastSent = clock.GetUtcNow();
                var id = string.Join(',', shown.Select(s => $"{s.Key}:{s.Value}"));
                yield return new SseItem<DeskView>(new DeskView([.. changed.Select(c => ConsultationView.Of(c, forClinician: true))], gone), "desk") { EventId = id };
            }

            await ear.NextAsync(LookAgain, ct);
        }
    }

    /// <summary>What the other side says it has. Anything that cannot be read is sent again, whole.</summary>
    private static Dictionary<string, long> Shown(string lastEventId)
    {
        var shown = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in lastEventId.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':') is [var id, var version] && ConsultationId.TryParse(id, out _) && long.TryParse(version, out var number))
            {
                shown[id] = number;
            }
        }

        return shown;
    }
}

/// <param name="Changed">Whole, longest unanswered first.</param>
/// <param name="Gone">No longer theirs: ended, handed over, or given to somebody else.</param>
internal sealed record DeskView(IReadOnlyList<ConsultationView> Changed, IReadOnlyList<string> Gone);

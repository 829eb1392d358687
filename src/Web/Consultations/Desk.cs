using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;

namespace Yizhen.Web.Consultations;

/// <summary>
/// The clinician's desk: every consultation that is theirs now, longest unanswered first. The stream sends what has changed;
/// its event id lists consultation and version, so that a reconnect closes exactly the gaps.
/// </summary>
internal sealed class Desk(Admission admission, AnswerPrompt prompts, Drafts drafts, Bell bell, Duties duties, SignIns signIns, TimeProvider clock)
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

    private async Task<DeskView> Look(Subject who, CancellationToken ct)
    {
        var desk = await admission.Assigned(who, clock.GetUtcNow(), ct);
        return new(await drafts.Views(who, desk.Whole, ct), [], Ids(desk.Broken), await prompts.Of(who, ct));
    }

    /// <summary>What has changed since the last item: consultations whole, and the ids of those that are no longer theirs.</summary>
    public async IAsyncEnumerable<SseItem<DeskView>> Follow(Subject who, string lastEventId, [EnumeratorCancellation] CancellationToken ct)
    {
        var shown = Shown(lastEventId);
        using var ear = bell.Listen(Bell.Desk(who.Account));
        IReadOnlyList<string>? broken = null;
        IReadOnlyList<PromptView> asked = [];
        var lastSent = clock.GetUtcNow();
        while (!ct.IsCancellationRequested)
        {
            if (!await signIns.IsLive(who, ct))
            {
                yield break;
            }

            var now = clock.GetUtcNow();
            await duties.Sign(who.Account, now);
            var desk = await admission.Assigned(who, now, ct);
            var (dark, asking) = (Ids(desk.Broken), await prompts.Of(who, ct));
            // Not only later ones: after a restore a reader may have seen more than there is.
            var changed = desk.Whole.Where(c => !shown.TryGetValue(c.Id.ToString(), out var version) || version != c.Version).ToList();
            var gone = shown.Keys.Except(desk.Whole.Select(c => c.Id.ToString())).Except(dark).ToList();
            if (broken is null || !dark.SequenceEqual(broken) || !asking.SequenceEqual(asked) || changed.Count > 0 || gone.Count > 0 || now - lastSent >= Heartbeat)
            {
                // One that has gone dark is still theirs: it keeps its place, so that it is called gone when it goes.
                var versions = dark.Select(id => (Id: id, Version: shown.GetValueOrDefault(id)));
                shown = desk.Whole.Select(c => (Id: c.Id.ToString(), c.Version)).Concat(versions).ToDictionary(s => s.Id, s => s.Version);
                (broken, asked, lastSent) = (dark, asking, now);
                var id = string.Join(',', shown.Select(s => $"{s.Key}:{s.Value}"));
                yield return new SseItem<DeskView>(new DeskView(await drafts.Views(who, changed, ct), gone, dark, asking), "desk") { EventId = id };
            }

            await ear.NextAsync(LookAgain, ct);
        }
    }

    private static IReadOnlyList<string> Ids(IEnumerable<Storage.Head> heads) => [.. heads.Select(h => new ConsultationId(h.Id).ToString())];

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
/// <param name="Broken">Still theirs, and cannot be read; the operator has been told.</param>
/// <param name="Asked">Whom they are asked to take now, all of them at each item.</param>
internal sealed record DeskView(IReadOnlyList<ConsultationView> Changed, IReadOnlyList<string> Gone, IReadOnlyList<string> Broken, IReadOnlyList<PromptView> Asked);

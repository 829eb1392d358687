using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>The board as page, as fragments of a stream, and as JSON.</summary>
internal static class ShowBoard
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NotFasterThan = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Board, async (Board board, HttpContext http, CancellationToken ct) =>
                http.Page<BoardPage>(new BoardModel(http.Subject().Name, StaffPlaces.Operator(Lang.Of(http.Request)), await board.Look(ct))))
            .Allow(Resource.Board, Act.Read);

        app.MapGet($"{StaffPlaces.Board}/stream", (Board board, Bell bell, SignIns signIns, TimeProvider clock, HttpContext http, CancellationToken ct) =>
                TypedResults.ServerSentEvents(Follow(board, bell, signIns, clock, http, ct)))
            .Allow(Resource.Board, Act.Read);

        app.MapGet($"{StaffPlaces.Board}/hours.csv", async (Board board, PageSettings settings, HttpContext http, CancellationToken ct) =>
                Sheet(Lang.Of(http.Request), settings.Zone, await board.Look(ct)))
            .Allow(Resource.Board, Act.Read);

        app.MapGet($"{StaffPlaces.Board}/coming.csv", async (Board board, PageSettings settings, HttpContext http, CancellationToken ct) =>
                Coming(Lang.Of(http.Request), settings.Zone, await board.Look(ct)))
            .Allow(Resource.Board, Act.Read);

        app.MapGet("/api/v1/board", async (Board board, CancellationToken ct) => Results.Json(await board.Look(ct))).Allow(Resource.Board, Act.Read);

        app.MapGet("/api/v1/ledger", async (Board board, TimeProvider clock, CancellationToken ct) => Results.Json(await board.Count(clock.GetUtcNow(), ct))).Allow(Resource.Ledger, Act.Read);
    }

    /// <summary>The last three hours, as a file that a spreadsheet opens.</summary>
    private static FileContentHttpResult Sheet(Lang t, TimeZoneInfo zone, BoardPicture picture)
    {
        string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string Count(int people) => people.ToString(CultureInfo.InvariantCulture);
        ImmutableArray<string> heads = [t["从", "from"], t["到", "to"], t["候诊（末）", "waiting at the end"], t["新来", "joined"], t["接上", "taken"], t["离开", "left"]];
        var lines = (picture.Recount?.Hours ?? []).Select(h => (IEnumerable<string>)[Time(h.From), Time(h.To), Count(h.Waiting), Count(h.Joined), Count(h.Taken), Count(h.Left)]);
        return TypedResults.File(Encoding.UTF8.GetBytes(Csv.Of(lines.Prepend(heads))), Csv.Type, $"board-{TimeZoneInfo.ConvertTime(picture.At, zone):yyyyMMdd-HHmm}.csv");
    }

    /// <summary>The hours to come, the same way.</summary>
    private static FileContentHttpResult Coming(Lang t, TimeZoneInfo zone, BoardPicture picture)
    {
        string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string Count(double people) => people.ToString("0.#", CultureInfo.InvariantCulture);
        ImmutableArray<string> heads = [t["从", "from"], t["到", "to"], t["预计来", "expected"], t["排班看得过来", "can be seen"], t["医生", "clinicians"], t["座位", "seats"]];
        var lines = (picture.Coming?.Hours ?? []).Select(h => (IEnumerable<string>)[Time(h.From), Time(h.To), Count(h.Expected), Count(h.CanTake), Count(h.Clinicians), Count(h.Seats)]);
        return TypedResults.File(Encoding.UTF8.GetBytes(Csv.Of(lines.Prepend(heads))), Csv.Type, $"coming-{TimeZoneInfo.ConvertTime(picture.At, zone):yyyyMMdd-HHmm}.csv");
    }

    /// <summary>The live parts, without forms. The account is asked for at each turn; the queue may ring far more often than anybody can read.</summary>
    private static async IAsyncEnumerable<string> Follow(Board board, Bell bell, SignIns signIns, TimeProvider clock, HttpContext http, [EnumeratorCancellation] CancellationToken ct)
    {
        var who = http.Subject();
        using var ear = bell.Listen(Bell.Queue);
        while (!ct.IsCancellationRequested && await signIns.IsLive(who, ct))
        {
            yield return await Pages.RenderAsync(http.RequestServices, typeof(BoardParts), await board.Look(ct), http.Frame());
            await Task.Delay(NotFasterThan, clock, ct);
            await ear.NextAsync(LookAgain - NotFasterThan, ct);
        }
    }
}

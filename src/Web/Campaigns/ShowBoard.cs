using System.Runtime.CompilerServices;
using Yizhen.Rules;
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

        app.MapGet($"{StaffPlaces.Board}/{{table}}.csv", async (string table, Board board, BoardTables tables, HttpContext http, CancellationToken ct) =>
                (IResult?)tables.File(table, Lang.Of(http.Request), await board.Look(ct)) ?? http.Refuse(Refusal.NotFound))
            .Allow(Resource.Board, Act.Read);

        app.MapGet("/api/v1/board", async (Board board, CancellationToken ct) => Results.Json(await board.Look(ct))).Allow(Resource.Board, Act.Read);

        app.MapGet("/api/v1/ledger", async (Board board, TimeProvider clock, CancellationToken ct) => Results.Json(await board.Count(clock.GetUtcNow(), ct))).Allow(Resource.Ledger, Act.Read);
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

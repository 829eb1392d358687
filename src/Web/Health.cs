using Yizhen.Web.Accounts;
using Yizhen.Web.Overload;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the database answers and every loop turns; 503 otherwise,
/// so that a load balancer looks elsewhere. A gateway that fails is named, but no node can do better. Danger signs are served in either case.
/// </summary>
internal static class Health
{
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(30);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).Anonymous("says only that the process answers");

        app.MapGet("/health/ready", async (IEngine engine, Heartbeats heartbeats, Messages messages, Gate gate, Deployment deployment, TimeProvider clock, CancellationToken ct) =>
            {
                var now = clock.GetUtcNow();
                var loops = heartbeats.Loops.ToDictionary(l => l.Key, l => l.Value.Failing ?? (now - l.Value.LastTurn < Still * deployment.Times ? "turning" : "still"));
                var database = await AnswersAsync(engine, ct);
                var ready = database && loops.Values.All(state => state == "turning");
                var door = gate.State;
                return Results.Json(new Readiness(ready, database, messages.State, loops, door.Stage, door.Waiting), Faces.Json, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
            })
            .Anonymous("names loops and states, nothing about anybody");
    }

    private static async Task<bool> AnswersAsync(IEngine engine, CancellationToken ct)
    {
        try
        {
            await using var connection = await engine.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "select kind from deployment";
            return await command.ExecuteScalarAsync(ct) is string;
        }
        catch (Exception away) when (away is StorageException or System.Data.Common.DbException)
        {
            return false;
        }
    }
}

/// <param name="Messages">sent, failing or not_set_up.</param>
/// <param name="Stage">What is left out for want of room. A node that sheds is ready all the same: to take it away would only burden the others.</param>
/// <param name="Before">People before the door.</param>
internal sealed record Readiness(bool Ready, bool Database, string Messages, IReadOnlyDictionary<string, string> Loops, Rules.Overload.Stage Stage, int Before);

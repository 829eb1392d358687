using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Yizhen.Rules;
using Yizhen.Rules.Directories;
using Yizhen.Web.Page;

namespace Yizhen.Web.Directories;

/// <summary>The small form of a hospital, and the same by <c>/api/v1</c> with the link's token as bearer.</summary>
internal sealed class StateHospital(HospitalLinks links, Shelf shelf, TimeProvider clock)
{
    private const string Why = "a hospital's link is its own key, good for its own statement and nothing else";
    private const string Bearer = "Bearer ";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/h/{token}", (string token, StateHospital state, HttpContext http, CancellationToken ct) => state.Show(http, token, [], ct)).Anonymous(Why);
        app.MapPost("/h/{token}", (string token, StateHospital state, HttpContext http) => state.Said(http, token)).Anonymous(Why);
        app.MapPost("/api/v1/hospital/statement", async (StatementBody body, HospitalLinks links, HttpContext http, TimeProvider clock) =>
                http.Json(await links.State(Token(http), new HospitalStatement(clock.GetUtcNow(), body.Open, body.Room, body.Waiting), http.RequestAborted), s => s))
            .Anonymous(Why);
    }

    private async Task<IResult> Show(HttpContext http, string token, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        if (await links.Whose(token, ct) is not { } hospital)
        {
            return http.Refuse(Refusal.NotFound);
        }

        http.Response.Headers.CacheControl = "no-store";
        var said = (await shelf.StatementsAsync([hospital.Key], ct)).GetValueOrDefault(hospital.Key);
        return http.Page<StateHospitalPage>(new StateHospitalModel(hospital.Name, hospital.Address, $"/h/{token}", said, mistakes), status: mistakes.IsEmpty ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> Said(HttpContext http, string token)
    {
        var form = await SentForm.ReadAsync(http);
        var t = Lang.Of(http.Request);
        if (!form.Trusted || form["open"] is not ("yes" or "no"))
        {
            return await Show(http, token, form.Trusted ? [new Mistake("open", t["请选现在接不接", "Choose whether you take patients now"])] : [], http.RequestAborted);
        }

        if (!Number(form["room"], out var room) || !Number(form["waiting"], out var waiting))
        {
            return await Show(http, token, [new Mistake(Number(form["room"], out _) ? "waiting" : "room", Unreadable(t))], http.RequestAborted);
        }

        var said = await links.State(token, new HospitalStatement(clock.GetUtcNow(), form["open"] == "yes", room, waiting), http.RequestAborted);
        return !said.IsRefused(out var why) ? new SeeOther($"/h/{token}")
            : why == Refusal.Malformed ? await Show(http, token, [new Mistake("room", Unreadable(t))], http.RequestAborted)
            : http.Refuse(why);
    }

    private static string Unreadable(Lang t) => t["写一个数字，不知道就空着", "A number, or leave it empty"];

    private static bool Number(string text, out int? number)
    {
        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : null;
        return number is not null || text.Length == 0;
    }

    private static string Token(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is var sent && sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? sent[Bearer.Length..].Trim() : "";
}

/// <param name="Room">How many more can be taken today.</param>
/// <param name="Waiting">How many wait there now.</param>
internal sealed record StatementBody([property: JsonRequired] bool Open, int? Room, int? Waiting);

/// <param name="Said">The newest statement; null before the first.</param>
public sealed record StateHospitalModel(string Name, string Address, string Href, HospitalStatement? Said, ImmutableArray<Mistake> Mistakes);

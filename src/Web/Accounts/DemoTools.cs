using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>What exists in demo and drill only: what kind of server this is, physicians for a replay, and the outbox.</summary>
internal static class DemoTools
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/server", (Deployment deployment) => TypedResults.Ok(new ServerKind(Deployment.Code(deployment.Kind))))
            .Anonymous("Says whether this is a demo, a drill or real, and nothing else.");

        app.MapPost("/api/v1/demo/physicians", async (DemoPhysicianBody body, Staff staff, StaffDoor door, DemoSecret secret, IDbContextFactory<Database> databases, HttpContext http, TimeProvider clock) =>
            {
                if (!secret.Holds(http) || !InviteStaff.IsList(body.Skills) || !InviteStaff.IsList(body.Langs))
                {
                    return http.Problem(Rules.Refusal.NotFound);
                }

                var now = clock.GetUtcNow();
                var login = $"replay-{body.Number.ToString(CultureInfo.InvariantCulture)}";
                await using var database = await databases.CreateDbContextAsync();
                var known = await database.Set<StaffRow>().AsNoTracking().FirstOrDefaultAsync(s => s.Login == login);
                var organisation = await database.Set<OrganisationRow>().AsNoTracking().Where(o => body.Organisation == null || o.Id == body.Organisation).OrderBy(o => o.CreatedAt).Select(o => o.Id).FirstOrDefaultAsync();
                var post = new Post(organisation, Role.Physician, body.Skills ?? "general,fever,psych,pediatrics,obstetrics,tcm,chronic", body.Langs ?? "zh,wuhan,yue,wu,en", "*");
                var row = known ?? staff.New(Guid.CreateVersion7(now), login, $"演练医生{body.Number.ToString(CultureInfo.InvariantCulture)}", "", PhoneNumber.Read("13800000000").Value, Staff.NobodysHash, post, Vault.NewKey(), now);
                return TypedResults.Ok(new DemoToken(await door.SignInForRehearsal(row, add: known is null, now)));
            })
            .Allow(Resource.DemoTools, Act.Create);

        app.MapGet("/demo/outbox.json", async (Deployment deployment, Messages messages, IDbContextFactory<Database> databases, HttpContext http, CancellationToken ct) =>
                deployment.IsRehearsal ? TypedResults.Ok(await Newest(messages, databases, ct)) : http.Refuse(Rules.Refusal.NotFound))
            .Allow(Resource.DemoTools, Act.Read);
    }

    public static async Task<IReadOnlyList<OutboxView>> Newest(Messages messages, IDbContextFactory<Database> databases, CancellationToken ct)
    {
        const int Shown = 50;
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<OutboxRow>().AsNoTracking().OrderByDescending(o => o.At).ThenByDescending(o => o.Id).Take(Shown).ToListAsync(ct);
        var views = new List<OutboxView>();
        foreach (var row in rows)
        {
            if (await messages.Open(database, row, ct) is { } message)
            {
                views.Add(new OutboxView(row.At.Utc(), row.Kind, message.Number, message.Text));
            }
        }

        return views;
    }
}

internal sealed record ServerKind(string Kind);

/// <param name="Skills">With commas between them; null: all.</param>
/// <param name="Organisation">Whose physician; null: the first one's.</param>
internal sealed record DemoPhysicianBody(int Number, string? Skills = null, string? Langs = null, Guid? Organisation = null);

internal sealed record DemoToken(string Token);

internal sealed record OutboxView(DateTimeOffset At, string Kind, string Number, string Text);

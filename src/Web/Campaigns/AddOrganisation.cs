using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// The organisation that set this deployment up takes another one in, with an invitation for that one's first operator, who from then on invites its clinicians
/// and sets what it lends. The link stands in the answer to the form, never in an address that is logged.
/// </summary>
internal sealed class AddOrganisation(IDbContextFactory<Database> databases, Staff staff, Places places, TimeProvider clock)
{
    private const int LongestName = 80;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost($"{StaffPlaces.Aid}/organisations", (AddOrganisation add, RunAid run, HttpContext http, CancellationToken ct) => add.Take(run, http, ct)).Allow(Resource.Invitation, Act.Create);
        app.MapPost("/api/v1/aid/organisations", async (NewOrganisation body, AddOrganisation add, HttpContext http) =>
            http.Json(await add.Take(http.Subject(), body), taken => taken)).Allow(Resource.Invitation, Act.Create);
    }

    /// <summary>Whether whoever asks belongs to the organisation that set this deployment up.</summary>
    public async Task<bool> May(Subject who, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<OrganisationRow>().OrderBy(o => o.CreatedAt).ThenBy(o => o.Id).Select(o => o.Id).FirstOrDefaultAsync(ct) == who.Organisation;
    }

    private async Task<IResult> Take(RunAid run, HttpContext http, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        var taken = form.Trusted ? await Take(http.Subject(), new NewOrganisation(form["name_zh"], form["name_en"], form["province"])) : Refusal.Malformed;
        return taken.Is(out var invited, out var why)
            ? await run.Show(http, null, Rules.Dispatch.AidDraft.Empty, [], ct, link: $"{http.Request.Scheme}://{http.Request.Host}/staff/join/{invited.Token}")
            : await run.Show(http, null, Rules.Dispatch.AidDraft.Empty, [http.Mistake("name_zh", why)], ct, why, house: (form["name_zh"], form["name_en"], form["province"]));
    }

    private async Task<Decision<InvitedOrganisation>> Take(Subject who, NewOrganisation asked)
    {
        if (!await May(who, CancellationToken.None))
        {
            return Refusal.NotFound;
        }

        var name = new BothWays(asked.NameZh?.Trim() ?? "", asked.NameEn?.Trim() ?? "");
        if (!name.IsWhole || name.Zh.Length > LongestName || name.En.Length > LongestName || name.Zh.Any(char.IsControl) || name.En.Any(char.IsControl) || PoolWords.ProvinceCode(places, asked.Province?.Trim() ?? "") is not { } province)
        {
            return Refusal.Malformed;
        }

        var now = clock.GetUtcNow();
        var row = new OrganisationRow { Id = Guid.CreateVersion7(now), NameZh = name.Zh, NameEn = name.En, Province = province, CreatedAt = now.Ms() };
        await using (var database = await databases.CreateDbContextAsync())
        {
            if (await database.Set<OrganisationRow>().AnyAsync(o => o.NameZh == row.NameZh))
            {
                return Refusal.Conflict;
            }

            database.Add(row);
            await database.SaveChangesAsync();
        }

        return new InvitedOrganisation(row.Id, await staff.Invite(new Post(row.Id, Role.Operator, "general", "zh", "*"), who.Account, now));
    }
}

/// <param name="Province">Two digits of the region code.</param>
internal sealed record NewOrganisation(string? NameZh, string? NameEn, string? Province);

/// <param name="Token">Of the link for its first operator: works once, within seven days, and is told only now.</param>
internal sealed record InvitedOrganisation(Guid Id, string Token);

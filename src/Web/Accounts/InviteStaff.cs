using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>Addresses of staff pages that more than one slice links to.</summary>
internal static class StaffPlaces
{
    public const string Invitations = "/staff/invitations";
    public const string Board = "/staff/board";
    public const string Picture = "/staff/picture";
    public const string Plan = "/staff/plan";
    public const string Roster = "/staff/roster";
    public const string Shifts = "/staff/shifts";
    public const string Surge = "/staff/surge";
    public const string Drill = "/staff/drill";
    public const string Aid = "/staff/aid";
    public const string Worklist = "/staff/worklist";
    public const string Recall = "/staff/recall";
    public const string Reports = "/staff/reports";
    public const string Campaigns = "/staff/campaigns";
    public const string Notices = "/staff/notices";
    public const string Library = "/staff/library";
    public const string People = "/staff/people";
    public const string Hospitals = "/staff/hospitals";

    /// <summary>The navigation of an operator, the same on each of their pages.</summary>
    public static ImmutableArray<(string Href, string Words)> Operator(Lang t) =>
        [(Board, t["候诊总览", "Board"]), (Picture, t["全景", "Picture"]), (Surge, t["高峰分级", "Surge"]), (Roster, t["排班", "Roster"]), (Plan, t["推演", "What if"]), (Aid, t["互相支援", "Mutual aid"]), (Worklist, t["待办清单", "Worklist"]), (Recall, t["建议更正", "Corrections"]), (Notices, t["通知", "Notices"]), (Campaigns, t["义诊活动", "Campaigns"]), (Library, t["答复库", "Library"]), (Hospitals, t["医院名录", "Hospitals"]), (Invitations, t["邀请", "Invitations"]), (People, t["人员", "People"])];

    /// <summary>The navigation of a clinician; a physician reviews the library.</summary>
    public static ImmutableArray<(string Href, string Words)> Clinician(Lang t, Role role)
    {
        ImmutableArray<(string Href, string Words)> places = [("/staff/desk", t["工作台", "Desk"]), (Shifts, t["我的班", "My shifts"]), (Worklist, t["待办清单", "Worklist"]), (Notices, t["通知", "Notices"])];
        return Policy.May(role, Resource.Library, Act.List) ? places.Add((Library, t["答复库", "Library"])) : places;
    }
}

/// <param name="Link">The one that was just made; shown once.</param>
/// <param name="Wrong">What to look at again, in words.</param>
/// <param name="Ticked">Role, skills and languages as they were sent, to stand in the form again.</param>
public sealed record InviteModel(
    string Me,
    ImmutableArray<(string Href, string Words)> Places,
    ImmutableArray<(string Value, string Words)> Roles,
    ImmutableArray<(string Value, string Words)> Skills,
    ImmutableArray<(string Value, string Words)> Langs,
    ImmutableArray<OpenInvitation> Open,
    string? Link,
    string? Wrong,
    ImmutableHashSet<string> Ticked,
    string Licence);

public sealed record OpenInvitation(string Role, DateTimeOffset At, DateTimeOffset Until);

/// <summary>The invitations page. The link stands in the answer to the form, never in an address that is logged.</summary>
internal sealed class InviteStaff(Staff staff, IDbContextFactory<Database> databases, TimeProvider clock)
{
    private static readonly TimeSpan InvitationAge = TimeSpan.FromDays(7);
    private static readonly Role[] Invited = [Role.Physician, Role.AssistantPhysician, Role.Nurse, Role.Pharmacist, Role.Counsellor, Role.HealthAdviser, Role.Operator];

    /// <summary>In characters.</summary>
    private const int LongestList = 200;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Invitations, async (InviteStaff invite, HttpContext http, CancellationToken ct) =>
            http.Page<InvitePage>(await invite.Model(http, null, null, ct))).Allow(Resource.Invitation, Act.List);
        app.MapPost(StaffPlaces.Invitations, (InviteStaff invite, HttpContext http) => invite.Send(http)).Allow(Resource.Invitation, Act.Create);
    }

    /// <summary>The row to store, and the token for the link, which is stored nowhere.</summary>
    public static (InvitationRow Row, string Token) NewInvitation(Post post, Guid? by, DateTimeOffset now)
    {
        var token = Tokens.New();
        var row = new InvitationRow
        {
            Id = Guid.CreateVersion7(now),
            TokenDigest = Tokens.Digest(token),
            Organisation = post.Organisation,
            Role = post.Role.ToString(),
            Skills = post.Skills,
            Langs = post.Langs,
            Licence = post.Licence,
            CreatedBy = by,
            CreatedAt = now.Ms(),
            ExpiresAt = (now + InvitationAge).Ms(),
        };
        return (row, token);
    }

    /// <summary>Codes with commas between them, or nothing.</summary>
    public static bool IsList(string? codes) => codes is null || (codes.Length is > 0 and <= LongestList && codes.All(c => char.IsAsciiLetterOrDigit(c) || c is ',' or '_' or '*'));

    private async Task<IResult> Send(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var (t, who) = (Lang.Of(http.Request), http.Subject());
        if (!form.Trusted || !Read(t, form, who.Organisation).Is(out var post, out _))
        {
            var wrong = t["有一处读不懂：选一个身份，至少一种语言；省份写两位代码", "Something cannot be read: choose a role and at least one language; provinces are two-digit codes"];
            return http.Page<InvitePage>(await Model(http, null, wrong, http.RequestAborted, form), status: StatusCodes.Status400BadRequest);
        }

        var token = await staff.Invite(post, who.Account, clock.GetUtcNow());
        var link = $"{http.Request.Scheme}://{http.Request.Host}/staff/join/{token}";
        return http.Page<InvitePage>(await Model(http, link, null, http.RequestAborted));
    }

    private static Decision<Post> Read(Lang t, SentForm form, Guid organisation)
    {
        var skills = form.All("skill");
        var langs = form.All("lang");
        var provinces = form["licence"].Split([',', '，', ' '], StringSplitOptions.RemoveEmptyEntries);
        return form.Choice<Role>("role") is { } role && Invited.Contains(role)
            && skills.All(s => Skills(t).Any(k => k.Value == s)) && langs.All(l => Langs(t).Any(k => k.Value == l))
            && (role == Role.Operator || langs.Count > 0)
            && form["licence"].Length <= LongestList && provinces.All(p => p.Length == 2 && p.All(char.IsAsciiDigit))
            ? new Post(organisation, role, string.Join(',', skills.DefaultIfEmpty("general")), string.Join(',', langs.DefaultIfEmpty("zh")), provinces.Length == 0 ? "*" : string.Join(',', provinces))
            : Refusal.Malformed;
    }

    private async Task<InviteModel> Model(HttpContext http, string? link, string? wrong, CancellationToken ct, SentForm? again = null)
    {
        var (t, who, now) = (Lang.Of(http.Request), http.Subject(), clock.GetUtcNow().Ms());
        await using var database = await databases.CreateDbContextAsync(ct);
        var rows = await database.Set<InvitationRow>().AsNoTracking()
            .Where(i => i.Organisation == who.Organisation && i.SpentAt == null && i.ExpiresAt > now)
            .OrderByDescending(i => i.CreatedAt).ToListAsync(ct);
        return new InviteModel(
            who.Name,
            StaffPlaces.Operator(t),
            [.. Invited.Select(r => (r.ToString(), Word(t, r)))],
            Skills(t),
            Langs(t),
            [.. rows.Select(r => new OpenInvitation(Word(t, Enum.Parse<Role>(r.Role)), r.CreatedAt.Utc(), r.ExpiresAt.Utc()))],
            link,
            wrong,
            again is null ? [] : [again["role"], .. again.All("skill"), .. again.All("lang")],
            again?["licence"] ?? "");
    }

    private static ImmutableArray<(string Value, string Words)> Skills(Lang t) =>
        [.. PoolWords.Skills.Select(skill => (skill, PoolWords.Skill(t, skill)))];

    private static ImmutableArray<(string Value, string Words)> Langs(Lang t) =>
        [("zh", t["普通话", "Mandarin"]), ("en", t["英语", "English"]), ("wuhan", t["武汉话", "Wuhan dialect"]), ("yue", t["粤语", "Cantonese"]), ("wu", t["吴语", "Wu"])];

    public static string Word(Lang t, Role role) => role switch
    {
        Role.Physician => t["医师", "Physician"],
        Role.AssistantPhysician => t["助理医师", "Assistant physician"],
        Role.Nurse => t["护士", "Nurse"],
        Role.Pharmacist => t["药师", "Pharmacist"],
        Role.Counsellor => t["心理咨询师", "Counsellor"],
        Role.HealthAdviser => t["健康顾问", "Health adviser"],
        Role.Operator => t["值班（运营）", "Operator"],
        Role.Anonymous or Role.Patient or Role.Partner => t["患者", "Patient"],
    };
}

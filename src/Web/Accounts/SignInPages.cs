using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <param name="Outbox">Where a rehearsal shows the messages; null in real use.</param>
public sealed record SignInModel(string Login, string? Outbox, ImmutableArray<Mistake> Mistakes);

/// <param name="Minutes">How long the code is good.</param>
public sealed record SecondFactorModel(int Minutes, string? Outbox, ImmutableArray<Mistake> Mistakes);

/// <param name="Token">Of the invitation; it stands in the address anyway.</param>
public sealed record JoinModel(string Token, string Login, string Name, string JobTitle, string Phone, int Shortest, ImmutableArray<Mistake> Mistakes);

/// <summary>Sign-in as pages: password, then the code; joining by invitation; signing out.</summary>
internal sealed class SignInPages(Staff staff, SignIns signIns, CodeLimits limits, Deployment deployment, TimeProvider clock)
{
    /// <summary>Holds the half sign-in between password and code; it opens nothing.</summary>
    private const string HalfCookie = "yz-half";
    private const string Start = "/staff/sign-in";
    private const string Second = "/staff/second-factor";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Start, (SignInPages pages, HttpContext http) => pages.SignInForm(http, "", null)).Allow(Resource.SignIn, Act.Read);
        app.MapPost(Start, (SignInPages pages, HttpContext http) => pages.SignIn(http)).Allow(Resource.SignIn, Act.Create);
        app.MapGet(Second, (SignInPages pages, HttpContext http) => pages.SecondForm(http, null)).Allow(Resource.SignIn, Act.Read);
        app.MapPost(Second, (SignInPages pages, HttpContext http) => pages.SecondFactor(http)).Allow(Resource.SignIn, Act.Create);
        app.MapPost("/staff/sign-out", (SignInPages pages, HttpContext http) => pages.SignOut(http)).Allow(Resource.SignIn, Act.Transition);
        app.MapGet("/staff/join/{token}", (string token, SignInPages pages, HttpContext http, CancellationToken ct) => pages.JoinForm(http, token, ct)).Allow(Resource.SignIn, Act.Read);
        app.MapPost("/staff/join/{token}", (string token, SignInPages pages, HttpContext http) => pages.Join(http, token)).Allow(Resource.SignIn, Act.Create);
    }

    private string? Outbox => deployment.IsRehearsal ? ShowOutbox.Address : null;

    private IResult SignInForm(HttpContext http, string login, Refusal? why) =>
        http.Page<SignInPage>(new SignInModel(login, Outbox, why is { } refusal ? [Mistake(http, "login", refusal)] : []), status: why is { } no ? RefusalWords.Status(no) : 200);

    private async Task<IResult> SignIn(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted)
        {
            return SignInForm(http, form["login"], null);
        }

        var signed = await staff.SignIn(form["login"], form["password"], signIns.NetworkOf(http), Lang.Of(http.Request).Code, clock.GetUtcNow());
        if (!signed.Is(out var token, out var why))
        {
            return SignInForm(http, form["login"], why);
        }

        http.Response.Cookies.Append(HalfCookie, token, SignIns.Cookie(http, TimeSpan.FromSeconds(limits.ValidForSeconds)));
        return new SeeOther(Second);
    }

    private IResult SecondForm(HttpContext http, Refusal? why) => http.Request.Cookies[HalfCookie] is null
        ? new SeeOther(Start)
        : http.Page<SecondFactorPage>(new SecondFactorModel((limits.ValidForSeconds / 60), Outbox, why is { } refusal ? [Mistake(http, "code", refusal)] : []), status: why is { } no ? RefusalWords.Status(no) : 200);

    private async Task<IResult> SecondFactor(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || http.Request.Cookies[HalfCookie] is not { } token)
        {
            return SecondForm(http, null);
        }

        if ((await staff.SecondFactor(token, form["code"], clock.GetUtcNow())).IsRefused(out var why))
        {
            return why == Refusal.SignInFailed ? SignInForm(http, "", why) : SecondForm(http, why);
        }

        http.Response.Cookies.Delete(HalfCookie);
        http.Response.Cookies.Append(SignIns.StaffCookie, token, SignIns.Cookie(http, SignInStaff.CookieAge));
        return new SeeOther("/staff");
    }

    private async Task<IResult> SignOut(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (form.Trusted)
        {
            await signIns.End(http.Subject(), clock.GetUtcNow());
            http.Response.Cookies.Delete(SignIns.StaffCookie);
        }

        return new SeeOther(form.Trusted ? Start : "/staff");
    }

    private async Task<IResult> JoinForm(HttpContext http, string token, CancellationToken ct) =>
        await staff.Invitation(token, clock.GetUtcNow(), ct) is null
            ? http.Refuse(Refusal.InvitationSpent)
            : http.Page<JoinPage>(new JoinModel(token, "", "", "", "", Staff.ShortestPassword, []));

    private async Task<IResult> Join(HttpContext http, string token)
    {
        var form = await SentForm.ReadAsync(http);
        var (t, status) = (Lang.Of(http.Request), StatusCodes.Status400BadRequest);
        ImmutableArray<Mistake> mistakes = [];
        if (form.Trusted)
        {
            var joined = await staff.Join(token, new Joining(form["login"], form["name"], form["title"], form["phone"], form["password"]), clock.GetUtcNow());
            if (!joined.IsRefused(out var why))
            {
                return new SeeOther(Start);
            }

            if (why == Refusal.InvitationSpent)
            {
                return http.Refuse(why);
            }

            status = RefusalWords.Status(why);
            mistakes = why == Refusal.PasswordTooWeak ? [http.Mistake("password", why)]
                : why == Refusal.Conflict ? [new Mistake("login", t["这个账号名有人用了，换一个", "This sign-in name is taken. Choose another"])]
                : why == Refusal.Malformed ? [new Mistake("name", t["姓名和账号名都要写，各不超过 60 个字", "Name and sign-in name are both needed, 60 characters at most"])]
                : [http.Mistake("phone", why)];
        }

        return http.Page<JoinPage>(new JoinModel(token, form["login"], form["name"], form["title"], form["phone"], Staff.ShortestPassword, mistakes), status: status);
    }

    /// <summary>What is said about codes elsewhere speaks of a place in the queue, which staff have none of.</summary>
    private static Mistake Mistake(HttpContext http, string field, Refusal why)
    {
        var t = Lang.Of(http.Request);
        return why switch
        {
            Refusal.CodesUsedUp => new Mistake(field, t["验证码发得太多了，过几分钟再登录", "Too many codes were asked for. Wait some minutes, then sign in again"]),
            Refusal.CodesNotSent => new Mistake(field, t["现在发不出短信。过一会儿再登录，或找管理员", "Messages cannot be sent now. Try again later, or ask whoever runs this service"]),
            Refusal.CodeExpired => new Mistake(field, t["验证码过了时间。重新登录，会再发一个", "This code is too old. Sign in again and a new one is sent"]),
            _ => http.Mistake(field, why),
        };
    }
}

public sealed record OutboxLine(DateTimeOffset At, string Kind, string Number, string Text);

public sealed record OutboxModel(ImmutableArray<OutboxLine> Lines);

/// <summary>The messages that a rehearsal did not send, for whoever tries it out.</summary>
internal static class ShowOutbox
{
    public const string Address = "/demo/outbox";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Address, async (Deployment deployment, Messages messages, IDbContextFactory<Database> databases, HttpContext http, CancellationToken ct) =>
                deployment.IsRehearsal
                    ? http.Page<OutboxPage>(new OutboxModel([.. (await DemoTools.Newest(messages, databases, ct)).Select(m => new OutboxLine(m.At, m.Kind, m.Number, m.Text))]))
                    : http.Refuse(Refusal.NotFound))
            .Allow(Resource.DemoTools, Act.Read);
}

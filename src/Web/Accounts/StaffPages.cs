using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <param name="Login">Kept when the form comes back; a password never is.</param>
public sealed record SignInModel(string Login, string? Wrong);

/// <param name="Pending">The sign-in that still lacks its second factor; it signs nobody in by itself.</param>
public sealed record SecondFactorModel(string Pending, string? Wrong);

/// <param name="Secret">For an authenticator app, which whoever joins may use instead of messages.</param>
/// <param name="AppOnly">Messages cannot be sent: without the app nobody could sign in.</param>
public sealed record JoinModel(string Address, string Login, string Name, string Title, string Phone, string Registration, string Secret, string Picture, bool AppOnly, string? Wrong);

public sealed record OutboxModel(IReadOnlyList<(DateTimeOffset At, string Kind, string Number, string Text)> Messages);

/// <summary>Sign in, second factor, join by invitation; and, in demo and drill, the outbox.</summary>
internal sealed class StaffPages(Staff staff, StaffDoor door, SignIns signIns, Messages messages, IDbContextFactory<Database> databases, Deployment deployment, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/staff/sign-in", (HttpContext http) => http.Page<SignInPage>(new SignInModel("", null))).Anonymous("the door for staff");
        app.MapPost("/staff/sign-in", (StaffPages pages, HttpContext http) => pages.SignIn(http)).Anonymous("the door for staff: password first");
        app.MapPost("/staff/second-factor", (StaffPages pages, HttpContext http) => pages.SecondFactor(http)).Anonymous("the door for staff: then the code");
        app.MapGet("/staff/join/{token}", (string token, StaffPages pages, HttpContext http, CancellationToken ct) => pages.Invited(http, token, ct)).Anonymous("an invitation is its own key");
        app.MapPost("/staff/join/{token}", (string token, StaffPages pages, HttpContext http) => pages.Join(http, token)).Anonymous("an invitation is its own key");
        app.MapGet("/demo/outbox", (StaffPages pages, HttpContext http, CancellationToken ct) => pages.Outbox(http, ct)).Allow(Resource.DemoTools, Act.Read);
    }

    private async Task<IResult> SignIn(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var t = Lang.Of(http.Request);
        var begun = form.Trusted
            ? await door.SignIn(form["login"], form["password"], signIns.NetworkOf(http), t.Code, clock.GetUtcNow())
            : Refusal.SignInFailed;
        return begun.Is(out var pending, out var why)
            ? http.Page<SecondFactorPage>(new SecondFactorModel(pending, null))
            : http.Page<SignInPage>(new SignInModel(form["login"], Words(t, why)), status: RefusalWords.Status(why));
    }

    private async Task<IResult> SecondFactor(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        var pending = form["pending"];
        var done = form.Trusted ? await door.SecondFactor(pending, form["code"], clock.GetUtcNow()) : Refusal.CodeExpired;
        if (done.IsRefused(out var why))
        {
            return http.Page<SecondFactorPage>(new SecondFactorModel(pending, Words(Lang.Of(http.Request), why)), status: RefusalWords.Status(why));
        }

        http.Response.Cookies.Append(SignIns.StaffCookie, pending, SignIns.Cookie(http, SignInStaff.CookieAge));
        return new SeeOther("/staff");
    }

    private async Task<IResult> Invited(HttpContext http, string token, CancellationToken ct) =>
        await staff.Invitation(token, clock.GetUtcNow(), ct) is null
            ? http.Refuse(Refusal.InvitationSpent)
            : http.Page<JoinPage>(Joining(token, new Joining("", "", "", "", null), Totp.NewSecret(), null));

    private async Task<IResult> Join(HttpContext http, string token)
    {
        var form = await SentForm.ReadAsync(http);
        var (now, t) = (clock.GetUtcNow(), Lang.Of(http.Request));
        var joining = new Joining(form["login"], form["name"], form["title"], form["phone"], form["password"], form["registration"]);
        var secret = Totp.Read(form["secret"]);
        var step = secret is not null && form["code"].Length > 0 ? Totp.Step(secret, form["code"], now, null) : null;
        (byte[], long)? app = secret is not null && step is { } used ? (secret, used) : null;
        var joined = !form.Trusted ? Refusal.Malformed
            : app is null && (form["code"].Length > 0 || !messages.CanSend) ? Refusal.AuthenticatorCodeWrong
            : await staff.Join(token, joining, now, app);
        if (!joined.Is(out var id, out var why))
        {
            return http.Page<JoinPage>(Joining(token, joining, secret ?? Totp.NewSecret(), Words(t, why)), status: RefusalWords.Status(why));
        }

        if (app is not null)
        {
            // Password and code were shown just now, and the code works once: nobody waits half a minute for the next.
            http.Response.Cookies.Append(SignIns.StaffCookie, await door.SignInJoined(id, now), SignIns.Cookie(http, SignInStaff.CookieAge));
            return new SeeOther("/staff");
        }

        // Joined with the right password: the second factor comes at once, without typing it all again.
        var begun = await door.SignIn(joining.Login, joining.Password, signIns.NetworkOf(http), t.Code, now);
        return begun.Is(out var pending, out _) ? http.Page<SecondFactorPage>(new SecondFactorModel(pending, null)) : new SeeOther("/staff/sign-in");
    }

    private JoinModel Joining(string token, Joining joining, byte[] secret, string? wrong) => new(
        $"/staff/join/{token}", joining.Login ?? "", joining.Name ?? "", joining.Title ?? "", joining.Phone ?? "", joining.Registration ?? "", Totp.Written(secret), OwnSecondFactor.Picture(secret, ""), !messages.CanSend, wrong);

    private async Task<IResult> Outbox(HttpContext http, CancellationToken ct) => deployment.IsRehearsal
        ? http.Page<OutboxPage>(new OutboxModel([.. (await DemoTools.Newest(messages, databases, ct)).Select(m => (m.At, m.Kind, m.Number, m.Text))]))
        : http.Refuse(Refusal.NotFound);

    private static string Words(Lang t, Refusal why)
    {
        var (zh, en) = RefusalWords.ForStaff(why);
        return t[zh, en];
    }
}

using Yizhen.Rules;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Page;

namespace Yizhen.Web.Accounts;

/// <param name="SentTo">Masked; null before a code was asked for.</param>
public sealed record ReturnModel(string Phone, string? SentTo, int Minutes, System.Collections.Immutable.ImmutableArray<Mistake> Mistakes);

/// <summary>
/// Back to one's place on any device by the phone that was verified. The reply is the same whether we know the number or not; a message goes
/// out only to a number that we know, and everything counts the same.
/// </summary>
internal sealed class ReturnByPhone(Patients patients, Codes codes, CodeLimits limits, SignIns signIns, TimeProvider clock)
{
    public const string Address = "/mine/phone";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Address, (ReturnByPhone back, HttpContext http) => back.Page(http, "", null, null)).Allow(Resource.Public, Act.Read);
        app.MapPost(Address, (ReturnByPhone back, HttpContext http) => back.Sent(http)).Allow(Resource.Contact, Act.Transition);

        app.MapPost("/api/v1/return/phone", async (PhoneAsked body, ReturnByPhone back, HttpContext http) =>
                http.Json(await back.Send(http, body.Phone), sent => new CodeOnItsWay(sent.Number.Masked, sent.Token)))
            .Allow(Resource.Contact, Act.Transition);
        app.MapPost("/api/v1/return/code", async (CodeTyped body, ReturnByPhone back, HttpContext http) =>
                http.Json(await back.Check(http.Subject(), body.Code), _ => new CameBack(true)))
            .Allow(Resource.Contact, Act.Transition);
    }

    private async Task<IResult> Sent(HttpContext http)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form["again"] == "yes")
        {
            return Page(http, form["phone"], null, null);
        }

        if (form.Has("code"))
        {
            var came = await Check(http.Subject(), form["code"]);
            return came.IsRefused(out var wrong) ? Page(http, form["phone"], form["sent_to"], wrong) : new SeeOther("/mine");
        }

        var sent = await Send(http, form["phone"]);
        if (!sent.Is(out var done, out var why))
        {
            return Page(http, form["phone"], null, why);
        }

        if (done.Token is { } token)
        {
            http.Response.Cookies.Append(SignIns.DeviceCookie, token, SignIns.Cookie(http, ReturnByCode.CookieAge));
        }

        return Page(http, form["phone"], done.Number.Masked, null);
    }

    private async Task<Decision<(PhoneNumber Number, string? Token)>> Send(HttpContext http, string? phone)
    {
        var (who, now, lang) = (http.Subject(), clock.GetUtcNow(), Lang.Of(http.Request).Code);
        if (!PhoneNumber.Read(phone).Is(out var number, out var malformed))
        {
            return malformed;
        }

        var (account, token) = who.IsPatient ? (who.Account, null) : await Arrived(lang, now);
        var sent = await codes.Send(Codes.ComingBack, account, await patients.Key(account), number, who.IsPatient ? who.SignIn : account, signIns.NetworkOf(http), lang, now, await patients.Knows(number.E164, http.RequestAborted));
        return sent.Then<(PhoneNumber, string?)>(_ => (number, token));
    }

    private async Task<(Guid Account, string? Token)> Arrived(string lang, DateTimeOffset now) => await patients.Arrive(lang, now);

    private async Task<Decision<bool>> Check(Subject who, string? code)
    {
        if (!who.IsPatient)
        {
            return Refusal.CodeExpired;
        }

        var now = clock.GetUtcNow();
        var check = await codes.Check(Codes.ComingBack, who.Account, await patients.Key(who.Account), code, now);
        if (!check.Is(out var number, out var why))
        {
            return why;
        }

        await patients.Verified(who.Account, number.E164, now);
        return true;
    }

    private IResult Page(HttpContext http, string phone, string? sentTo, Refusal? why) => http.Page<ReturnPhonePage>(
        new ReturnModel(phone, string.IsNullOrEmpty(sentTo) ? null : sentTo, (int)limits.ValidFor.TotalMinutes, why is { } refusal ? [http.Mistake(sentTo is null ? "phone" : "code", refusal)] : []),
        status: why is { } no ? RefusalWords.Status(no) : StatusCodes.Status200OK);
}

internal sealed record PhoneAsked(string? Phone);

internal sealed record CodeTyped(string? Code);

/// <param name="Token">A new device's, to be sent with the code; null where the device was known.</param>
internal sealed record CodeOnItsWay(string SentTo, string? Token);

internal sealed record CameBack(bool Back);

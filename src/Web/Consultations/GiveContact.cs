using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>
/// Where to be reached: a phone and the code that comes back, or, where codes cannot be sent or are used up, the place on this device
/// and a printed recovery code. Nobody loses a place over a code.
/// </summary>
internal sealed class GiveContact(Admission admission, Patients patients, Codes codes, SignIns signIns)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/consultations/{id}/contact/phone", async (string id, PhoneBody body, GiveContact contact, HttpContext http, TimeProvider clock) =>
                http.Json(await contact.SendCode(http, id, body.Phone, clock.GetUtcNow()), masked => new CodeSent(masked)))
            .Allow(Resource.Contact, Act.Change);

        app.MapPost("/api/v1/consultations/{id}/contact/code", async (string id, CodeBody body, GiveContact contact, HttpContext http, TimeProvider clock) =>
                http.Json(await contact.Verify(http.Subject(), id, body.Code, clock.GetUtcNow()), Stored.Of))
            .Allow(Resource.Contact, Act.Change);

        app.MapPost("/api/v1/consultations/{id}/contact/recovery", async (string id, GiveContact contact, HttpContext http, TimeProvider clock) =>
                http.Json(await contact.WithoutPhone(http.Subject(), id, clock.GetUtcNow()), code => new RecoveryView(code)))
            .Allow(Resource.Contact, Act.Change);
    }

    /// <summary>The masked number. The same answer for known and unknown numbers.</summary>
    public async Task<Decision<string>> SendCode(HttpContext http, string id, string? phone, DateTimeOffset now)
    {
        var who = http.Subject();
        if (!PhoneNumber.Read(phone).Is(out var number, out var malformed))
        {
            return malformed;
        }

        var mine = await admission.Read(who, id, Resource.Contact, now, http.RequestAborted);
        if (mine.IsRefused(out var why))
        {
            return why;
        }

        var key = await patients.Key(who.Account);
        var sent = await codes.Send("patient", who.Account, key, number, who.SignIn, signIns.NetworkOf(http), Lang.Of(http.Request).Code, now);
        if (sent.IsRefused(out why))
        {
            return why;
        }

        var given = await admission.Decide(who, id, Resource.Contact, Act.Change, now, c => c.GiveContact(phone: true, recoveryCode: false, verified: false));
        return given.Then<string>(_ => number.Masked);
    }

    /// <summary>Another code to the number that was given last; CodeExpired where there is none.</summary>
    public async Task<Decision<string>> SendAgain(HttpContext http, string id, DateTimeOffset now) =>
        await LastNumber(http.Subject(), http.RequestAborted) is { } number ? await SendCode(http, id, number.E164, now) : Refusal.CodeExpired;

    /// <summary>The number that the newest code went to.</summary>
    public async Task<PhoneNumber?> LastNumber(Subject who, CancellationToken ct) => await codes.LastNumber("patient", who.Account, await patients.Key(who.Account), ct);

    public async Task<Decision<Consultation>> Verify(Subject who, string id, string? code, DateTimeOffset now)
    {
        var check = await codes.Check("patient", who.Account, await patients.Key(who.Account), code, now);
        if (!check.Is(out var number, out var why))
        {
            return why;
        }

        var verified = await admission.Decide(who, id, Resource.Contact, Act.Change, now, c => c.GiveContact(phone: true, recoveryCode: false, verified: true));
        if (verified.Is(out _, out _))
        {
            // After the fact: until now the place was this device's, from here on it is also the phone's.
            await patients.Verified(who.Account, number.E164, now);
        }

        return verified;
    }

    /// <summary>A recovery code to print or write down; shown once.</summary>
    public async Task<Decision<string>> WithoutPhone(Subject who, string id, DateTimeOffset now)
    {
        var kept = await admission.Decide(who, id, Resource.Contact, Act.Change, now, c => c.GiveContact(phone: false, recoveryCode: true, verified: false));
        return kept.IsRefused(out var why) ? why : await patients.NewRecovery(who.Account, now);
    }
}

internal sealed record PhoneBody(string? Phone);

internal sealed record CodeBody(string? Code);

internal sealed record CodeSent(string SentTo);

internal sealed record RecoveryView(string RecoveryCode);

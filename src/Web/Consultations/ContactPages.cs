using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>Where to be reached: a phone with its code, or a printed recovery code; and with it the place in the queue.</summary>
internal sealed class ContactPages(Admission admission, TakePlace place, Outside outside, Around around, GiveContact contact, Messages messages, CodeLimits limits, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}/contact", (string id, string? only, ContactPages pages, HttpContext http, CancellationToken ct) => pages.Contact(http, id, "", null, only == Checking.FollowUp, ct)).Allow(Resource.Contact, Act.Read);
        app.MapPost("/q/{id}/contact", (string id, ContactPages pages, HttpContext http, CancellationToken ct) => pages.GivePhone(http, id, ct)).Allow(Resource.Contact, Act.Change);
        app.MapGet("/q/{id}/contact/code", (string id, ContactPages pages, HttpContext http, CancellationToken ct) => pages.Code(http, id, null, ct)).Allow(Resource.Contact, Act.Read);
        app.MapPost("/q/{id}/contact/code", (string id, ContactPages pages, HttpContext http, CancellationToken ct) => pages.GiveCode(http, id, ct)).Allow(Resource.Contact, Act.Change);
    }

    private async Task<IResult> Contact(HttpContext http, string id, string typed, Refusal? why, bool only, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!(await admission.Read(http.Subject(), id, Resource.Contact, now, ct)).Is(out var c, out var no))
        {
            return http.Refuse(no);
        }

        var placed = IsPlaced(c);
        if (why is null && (placed || only ? c.Contact.Verified : c.Contact.Phone || c.Contact.RecoveryCode))
        {
            return placed || only ? new SeeOther(Addresses.Now(c)) : await JoinAgain(http, c, ct);
        }

        var can = messages.MayOffer(now);
        if (only && !placed && !can)
        {
            return new SeeOther(Addresses.Now(c));
        }

        var model = new ContactModel(c.Id, typed, can, placed, can && why is { } refusal ? [http.Mistake("phone", refusal)] : []) { OnlyFollowUp = only && !placed };
        return http.Page<ContactPage>(model, await around.BrandOf(c, Lang.Of(http.Request), ct), why is { } status ? RefusalWords.Status(status) : 200, around.SosOf(c));
    }

    /// <summary>Known already: the place is all that is missing, and taking it is the person's own step.</summary>
    private async Task<IResult> JoinAgain(HttpContext http, Consultation c, CancellationToken ct)
    {
        var t = Lang.Of(http.Request);
        var model = new ConfirmModel(
            t["排队", "Join the queue"], t["现在排队等医生吗", "Join the queue for a doctor now?"], t["我们已经知道怎么找到您。", "We already know how to reach you."],
            c.Id.To("contact"), t["排队等医生", "Join the queue"], t["先不排", "Not now"], c.Id.To("outcome"));
        return http.Page<ConfirmPage>(model, await around.BrandOf(c, t, ct), sos: around.SosOf(c));
    }

    /// <summary>The place is taken before the code comes back: a person whose phone is not verified is served in turn.</summary>
    private async Task<IResult> GivePhone(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        var (who, now, only) = (http.Subject(), clock.GetUtcNow(), form["only"] == Checking.FollowUp);
        if (!form.Trusted)
        {
            return await Contact(http, id, form["phone"], null, only, ct);
        }

        if (!only && (await admission.Read(who, id, Resource.Contact, now, ct)).Is(out var asked, out _) && await outside.Stops(asked, ct))
        {
            return new SeeOther(asked.Id.To("outside"));
        }

        if (form["recovery"] == "yes")
        {
            return await Recovery(http, id, join: !only, Lang.Of(http.Request)["不用短信也能排队。", "You can queue without text messages."], ct);
        }

        if (!form.Has("phone") && (await admission.Read(who, id, Resource.Contact, now, ct)).Is(out var known, out _) && (known.Contact.Phone || known.Contact.RecoveryCode))
        {
            var joined = await place.Join(who, id, now);
            return joined.Is(out var after, out var no) ? new SeeOther(after.Id.To("waiting")) : no == Refusal.ProofNeeded ? new SeeOther($"/q/{id}/outside") : http.Refuse(no);
        }

        var sent = await contact.SendCode(http, id, form["phone"], now);
        if (sent.IsRefused(out var why))
        {
            return !only && why is (Refusal.CodesNotSent or Refusal.CodesUsedUp) ? await NoCode(http, id, join: true, ct) : await Contact(http, id, form["phone"], why, only, ct);
        }

        return !only && (await place.Join(who, id, now)).IsRefused(out var kept) && kept == Refusal.ProofNeeded ? new SeeOther($"/q/{id}/outside") : new SeeOther($"/q/{id}/contact/code");
    }

    private Task<IResult> NoCode(HttpContext http, string id, bool join, CancellationToken ct) =>
        Recovery(http, id, join, Lang.Of(http.Request)["短信现在发不出去，或今天的次数用完了。用恢复码一样回得来。", "Messages cannot be sent now, or today’s are used up. With a recovery code you come back all the same."], ct);

    /// <param name="join">Asked for on the way to the queue. On the page of the code whoever wanted a place has one, and whoever has none did not.</param>
    private async Task<IResult> Recovery(HttpContext http, string id, bool join, string why, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        if (!(await contact.WithoutPhone(who, id, now)).Is(out var code, out var no))
        {
            return http.Refuse(no);
        }

        if (join)
        {
            await place.Join(who, id, now);
        }

        return !(await admission.Read(who, id, Resource.Contact, now, ct)).Is(out var state, out no)
            ? http.Refuse(no)
            : http.Page<RecoveryPage>(new RecoveryModel(state.Id, code, why, IsPlaced(state)), await around.BrandOf(state, Lang.Of(http.Request), ct), sos: around.SosOf(state));
    }

    private async Task<IResult> Code(HttpContext http, string id, Refusal? why, CancellationToken ct)
    {
        var who = http.Subject();
        if (!(await admission.Read(who, id, Resource.Contact, clock.GetUtcNow(), ct)).Is(out var c, out var no))
        {
            return http.Refuse(no);
        }

        if (c.Contact.Verified)
        {
            return new SeeOther(Addresses.Now(c));
        }

        var t = Lang.Of(http.Request);
        var model = new CodeModel(c.Id, (await contact.LastNumber(who, ct))?.Masked ?? t["您的手机", "your phone"], (int)limits.ValidFor.TotalMinutes, limits.Tries, why is { } refusal ? [http.Mistake("code", refusal)] : []) { Placed = IsPlaced(c) };
        return http.Page<CodePage>(model, await around.BrandOf(c, t, ct), why is { } status ? RefusalWords.Status(status) : 200, around.SosOf(c));
    }

    private async Task<IResult> GiveCode(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        if (form["recovery"] == "yes")
        {
            return await Recovery(http, id, join: false, Lang.Of(http.Request)["不用短信也能回来。", "You can come back without text messages."], ct);
        }

        if (form.Trusted && form["again"] == "yes")
        {
            var again = await contact.SendAgain(http, id, clock.GetUtcNow());
            return !again.IsRefused(out var no) ? new SeeOther($"/q/{id}/contact/code")
                : no is Refusal.CodesNotSent or Refusal.CodesUsedUp ? await NoCode(http, id, join: false, ct)
                : new SeeOther($"/q/{id}/contact");
        }

        var verified = form.Trusted ? await contact.Verify(http.Subject(), id, form["code"], clock.GetUtcNow()) : Refusal.CodeExpired;
        return !verified.Is(out var after, out var why) ? await Code(http, id, why, ct) : new SeeOther(IsPlaced(after) ? after.Id.To("waiting") : Addresses.Now(after));
    }

    private static bool IsPlaced(Consultation c) => c.Bucket is Bucket.Waiting or Bucket.OnHold or Bucket.Promised or Bucket.InConsultation;
}

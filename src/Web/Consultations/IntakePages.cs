using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Consultations;

/// <summary>From consent to story, as pages: what was typed is kept, what cannot be taken is asked again with its text.</summary>
internal sealed class IntakePages(Admission admission, OpenConsultation open, Outside outside, Around around, ConsentText consent, Places places, Countries countries, Lexicon lexicon, Recalls recalls, TimeProvider clock)
{
    private const int MostPlaces = 12;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/q/{id}", async (string id, IntakePages pages, HttpContext http, CancellationToken ct) => await pages.Now(http, id, ct)).Allow(Resource.Intake, Act.Read);
        app.MapGet("/q/{id}/consent", (string id, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Consent(http, id, [], [], ct)).Allow(Resource.Door, Act.Change);
        app.MapPost("/q/{id}/consent", (string id, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Agreed(http, id, ct)).Allow(Resource.Door, Act.Change);
        app.MapPost("/q/{id}/who", (string id, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Who(http, id, ct)).Allow(Resource.Door, Act.Change);
        app.MapGet("/q/{id}/where", (string id, string? place, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Where(http, id, place, null, [], ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/where", (string id, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Stand(http, id, ct)).Allow(Resource.Intake, Act.Change);
        app.MapGet("/q/{id}/story", (string id, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Story(http, id, null, null, [], ct)).Allow(Resource.Intake, Act.Read);
        app.MapPost("/q/{id}/story", (string id, IntakePages pages, HttpContext http, CancellationToken ct) => pages.Told(http, id, ct)).Allow(Resource.Intake, Act.Change);
        app.MapGet("/api/v1/places", (string? q, Places places) => TypedResults.Ok(places.Search(q ?? "", MostPlaces).Select(p => new PlaceFound(p.Code, p.Path))))
            .Anonymous("names of places");
    }

    private async Task<IResult> Now(HttpContext http, string id, CancellationToken ct) =>
        !(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why) ? http.Refuse(why)
        : new SeeOther(c.Story is null && await outside.Stops(c, ct) ? c.Id.To("outside") : Addresses.Now(c));

    private async Task<IResult> Consent(HttpContext http, string id, ImmutableHashSet<string> ticked, ImmutableArray<Mistake> mistakes, CancellationToken ct, int wrong = StatusCodes.Status400BadRequest)
    {
        if (await around.AtDoor(http.Subject(), id, clock.GetUtcNow(), ct) is not { } campaign || !ConsultationId.TryParse(id, out var consultation))
        {
            return http.Refuse(Refusal.NotFound);
        }

        var full = consent.FullFor(new PolicyText(campaign.Owner.Zh, campaign.Owner.En), new PolicyText(campaign.Hotline, campaign.Hotline));
        return http.Page<ConsentPage>(new ConsentModel(consultation, consent, full, ticked, mistakes), CampaignWords.Brand(campaign, Lang.Of(http.Request)), mistakes.IsEmpty ? 200 : wrong);
    }

    /// <summary>Whoever ticked under another text reads the one of today; no tick goes over to it.</summary>
    private Task<IResult> ReadAgain(HttpContext http, string id, Refusal why, CancellationToken ct) =>
        Consent(http, id, [], [http.Mistake("advice", why)], ct, RefusalWords.Status(why));

    /// <summary>The ticks travel on to the next page; nothing is stored before the person who is ill is named, and for a child the guardian has agreed.</summary>
    private async Task<IResult> Agreed(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        if (consent.Objection(form["text"]) is { } other)
        {
            return await ReadAgain(http, id, other, ct);
        }

        var ticked = form.All("agree").ToImmutableHashSet();
        var missing = consent.Missing(ticked, child: false);
        return !form.Trusted || !missing.IsEmpty
            ? await Consent(http, id, ticked, [.. missing.Select(key => NotTicked(http, key))], ct)
            : await AskWho(http, id, ticked, null, "", [], ct);
    }

    /// <summary>The sentence names its tick: three alike help nobody.</summary>
    private Mistake NotTicked(HttpContext http, string key)
    {
        var t = Lang.Of(http.Request);
        var label = t[consent.Items.First(i => i.Key == key).Label];
        return new Mistake(key, t[$"“{label}”要打勾，才能在线问诊", $"“{label}” needs a tick to go on here"]);
    }

    private async Task<IResult> AskWho(HttpContext http, string id, ImmutableHashSet<string> ticked, Relation? chosen, string label, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        if (await around.AtDoor(http.Subject(), id, clock.GetUtcNow(), ct) is not { } campaign || !ConsultationId.TryParse(id, out var consultation))
        {
            return http.Refuse(Refusal.NotFound);
        }

        var guardian = consent.Items.First(i => i.Key == "guardian");
        var model = new WhoModel(consultation, consent.Stamp, guardian, [.. ticked.Remove(guardian.Key).Order()], chosen, label, ticked.Contains(guardian.Key), mistakes);
        return http.Page<WhoPage>(model, CampaignWords.Brand(campaign, Lang.Of(http.Request)), mistakes.IsEmpty ? 200 : 400);
    }

    private async Task<IResult> Who(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        if (consent.Objection(form["text"]) is { } other)
        {
            return await ReadAgain(http, id, other, ct);
        }

        var ticked = form.All("agree").ToImmutableHashSet();
        if (!form.Trusted || form.Choice<Relation>("who") is not { } relation)
        {
            return await AskWho(http, id, ticked, null, form["label"], form.Trusted ? [new Mistake("who", Lang.Of(http.Request)["请选这次为谁问", "Choose who is ill"])] : [], ct);
        }

        var agreed = new Consent(form["text"], ticked.Contains("advice"), ticked.Contains("share"), ticked.Contains("keep"), ticked.Contains("follow"), ticked.Contains("stats"), ticked.Contains("guardian"));
        var opened = await open.Open(http.Subject(), id, new OpeningBody(relation, agreed, Lang.Of(http.Request).Code, form["label"]), clock.GetUtcNow());
        return !opened.IsRefused(out var why) || why == Refusal.Conflict ? new SeeOther($"/q/{id}/where")
            : why == Refusal.GuardianConsentMissing ? await AskWho(http, id, ticked, relation, form["label"], [http.Mistake("guardian", why)], ct)
            : why == Refusal.TextTooLong ? await AskWho(http, id, ticked, relation, form["label"], [http.Mistake("label", why)], ct)
            : why == Refusal.ConsentMissing ? await Consent(http, id, ticked, [], ct)
            : http.Refuse(why);
    }

    private async Task<IResult> Where(HttpContext http, string id, string? typed, string? country, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        var t = Lang.Of(http.Request);
        var found = string.IsNullOrWhiteSpace(typed) ? [] : places.Search(typed, MostPlaces);
        var model = new WhereModel(
            c.Id, typed, [.. found.Select(p => new PlaceFound(p.Code, p.In(t.Code)))],
            [.. countries.All.Select(k => new CountryOffered(k.Code, k.In(t.Code))).OrderBy(k => k.Name, StringComparer.Create(new System.Globalization.CultureInfo(t.Html), false))], country, mistakes);
        return http.Page<WherePage>(model, await around.BrandOf(c, t, ct), mistakes.IsEmpty ? 200 : 400);
    }

    private async Task<IResult> Stand(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        var (region, country) = (form["region"], form["country"]);
        var known = region.Length > 0 ? places.Find(region) is not null : countries.Find(country) is not null;
        if (!form.Trusted || !known)
        {
            var searched = form["place"];
            return await Where(http, id, searched.Length > 0 ? searched : null, country.Length > 0 ? country : null, form.Trusted ? [new Mistake(searched.Length > 0 ? "region" : "country", Lang.Of(http.Request)["请选一个地方", "Choose a place"])] : [], ct);
        }

        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var stated = await admission.Decide(who, id, Resource.Intake, Act.Change, now, c => c.StatePlace(new PlaceStated(region.Length > 0 ? region : null, region.Length > 0 ? null : country)));
        return !stated.Is(out var after, out var why) ? http.Refuse(why)
            : await outside.Stops(after, ct) ? new SeeOther(after.Id.To("outside"))
            : await Onward(http, who, after, now);
    }

    private async Task<IResult> Story(HttpContext http, string id, string? typed, int? worry, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        if (!(await admission.Read(http.Subject(), id, Resource.Intake, clock.GetUtcNow(), ct)).Is(out var c, out var why))
        {
            return http.Refuse(why);
        }

        var model = new StoryModel(c.Id, typed ?? c.Story?.Text ?? CarriedWords.Of(http), worry ?? c.Story?.Worry, Intake.StoryLength, c.Story is null ? null : c.ChangedAt, mistakes);
        return http.Page<StoryPage>(model, await around.BrandOf(c, Lang.Of(http.Request), ct), mistakes.IsEmpty ? 200 : 400, around.SosOf(c));
    }

    private async Task<IResult> Told(HttpContext http, string id, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        var text = form["story"];
        int? worry = int.TryParse(form["worry"], out var stated) && stated is >= 0 and <= 10 ? stated : null;
        if (!form.Trusted)
        {
            return await Story(http, id, text, worry, [], ct);
        }

        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var told = await admission.Decide(who, id, Resource.Intake, Act.Change, now, c => c.TellStory(text, worry, lexicon.DangersIn(text), now));
        if (!told.IsRefused(out _))
        {
            CarriedWords.Drop(http);
        }

        return told.Is(out var after, out var why) ? lexicon.Read(text, after.RulesDay).Count > 0 ? new SeeOther(after.Id.To("read-back")) : await Onward(http, who, after, now)
            : why is Refusal.TextEmpty or Refusal.TextTooLong ? await Story(http, id, text, worry, [http.Mistake("story", why)], ct)
            : why == Refusal.Conflict ? new SeeOther($"/q/{id}")
            : http.Refuse(why);
    }

    private async Task<IResult> Onward(HttpContext http, Subject who, Consultation c, DateTimeOffset now) =>
        (await JudgeConsultation.Onward(admission, await recalls.Rules(CancellationToken.None), who, c, now)).Is(out var address, out var why) ? new SeeOther(address) : http.Refuse(why);
}

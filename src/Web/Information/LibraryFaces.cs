using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Information;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>The library for apps and mini-programs: read and searched by everybody, written as on the pages.</summary>
internal static class LibraryFaces
{
    private const string Api = "/api/v1/library";
    private const string Why = "answers of the commission are for everybody; nothing is stored of who asks";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/campaigns/{slug}/library", async (string slug, Library library, CampaignShelf campaigns, TimeProvider clock, HttpContext http, CancellationToken ct) =>
            await Of(slug, library, campaigns, clock, ct) is { } shown ? Results.Json(new ShownFace([.. shown.Entries.Select(EntryFace.Of)])) : http.Problem(Refusal.NotFound)).Anonymous(Why);
        app.MapPost("/api/v1/campaigns/{slug}/library/ask", async (string slug, AskBody body, Library library, CampaignShelf campaigns, TimeProvider clock, HttpContext http, CancellationToken ct) =>
            body.Text is not { Length: > 0 and <= CarriedWords.Longest } text ? http.Problem(body.Text is null or "" ? Refusal.TextEmpty : Refusal.TextTooLong)
            : await Of(slug, library, campaigns, clock, ct) is { } shown ? Results.Json(AnswerFace.Of(null, shown.Index.Value.Ask(text))) : http.Problem(Refusal.NotFound)).Anonymous(Why);
        app.MapGet(Api, async (Library library, HttpContext http, CancellationToken ct) => Results.Json(new KeptFace(await library.All(http.Subject().Organisation, ct)))).Allow(Resource.Library, Act.List);
        app.MapPost(Api, async (EntryBody body, Library library, HttpContext http, TimeProvider clock) =>
            http.Json(await library.Write(http.Subject(), null, body.Read(), body.Why ?? "", clock.GetUtcNow()), k => k)).Allow(Resource.Library, Act.Create);
        app.MapPut($"{Api}/{{key}}", async (string key, EntryBody body, Library library, HttpContext http, TimeProvider clock) =>
            http.Json(await library.Write(http.Subject(), key, body.Read(), body.Why ?? "", clock.GetUtcNow()), k => k)).Allow(Resource.Library, Act.Change);
        app.MapPost($"{Api}/{{key}}/withdraw", async (string key, WhyBody body, Library library, HttpContext http, TimeProvider clock) =>
            http.Json(await library.Withdraw(http.Subject(), key, body.Why ?? "", clock.GetUtcNow()), k => k)).Allow(Resource.Library, Act.Change);
        app.MapPost($"{Api}/{{key}}/review", async (string key, ReviewBody body, Library library, HttpContext http, TimeProvider clock) =>
            http.Json(await library.Review(http.Subject(), key, body.Version, clock.GetUtcNow()), k => k)).Allow(Resource.Library, Act.Transition);
    }

    private static async Task<LibraryShown?> Of(string slug, Library library, CampaignShelf campaigns, TimeProvider clock, CancellationToken ct) =>
        await campaigns.Find(slug, ct) is { State: not CampaignState.Draft } campaign ? await library.Shown(campaign.Organisation, clock.GetUtcNow(), ct) : null;
}

/// <param name="Text">At most 300 characters; it is not stored.</param>
internal sealed record AskBody(string? Text);

internal sealed record WhyBody(string? Why);

/// <param name="Version">The one that was read.</param>
internal sealed record ReviewBody(int Version);

internal sealed record ShownFace(ImmutableArray<EntryFace> Entries);

internal sealed record KeptFace(ImmutableArray<KeptEntry> Entries);

internal sealed record EntryFace(string Entry, int Version, BothWays Question, BothWays Answer, EntrySource Source, DateOnly ValidUntil, string? ReviewedBy, bool Typical)
{
    public static EntryFace Of(KeptEntry k) => new(k.Key, k.Version, k.Entry.Question, k.Entry.Answer, k.Entry.Source, k.Entry.ValidUntil, k.ReviewedBy, k.Entry.Typical);
}

/// <param name="Score">Comparable within one library only.</param>
internal sealed record AnswerLine(string Entry, double Score);

/// <param name="Id">Of the question, where it had one.</param>
/// <param name="RedFlags">Codes of dangers that the text names: they come before any answer.</param>
internal sealed record AnswerFace(string? Id, ImmutableArray<AnswerLine> Answers, bool Silent, ImmutableArray<string> RedFlags)
{
    public static AnswerFace Of(string? id, Found found) => new(id, [.. found.Answers.Select(a => new AnswerLine(a.Entry, a.Score))], found.Silent, [.. found.RedFlags.Select(d => d.Code)]);
}

internal sealed record EntryBody(BothWays? Question, BothWays? Answer, AskedBody? Asked, SourceBody? Source, DateOnly? ValidFrom, DateOnly? ValidUntil, bool? Typical, string? Why)
{
    public LibraryEntry Read() => new(
        Whole(Question), Whole(Answer), new(Lines(Asked?.Zh), Lines(Asked?.En)), new(Source?.Zh ?? "", Source?.En ?? "", Source?.Date ?? DateOnly.MinValue, Source?.Grade is { Length: 1 } grade ? grade : "M"),
        ValidFrom ?? DateOnly.MinValue, ValidUntil ?? DateOnly.MinValue, Typical ?? false);

    private static BothWays Whole(BothWays? text) => new(text?.Zh ?? "", text?.En ?? "");

    private static ImmutableArray<string> Lines(string?[]? lines) => [.. (lines ?? []).OfType<string>()];
}

internal sealed record AskedBody(string?[]? Zh, string?[]? En);

internal sealed record SourceBody(string? Zh, string? En, DateOnly? Date, string? Grade);

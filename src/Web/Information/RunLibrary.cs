using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules;
using Yizhen.Rules.Information;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Information;

/// <summary>The library as its owner sees it: what stands, what it did, a form with a preview; a physician reviews. Each step is a row with who, when and why.</summary>
internal sealed class RunLibrary(Library library, CountDesk count, PageSettings settings, TimeProvider clock)
{
    private const string Here = StaffPlaces.Library;
    private const string New = "new";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Here, (RunLibrary run, HttpContext http, CancellationToken ct) => run.List(http, ct)).Allow(Resource.Library, Act.List);
        app.MapPost(Here, (RunLibrary run, HttpContext http) => run.Write(http, null)).Allow(Resource.Library, Act.Create);
        app.MapGet($"{Here}/{{key}}", (string key, RunLibrary run, HttpContext http, CancellationToken ct) => run.Show(http, key, null, ct)).Allow(Resource.Library, Act.Read);
        app.MapPost($"{Here}/{{key}}", (string key, RunLibrary run, HttpContext http) => run.Write(http, key)).Allow(Resource.Library, Act.Change);
        app.MapPost($"{Here}/{{key}}/review", (string key, RunLibrary run, HttpContext http) => run.Review(http, key)).Allow(Resource.Library, Act.Transition);
    }

    private async Task<IResult> List(HttpContext http, CancellationToken ct)
    {
        var (who, now) = (http.Subject(), clock.GetUtcNow());
        var model = new LibraryModel(
            who.Name, Places(http), library.Day(now), settings.Demo, who.IsOperator, await library.All(who.Organisation, ct), [.. await count.ByEntry(who.Organisation, ct)], await count.Now(now, ct));
        return http.Page<LibraryPage>(model);
    }

    private async Task<IResult> Show(HttpContext http, string key, EntryTyped? typed, CancellationToken ct)
    {
        var who = http.Subject();
        var kept = key == New ? null : await library.Find(who.Organisation, key, ct);
        if (kept is null && (key != New || !who.IsOperator))
        {
            return http.Refuse(Refusal.NotFound);
        }

        var model = new LibraryEntryModel(
            who.Name, Places(http), key, kept, typed?.Entry ?? kept?.Entry ?? Blank(library.Day(clock.GetUtcNow())), typed?.Why ?? "", typed?.Preview ?? false, who.IsOperator, settings.Demo,
            await library.Steps(who.Organisation, key, ct), typed?.Refused is { } why ? [http.Mistake("question_zh", why)] : []);
        return http.Page<LibraryEntryPage>(model, status: typed?.Refused is { } no ? RefusalWords.Status(no) : StatusCodes.Status200OK);
    }

    /// <summary>Save, look at it first, or withdraw.</summary>
    private async Task<IResult> Write(HttpContext http, string? key)
    {
        var form = await SentForm.ReadAsync(http);
        var (who, now, why) = (http.Subject(), clock.GetUtcNow(), form["why"]);
        var entry = Typed(form);
        if (form.Trusted && form.Has("preview"))
        {
            return await Show(http, key ?? New, new EntryTyped(entry, why, true, entry.Check().IsRefused(out var not) ? not : null), http.RequestAborted);
        }

        var done = !form.Trusted ? Refusal.Malformed
            : form.Has("withdraw") && key is not null ? await library.Withdraw(who, key, why, now)
            : await library.Write(who, key, entry, why, now);
        return done.Is(out var kept, out var refused) ? new SeeOther($"{Here}/{kept.Key}")
            : refused == Refusal.NotFound ? http.Refuse(refused)
            : await Show(http, key ?? New, new EntryTyped(entry, why, false, refused), http.RequestAborted);
    }

    private async Task<IResult> Review(HttpContext http, string key)
    {
        var form = await SentForm.ReadAsync(http);
        var done = form.Trusted && int.TryParse(form["version"], CultureInfo.InvariantCulture, out var version) ? await library.Review(http.Subject(), key, version, clock.GetUtcNow()) : Refusal.Malformed;
        return done.Is(out _, out var why) ? new SeeOther($"{Here}/{key}") : http.Refuse(why);
    }

    private static ImmutableArray<(string Href, string Words)> Places(HttpContext http)
    {
        var t = Lang.Of(http.Request);
        return http.Subject().IsOperator ? StaffPlaces.Operator(t) : StaffPlaces.Clinician(t, http.Subject().Role);
    }

    private static LibraryEntry Blank(DateOnly day) => new(new("", ""), new("", ""), new([], []), new("", "", day), day, day.AddMonths(1));

    private static LibraryEntry Typed(SentForm form) => new(
        new(form["question_zh"], form["question_en"]), new(form["answer_zh"], form["answer_en"]), new(Lines(form["asked_zh"]), Lines(form["asked_en"])),
        new(form["source_zh"], form["source_en"], Day(form["source_date"]), form["grade"].Length is 1 ? form["grade"] : "M"), Day(form["valid_from"]), Day(form["valid_until"]), form.Has("typical"));

    private static ImmutableArray<string> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    /// <summary>The first of days where none was given: refused, for a source has a date.</summary>
    private static DateOnly Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : DateOnly.MinValue;

    private sealed record EntryTyped(LibraryEntry Entry, string Why, bool Preview, Refusal? Refused);
}

/// <param name="Writes">An operator; others read and review.</param>
public sealed record LibraryModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, DateOnly Day, bool Demo, bool Writes, ImmutableArray<KeptEntry> Entries, ImmutableArray<EntryFigures> Figures, DeskFigures Desk);

/// <param name="Kept">As it stands; null: a new one.</param>
/// <param name="Entry">What stands in the fields.</param>
/// <param name="Preview">It is shown as people would read it, and is not stored.</param>
public sealed record LibraryEntryModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, string Key, KeptEntry? Kept, LibraryEntry Entry, string Why, bool Preview, bool Writes, bool Demo, ImmutableArray<LibraryStep> Steps, ImmutableArray<Mistake> Mistakes);

using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Statistics;

/// <param name="Province">Two digits of the province whose cities are shown; null: none.</param>
/// <param name="City">Four digits of the city whose districts are shown.</param>
/// <param name="Upload">Null where nothing is uploaded.</param>
/// <param name="Refused">A file of populations that was not taken.</param>
public sealed record PictureModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, PictureFigures Figures, DateOnly Today, ImmutableArray<(string Slug, string Name)> Campaigns, string? Province, string? City, UploadState? Upload, PopulationRefused? Refused)
{
    /// <summary>Why what was asked for is not shown; null: it is.</summary>
    public string? Instead { get; init; }

    /// <summary>The days as they were typed.</summary>
    public (string From, string To) Typed { get; init; } = ("", "");
}

/// <summary>The picture as page, JSON and file.</summary>
internal sealed class ShowPicture(LivePicture live, Uploads uploads, DailyReport report, CampaignShelf shelf, IDbContextFactory<Database> databases)
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Picture, (ShowPicture show, HttpContext http, CancellationToken ct) => show.Page(http, null, ct)).Allow(Resource.Picture, Act.Read);
        app.MapGet($"{StaffPlaces.Picture}/tables.csv", (ShowPicture show, HttpContext http, CancellationToken ct) => show.Sheet(http, ct)).Allow(Resource.Picture, Act.Export);
        app.MapGet($"{StaffPlaces.Picture}/report.{{form}}", (string form, ShowPicture show, HttpContext http, CancellationToken ct) => show.Report(http, form, ct)).Allow(Resource.Picture, Act.Export);
        app.MapGet("/api/v1/picture", async (ShowPicture show, LivePicture live, HttpContext http, CancellationToken ct) =>
            (await show.Read(http, ct)).Is(out var asked, out var why) ? Results.Json(await live.Figures(asked, ct), Faces.Json) : http.Problem(why)).Allow(Resource.Picture, Act.Read);
        app.MapGet("/api/v1/picture/uploads", async (Uploads uploads, CancellationToken ct) => Results.Json(await uploads.State(ct), Faces.Json)).Allow(Resource.Picture, Act.Read);
    }

    /// <param name="refused">A file that was not taken; null: none was sent.</param>
    public async Task<IResult> Page(HttpContext http, PopulationRefused? refused, CancellationToken ct)
    {
        var (t, read) = (Lang.Of(http.Request), await Read(http, ct));
        var taken = read.Is(out var asked, out var why);
        var figures = await live.Figures(taken ? asked : new Asked(null, null, null), ct);
        await using var database = await databases.CreateDbContextAsync(ct);
        var campaigns = await database.Set<CampaignRow>().AsNoTracking().OrderBy(c => c.CreatedAt).Select(c => new { c.Slug, c.NameZh, c.NameEn }).ToListAsync(ct);
        string? Digits(string name, int count) => http.Request.Query[name].ToString() is var said && said.Length == count && said.All(char.IsAsciiDigit) ? said : null;
        var model = new PictureModel(
            http.Subject().Name, StaffPlaces.Operator(t), figures, live.Day(figures.At), [.. campaigns.Select(c => (c.Slug, t[c.NameZh, c.NameEn] is { Length: > 0 } name ? name : c.Slug))],
            Digits("province", 2), Digits("city", 4), await uploads.State(ct), refused)
        {
            Instead = taken ? null
                : why == Refusal.NotFound ? t["没有这个义诊活动。下面是全部活动、全部日子。", "There is no such campaign. Below are all campaigns and all days."]
                : t["日期读不懂，或者“从”晚于“到”。下面是全部活动、全部日子。", "The days cannot be read, or “from” is after “to”. Below are all campaigns and all days."],
            Typed = (http.Request.Query["from"].ToString(), http.Request.Query["to"].ToString()),
        };
        return http.Page<PicturePage>(model, status: !taken ? RefusalWords.Status(why) : refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>One line a cell; the last says how many lines there are and the digest of those before it.</summary>
    private async Task<IResult> Sheet(HttpContext http, CancellationToken ct)
    {
        if (!(await Read(http, ct)).Is(out var asked, out var why))
        {
            return http.Refuse(why);
        }

        var figures = await live.Figures(asked, ct);
        string People(long people) => people.ToString(CultureInfo.InvariantCulture);
        List<IEnumerable<string>> lines = [["table", "within", "code", "people"]];
        foreach (var table in figures.Tables)
        {
            lines.AddRange(table.Shown.Select(cell => (IEnumerable<string>)[table.By, table.Within ?? "", cell.Key, People(cell.Value)]));
            lines.Add([table.By, table.Within ?? "", "(withheld)", People(table.Withheld)]);
            lines.Add([table.By, table.Within ?? "", "(total)", People(table.Total)]);
        }

        var body = Csv.Of(lines);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var whole = body + Csv.Of([["(end)", "lines " + People(lines.Count), "sha256 " + digest, People(figures.Opened)]]).TrimStart('\uFEFF');
        return TypedResults.File(Encoding.UTF8.GetBytes(whole), Csv.Type, $"picture-{figures.At.UtcDateTime:yyyyMMdd-HHmmss}.csv");
    }

    /// <summary>One day, as a drawing or as paper.</summary>
    private async Task<IResult> Report(HttpContext http, string form, CancellationToken ct)
    {
        var (day, good) = Day(http.Request.Query["day"]);
        if (!good || form is not ("svg" or "pdf"))
        {
            return http.Refuse(good ? Refusal.NotFound : Refusal.Malformed);
        }

        var (frame, t) = (http.Frame(), Lang.Of(http.Request));
        var shown = day ?? live.Day(frame.Now).AddDays(-1);
        var figures = await live.Figures(new Asked(null, shown, shown), ct);
        var svg = report.Draw(figures, shown, shown < live.Day(figures.At), $"{frame.Date(figures.At)} {frame.Clock(figures.At)}", t);
        return form == "svg" ? Results.Text(svg, "image/svg+xml", Encoding.UTF8)
            : await Paper.PdfAsync(svg, ct) is { } paper ? Results.File(paper, "application/pdf", $"yizhen-{shown:yyyy-MM-dd}.pdf")
            : http.Refuse(Refusal.PdfNotInstalled);
    }

    /// <summary>A campaign that is not there is refused: its zeros would be read as "nobody came".</summary>
    private async Task<Decision<Asked>> Read(HttpContext http, CancellationToken ct)
    {
        var query = http.Request.Query;
        var (from, to) = (Day(query["from"]), Day(query["to"]));
        var campaign = query["campaign"].ToString();
        return from is (_, false) || to is (_, false) || from.Day > to.Day || campaign.Length > 60 ? Refusal.Malformed
            : campaign.Length > 0 && await shelf.Find(campaign, ct) is null ? Refusal.NotFound
            : new Asked(campaign.Length > 0 ? campaign : null, from.Day, to.Day);
    }

    private static (DateOnly? Day, bool Good) Day(string? text) =>
        string.IsNullOrEmpty(text) ? (null, true) : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? (day, true) : (null, false);
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Yizhen.Rules;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Statistics;

/// <summary>An operator says how many people live where: as a file on the page, or through the interface.</summary>
internal sealed class BringPopulation(Populations populations, ShowPicture show, TimeProvider clock)
{
    private const int LargestFile = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        var size = new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestFile);
        app.MapPost($"{StaffPlaces.Picture}/population", (BringPopulation bring, HttpContext http, CancellationToken ct) => bring.Brought(http, ct)).Allow(Resource.Picture, Act.Change).WithMetadata(size);
        app.MapPut("/api/v1/picture/population", (PopulationBody body, BringPopulation bring, HttpContext http) => bring.Tell(http, body)).Allow(Resource.Picture, Act.Change).WithMetadata(size);
    }

    private async Task<IResult> Brought(HttpContext http, CancellationToken ct)
    {
        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || form.Files.GetFile("file") is not { Length: > 0 } file || !int.TryParse(form["year"], NumberStyles.None, CultureInfo.InvariantCulture, out var year))
        {
            return await show.Page(http, new(http.Mistake("file", Refusal.Malformed).Text, [], form["year"], form["source"]), ct);
        }

        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        var (taken, faults) = await populations.Bring(await reader.ReadToEndAsync(ct), year, form["source"], http.Subject().Name, clock.GetUtcNow());
        return taken.IsRefused(out var why) ? await show.Page(http, new(http.Mistake("file", why).Text, faults, form["year"], form["source"]), ct) : new SeeOther($"{StaffPlaces.Picture}#population");
    }

    private async Task<IResult> Tell(HttpContext http, PopulationBody body)
    {
        var (taken, faults) = await populations.Bring(body.Csv ?? "", body.Year, body.Source ?? "", http.Subject().Name, clock.GetUtcNow());
        return taken.Is(out var population, out var why) ? Results.Json(population, Faces.Json) : http.Problem(why, ("faults", faults));
    }
}

/// <param name="Csv">With the header code,people.</param>
/// <param name="Source">Who counted them.</param>
internal sealed record PopulationBody(string? Csv, int Year, string? Source);

/// <summary>A file that was not taken, and what was typed beside it.</summary>
public sealed record PopulationRefused(string Text, ImmutableArray<PopulationFault> Faults, string Year, string Source);

using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Information;
using Yizhen.Web.Page;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen desk</c>: what became of whoever the information desk had answered, recounted while the server runs, the same figures as on the library's page.</summary>
internal static class DeskCommand
{
    public static Command Build()
    {
        var where = new Where();
        var json = new Option<bool>("--json") { Description = "One JSON object: answered, came_back, worse (null: withheld), still_open, hours." };
        var command = new Command("desk", "Who the information desk answered in the last 30 days, who of them came back within 72 hours, and who of those worse.") { json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            await using var site = await Composed.OpenAsync(where.Read(parsed), ct);
            var figures = await site.Services.GetRequiredService<CountDesk>().Now(site.Services.GetRequiredService<TimeProvider>().GetUtcNow(), ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Faces.Json) : Tell(figures));
            return 0;
        }));
        return command;
    }

    private static string Tell(DeskFigures f) =>
        $"Answered at the desk, and {f.Hours} hours over or come back: {f.Answered}\n  came back within {f.Hours} hours: {Shown(f.CameBack)}\n    of them urgent or an emergency: {Shown(f.Worse)}\nAnswered less than {f.Hours} hours ago, not counted yet: {f.StillOpen}\nCounted by the same device or account: whoever comes on another is not seen.";

    private static string Shown(int? count) => count?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "withheld (fewer than eleven, or all but fewer)";
}

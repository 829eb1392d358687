using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yizhen.Web.Page;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen picture</c>: the same figures as the page, recounted from the log while the server runs. Needs the deployment key.</summary>
internal static class PictureCommand
{
    public static Command Build()
    {
        var where = new Where();
        var campaign = new Option<string?>("--campaign") { Description = "Only this campaign; without it all." };
        var from = new Option<string?>("--from") { Description = "First day, as 2020-01-23." };
        var to = new Option<string?>("--to") { Description = "Last day, as 2020-02-23." };
        var json = new Option<bool>("--json") { Description = "One JSON object; its ledger member is that of ./yizhen ledger --json." };
        var command = new Command("picture", "Who came, from where, with what and what came of it: counts only, small cells withheld.") { campaign, from, to, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var asked = new Asked(parsed.GetValue(campaign), Sentence.Day(parsed.GetValue(from)), Sentence.Day(parsed.GetValue(to)));
            if (asked.To < asked.From)
            {
                throw new StorageException("--to is before --from.");
            }

            await using var site = await Composed.OpenAsync(where.Read(parsed), ct);
            if (asked.Campaign is { } named && await site.Services.GetRequiredService<Campaigns.CampaignShelf>().Find(named, ct) is null)
            {
                throw new StorageException($"There is no campaign {named}.");
            }

            var figures = await site.Services.GetRequiredService<LivePicture>().Figures(asked, ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Faces.Json) : Tell(figures));
            return figures.Recount.Same ? 0 : 1;
        }));
        return command;
    }

    private static string Tell(PictureFigures figures)
    {
        var lines = new List<string> { $"Consultations: {figures.Opened}", $"Doctors: {figures.Doctors.OnDuty} on duty, {figures.Doctors.Clinicians} worked, {figures.Doctors.Minutes} minutes", $"Sent to hospital: at least {figures.Ways.Sent}; helped from home: at least {figures.Ways.Spared}", figures.Worry is { Before: { } before, After: { } after } worry ? string.Create(CultureInfo.InvariantCulture, $"Worry 0-10: {before:0.0} before, {after:0.0} after ({worry.People} people)") : "Worry: too few have said it." };
        foreach (var table in figures.Tables)
        {
            lines.Add("");
            lines.Add($"{table.By}{(table.Within is { } within ? $" of {within}" : "")}: {table.Total}");
            lines.AddRange(table.Shown.OrderByDescending(c => c.Value).Select(cell => $"  {cell.Key,-24}{cell.Value,8}{(figures.Per100000.TryGetValue(cell.Key, out var rate) && table.By is "province" or "city" ? string.Create(CultureInfo.InvariantCulture, $"{rate,10:0.00} per 100,000") : "")}"));
            if (table.Withheld > 0)
            {
                lines.Add($"  {"(not shown)",-24}{table.Withheld,8}");
            }
        }

        lines.AddRange(figures.Rises.Select(r => string.Create(CultureInfo.InvariantCulture, $"Unusual: province {r.Province} on {r.Day:yyyy-MM-dd}, {r.People} people where {r.Expected:0.0} were expected (EARS C2, above {r.Above:0.0}).")));
        return string.Join('\n', lines);
    }
}

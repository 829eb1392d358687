using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Page;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen static DIR</c>: danger signs and the numbers to ring as plain files, for a proxy's error page or any web server.</summary>
internal static class StaticCommand
{
    private static readonly string[] Languages = ["zh", "en"];

    public static Command Build()
    {
        var to = new Argument<string>("dir") { Description = "Folder for the files; made where it is missing." };
        var json = new Option<bool>("--json") { Description = "The names of the files as a JSON list." };
        var command = new Command("static", "Writes the pages that must be there when nothing else is.") { to, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(async () =>
        {
            var folder = Path.GetFullPath(parsed.GetRequiredValue(to));
            Directory.CreateDirectory(folder);
            var written = new List<string>();
            foreach (var lang in Languages)
            {
                var file = Path.Combine(folder, $"danger.{lang}.html");
                await File.WriteAllTextAsync(file, Asset.Text($"danger.{lang}.html"), ct);
                written.Add(file);
            }

            // What a proxy shows while the product is away: both languages on one page would be too long on a phone, so Chinese first with a link.
            var busy = Path.Combine(folder, "index.html");
            await File.WriteAllTextAsync(busy, Asset.Text("danger.zh.html"), ct);
            written.Add(busy);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(written) : string.Join('\n', written));
            return 0;
        }));
        return command;
    }
}

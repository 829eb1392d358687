using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen backup TO</c>: one consistent moment, taken while the server runs. Needs no key and takes none along.</summary>
internal static class BackupCommand
{
    public static Command Build()
    {
        var to = new Argument<string>("to") { Description = "A new or empty folder." };
        var where = new Where();
        var json = new Option<bool>("--json") { Description = "What was written, as one JSON object." };
        var command = new Command("backup", "Copies the database, consistent, while the server runs.") { to, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var place = where.Read(parsed);
            var engine = place.ExistingEngine();
            var folder = Path.GetFullPath(parsed.GetRequiredValue(to));
            await Console.Error.WriteLineAsync($"Copying to {folder} ...");
            var made = await BackupSet.MakeAsync(engine, place, folder, TimeProvider.System.GetUtcNow(), ct);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(made, Faces.Json)
                : $"{made.Facts} facts of {made.Consultations} consultations in {made.Files.Count} files, {made.Files.Sum(f => f.Bytes)} bytes.\n"
                    + $"Not in it: the deployment key, and the erasure list as it will be. Keep {place.ErasureList} up to date elsewhere: a restore asks for the newest one.");
            return 0;
        }));
        return command;
    }
}

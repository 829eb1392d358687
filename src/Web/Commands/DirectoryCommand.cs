using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Directories;
using Yizhen.Web.Accounts;
using Yizhen.Web.Directories;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>
/// <c>./yizhen directory</c>: <c>import FILE</c> takes a list of hospitals or of other free services, whole or not at all; <c>undo</c> puts the list before in its place again.
/// Exit 1 where a line cannot be read, or there is nothing to undo.
/// </summary>
internal static class DirectoryCommand
{
    public static Command Build()
    {
        var command = new Command("directory", "Imports the directory of hospitals, or of other free services, from CSV; or undoes the newest import.");
        command.Subcommands.Add(Import());
        command.Subcommands.Add(Undo());
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV in UTF-8; the first line names the columns: name, kind, district_code, address, phone, hours, own_district_from, own_district_until, publisher, published." };
        var services = new Option<bool>("--services") { Description = "Free services elsewhere (organisation, kind, tel, url, note, region, publisher, published) instead of hospitals." };
        var add = new Option<bool>("--add") { Description = "Beside what the same publishers gave before. Without it the list stands in the place of theirs." };
        var publisher = new Option<string?>("--publisher") { Description = "For lines that name none." };
        var published = new Option<string?>("--published") { Description = "Date (yyyy-MM-dd) for lines that have none." };
        var preview = new Option<bool>("--preview") { Description = "Says what it would do and changes nothing." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var where = new Where();
        var command = new Command("import", "Takes a list, whole or not at all. Exit 1 with the lines that cannot be read.") { file, services, add, publisher, published, preview, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var (place, path, looking) = (where.Read(parsed), parsed.GetRequiredValue(file), parsed.GetValue(preview));
            if (!path.Exists)
            {
                throw new StorageException($"There is no file {path.Name} here.");
            }

            var defaults = new ListDefaults(parsed.GetValue(publisher), Day(parsed.GetValue(published)));
            var text = await File.ReadAllTextAsync(path.FullName, Encoding.UTF8, ct);
            using var held = place.HoldToWrite("Import on the page /staff/hospitals");
            await using var site = await Composed.OpenAsync(place, ct);
            var bring = site.Services.GetRequiredService<BringList>();
            var now = TimeProvider.System.GetUtcNow();
            var (list, faults) = await bring.Bring(new(parsed.GetValue(services) ? Shelf.Services : Shelf.Hospitals, path.Name, text, parsed.GetValue(add), defaults), Subject.Nobody, now);
            if (!list.Is(out var row, out var why))
            {
                return why == Refusal.OnlyInDemo
                    ? throw new StorageException($"{path.Name} is the list of early 2020 that came with the program, for demo and drill only. Import your own.")
                    : Faulty(faults, parsed.GetValue(json));
            }

            var effect = await bring.Effect(row, ct);
            if (!looking)
            {
                await bring.Take(row.Id, Subject.Nobody, now);
            }

            var (said, en) = (new { id = Base32.Write(row.Id), taken = !looking, lines = row.Lines, effect = new { effect.New, effect.Changed, effect.Same, effect.Gone, effect.Publishers }, faults = Array.Empty<FaultyLine>() }, looking ? "would be taken" : "taken");
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(said, Faces.Json) : $"{row.Lines} lines {en}: {effect.New} new, {effect.Changed} changed, {effect.Same} the same, {effect.Gone} gone.");
            return 0;
        }));
        return command;
    }

    private static Command Undo()
    {
        var services = new Option<bool>("--services") { Description = "Of the free services elsewhere instead of the hospitals." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var where = new Where();
        var command = new Command("undo", "The newest list stands no more, and the one before it stands again. Exit 1 where there is none.") { services, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var place = where.Read(parsed);
            using var held = place.HoldToWrite("Undo it on the page /staff/hospitals");
            await using var site = await Composed.OpenAsync(place, ct);
            var undone = await site.Services.GetRequiredService<BringList>().Undo(parsed.GetValue(services) ? Shelf.Services : Shelf.Hospitals, null, Subject.Nobody, TimeProvider.System.GetUtcNow());
            var row = undone.Is(out var list, out _) ? list : null;
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { undone = row is null ? null : Base32.Write(row.Id), file = row?.File, lines = row?.Lines }, Faces.Json)
                : row is null ? "No list stands, so there is nothing to undo." : $"{row.File} ({row.Lines} lines) stands no more.");
            return row is null ? 1 : 0;
        }));
        return command;
    }

    private static int Faulty(IReadOnlyList<FaultyLine> faults, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { id = (string?)null, taken = false, lines = 0, faults }, Faces.Json));
            return 1;
        }

        foreach (var fault in faults)
        {
            Console.WriteLine($"line {fault.Line}{(fault.What.Length > 0 ? $" \"{fault.What}\"" : "")}: {HospitalWords.Of(Lang.En, fault.Fault)}");
        }

        Console.WriteLine(faults.Count == 0 ? "The file has no line to take." : $"Nothing was taken: {faults.Count} faults.");
        return 1;
    }

    private static DateOnly? Day(string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new StorageException($"{text} is no date. Write it like 2026-11-28.");

    /// <summary>The embedded database is written by one process.</summary>
    private static IDisposable? HoldToWrite(this Place place, string instead)
    {
        _ = place.ExistingEngine();
        try
        {
            return place.Hold();
        }
        catch (StorageException held) when (held.InnerException is IOException)
        {
            throw new StorageException($"{place.DataFolder} is being served, and one process writes to it. {instead}, or stop the server first.", held);
        }
    }
}

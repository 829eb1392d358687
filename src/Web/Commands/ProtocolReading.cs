using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen protocol show|diff</c>: a protocol in words, and what another version changes.</summary>
internal static class ProtocolReading
{
    public static Command Show()
    {
        var id = new Argument<string>("id") { Description = "For example RESP-CN, or a signed policy, for example timeline." };
        var version = new Option<string?>("--version") { Description = "Without it the newest." };
        var folder = Folder();
        var lang = Language();
        var json = new Option<bool>("--json") { Description = "Rows as JSON." };
        var command = new Command("show", "Prints a protocol as a table in words, or a signed policy.") { id, version, folder, lang, json };
        command.SetAction(parsed => Sentence.OrAsync(parsed, () =>
        {
            var (name, wanted) = (parsed.GetRequiredValue(id), parsed.GetValue(version));
            var within = parsed.GetRequiredValue(folder);
            if (PolicyReading.Find(within == ProtocolFiles.Shipped ? SignedPolicies.Shipped : within, name) is { } policy)
            {
                PolicyReading.Print(policy, Lang.Named(parsed.GetRequiredValue(lang)), parsed.GetValue(json));
                return Task.FromResult(0);
            }

            var files = Files(within);
            var lines = ReadProtocols.Lines(files);
            var line = ReadProtocols.Find(lines, name, wanted)
                ?? throw new StorageException($"There is no protocol {name}{(wanted is null ? "" : $" {wanted}")} here. There are: {string.Join(", ", lines.Select(l => $"{l.Protocol.Id} {l.Protocol.Version}"))}.");
            Print(Lang.Named(parsed.GetRequiredValue(lang)), files, line, parsed.GetValue(json));
            return Task.FromResult(0);
        }));
        return command;
    }

    public static Command Diff()
    {
        var before = new Argument<string>("before") { Description = "File of the version before." };
        var after = new Argument<string>("after") { Description = "File of the version after." };
        var lang = Language();
        var json = new Option<bool>("--json") { Description = "The changed rows as JSON." };
        var command = new Command("diff", "Says which rows a version adds, takes away or changes. Exit 1 where anything differs.") { before, after, lang, json };
        command.SetAction(parsed => Sentence.OrAsync(parsed, () =>
        {
            var (old, now) = (ProtocolCommand.Read(parsed.GetRequiredValue(before)), ProtocolCommand.Read(parsed.GetRequiredValue(after)));
            var changes = ReadProtocols.Changes(Lang.Named(parsed.GetRequiredValue(lang)), old, now, [old, now]);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(changes, Faces.Json));
            }
            else
            {
                foreach (var change in changes)
                {
                    Console.WriteLine(change.Before is null ? $"+ {change.Row}: {change.After}" : change.After is null ? $"- {change.Row}: {change.Before}" : $"~ {change.Row}: {change.Before}\n      {change.After}");
                }

                Console.WriteLine($"{old.Id} {old.Version} -> {now.Version}: {changes.Length} rows differ.");
            }

            return Task.FromResult(changes.IsEmpty ? 0 : 1);
        }));
        return command;
    }

    private static Option<string> Folder() => new("--folder") { Description = "Folder of protocols, or of policies; without it the shipped ones.", DefaultValueFactory = _ => ProtocolFiles.Shipped };

    private static Option<string> Language() => new("--lang") { Description = "zh or en.", DefaultValueFactory = _ => "zh" };

    private static ProtocolFiles Files(string folder) =>
        Directory.Exists(folder) ? new ProtocolFiles(folder, acceptDemo: true, null) : throw new StorageException($"There is no folder {folder}.");

    private static void Print(Lang t, ProtocolFiles files, ProtocolLine line, bool json)
    {
        var model = ReadProtocols.Model(t, files, line);
        var rows = line.Protocol.Rows.Select(r => new { row = r.Id, when = model.Words.Of(r.When), disposition = r.Disposition, urgency = (int)r.Urgency, need = r.Need, flags = r.Flags, reason = t[r.Reason], sources = r.Sources });
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { id = line.Protocol.Id, version = line.Protocol.Version, from = line.Protocol.From, to = line.Protocol.To, serves = line.Why is null, rows }, Faces.Json));
            return;
        }

        Console.WriteLine($"{line.Protocol.Id} {line.Protocol.Version}, {ProtocolPage.Span(t, line.Protocol)}. {line.Protocol.Status}. {line.Why}");
        foreach (var row in line.Protocol.Rows)
        {
            Console.WriteLine($"{row.Id,-6} {ReadProtocols.Line(t, model.Words, row)}\n       {t[row.Reason]} [{string.Join(", ", row.Sources)}]");
        }

        foreach (var term in line.Protocol.Terms?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>())
        {
            Console.WriteLine($"{model.Words.Called(term)} {term} = {model.Words.Meaning(term)}");
        }
    }
}

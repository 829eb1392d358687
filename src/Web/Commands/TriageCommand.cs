using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen triage</c>: judges a file of cases by the protocols of a day. Serves nobody and stores nothing.</summary>
internal static class TriageCommand
{
    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(2);

    public static Command Build()
    {
        var protocol = new Option<string>("--protocol") { Description = "Protocol beside the red-flag packs.", DefaultValueFactory = _ => "RESP-CN" };
        var region = new Option<string?>("--region") { Description = "Six-digit region code: chooses the overlay, never an exposure." };
        var date = new Option<string>("--date") { Description = "Day whose rules judge, as 2020-01-24.", Required = true };
        var input = new Option<string>("--in") { Description = "Cases, one JSON object a line.", Required = true };
        var output = new Option<string>("--out") { Description = "Results, one JSON object a line.", Required = true };
        var data = new Option<string?>("--data") { Description = "Data folder of a deployment: its own signed protocols. Without it the shipped ones." };
        var json = new Option<bool>("--json") { Description = "The counts as one JSON object." };
        var command = new Command("triage", "Judges cases by the protocols of a day.") { protocol, region, date, input, output, data, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            if (!DateOnly.TryParseExact(parsed.GetRequiredValue(date), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                throw new StorageException($"{parsed.GetRequiredValue(date)} is not a day. Write it as 2020-01-24.");
            }

            var (from, to) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
            if (!File.Exists(from))
            {
                throw new StorageException($"There is no file {from}.");
            }

            var files = await Files(parsed.GetValue(data));
            var triage = new BatchTriage(files.Shelf(), parsed.GetRequiredValue(protocol), day, parsed.GetValue(region), Lexicon.Parse(files.LexiconText));
            if (!triage.IsInForce)
            {
                throw new StorageException($"No version of {parsed.GetRequiredValue(protocol)} that may serve is in force on {day:yyyy-MM-dd}. ./yizhen protocol check lists them.");
            }

            var (judged, unread) = await Run(triage, from, to, ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { judged, unread }, Faces.Json) : $"{judged} cases judged, {unread} lines could not be read.");
            return unread == 0 ? 0 : 1;
        }));
        return command;
    }

    private static async Task<ProtocolFiles> Files(string? data)
    {
        if (data is not null)
        {
            var key = Path.Combine(data, "protocols");
            return Directory.Exists(key)
                ? new ProtocolFiles(key, acceptDemo: false, await File.ReadAllTextAsync(Path.Combine(data, "authority.pub.pem")))
                : throw new StorageException($"{data} holds no protocols of its own. ./yizhen setup puts them there.");
        }

        await Console.Error.WriteLineAsync("Shipped protocols, demo signature, not reviewed by a clinician: for trial, not for patients.");
        return new ProtocolFiles(ProtocolFiles.Shipped, acceptDemo: true, null);
    }

    private static async Task<(int Judged, int Unread)> Run(BatchTriage triage, string from, string to, CancellationToken ct)
    {
        var reader = new CaseReader();
        var (judged, unread, number) = (0, 0, 0);
        var told = TimeProvider.System.GetTimestamp();
        await using var results = new StreamWriter(to, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await foreach (var line in File.ReadLinesAsync(from, ct))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                await results.WriteLineAsync(JsonSerializer.Serialize(triage.Judge(reader.Read(line)), Faces.Json));
                judged++;
            }
            catch (JsonException wrong)
            {
                unread++;
                await Console.Error.WriteLineAsync($"Line {number} is not a case: {wrong.Message}");
            }

            if (TimeProvider.System.GetElapsedTime(told) > Tell)
            {
                told = TimeProvider.System.GetTimestamp();
                await Console.Error.WriteLineAsync($"{judged} cases judged");
            }
        }

        return (judged, unread);
    }
}

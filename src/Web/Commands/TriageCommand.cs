using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen triage</c>: judges a file of cases by the protocols of a day. Serves nobody and stores nothing.</summary>
internal static class TriageCommand
{
    private const int Buffer = 1 << 16;

    private static readonly TimeSpan Tell = TimeSpan.FromSeconds(2);

    public static Command Build()
    {
        var protocol = new Option<string>("--protocol") { Description = "Protocol beside the red-flag packs.", DefaultValueFactory = _ => "RESP-CN" };
        var region = new Option<string?>("--region") { Description = "Six-digit region code: chooses the overlay, never an exposure." };
        var date = new Option<string>("--date") { Description = "Day whose rules judge, as 2020-01-24.", Required = true };
        var input = new Option<string>("--in") { Description = "Cases, one JSON object a line: {\"case_id\": \"1\", \"text\": \"...\", \"facts\": {\"age\": 70, \"temperature_c\": 38.5, \"symptoms\": [\"cough\"]}}, any of it missing. What was not known stands in each result under reported.", Required = true };
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

            var (judged, unread) = Run(triage, day, from, to, ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { judged, unread }, Faces.Json) : $"{judged} cases judged, {unread} lines could not be read.");
            return unread == 0 ? 0 : 1;
        }));
        return command;
    }

    private static async Task<ProtocolFiles> Files(string? data)
    {
        if (data is not null)
        {
            var place = Place.From(data, null, null, null);
            var (rehearsal, authority) = await Authority(place.ExistingEngine());
            return new ProtocolFiles(ProtocolFiles.Of(place), rehearsal, authority);
        }

        await Console.Error.WriteLineAsync("Shipped protocols, demo signature, not reviewed by a clinician: for trial, not for patients.");
        return new ProtocolFiles(ProtocolFiles.Shipped, acceptDemo: true, null);
    }

    /// <summary>What the deployment trusts; no key of it is needed for that.</summary>
    private static async Task<(bool Rehearsal, string? Authority)> Authority(IEngine engine)
    {
        await using var connection = await engine.OpenAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = "select kind, authority_key from deployment";
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? (row.GetString(0) != Deployment.Code(DeploymentKind.Real), row.IsDBNull(1) ? null : row.GetString(1)) : throw new StorageException("That folder holds no deployment.");
    }

    /// <summary>One case after the other on one thread: nobody waits for it but the batch, and a hop between threads would cost more than a case.</summary>
    private static (int Judged, int Unread) Run(BatchTriage triage, DateOnly day, string from, string to, CancellationToken ct)
    {
        var reader = new CaseReader();
        var (judged, unread, number) = (0, 0, 0);
        var told = TimeProvider.System.GetTimestamp();
        using var results = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.Read, Buffer);
        foreach (var line in File.ReadLines(from))
        {
            ct.ThrowIfCancellationRequested();
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                results.Write(JsonSerializer.SerializeToUtf8Bytes(triage.Judge(reader.Read(line), day), Faces.Json));
                results.Write("\n"u8);
                judged++;
            }
            catch (JsonException wrong)
            {
                unread++;
                Console.Error.WriteLine($"Line {number} is not a case: {wrong.Message}");
            }

            if (TimeProvider.System.GetElapsedTime(told) > Tell)
            {
                told = TimeProvider.System.GetTimestamp();
                Console.Error.WriteLine($"{judged} cases judged");
            }
        }

        return (judged, unread);
    }
}

using System.CommandLine;
using System.Text;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen dispatch --stdio</c>: the dispatcher of production as a process that a simulator drives.</summary>
internal static class DispatchCommand
{
    public static Command Build()
    {
        var stdio = new Option<bool>("--stdio") { Description = "Reads one JSON line for each second in which something happened, and answers each with one line (third_party/dispatch/README.md)." };
        var level = new Option<int>("--level") { Description = "Surge level: from 2 on a dated answer is offered to urgency 4 and 5 instead of a long wait.", DefaultValueFactory = _ => 2 };
        var decline = new Option<int>("--decline") { Description = "Of a hundred to whom it is offered, so many decline and wait on.", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "At the end, on standard error, what was counted as one JSON object." };
        var command = new Command("dispatch", "Drives the dispatcher from outside.") { stdio, level, decline, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            if (!parsed.GetValue(stdio))
            {
                throw new StorageException("Say how it is driven: --stdio. ./yizhen dispatch --help explains.");
            }

            if (parsed.GetValue(level) is < 0 or > Surge.Highest || parsed.GetValue(decline) is < 0 or > 100)
            {
                throw new StorageException("--level is 0 to 4, --decline is 0 to 100.");
            }

            var drive = new Drive(DispatchRules.Parse(Policies.Text("dispatch.json")), parsed.GetValue(level), parsed.GetValue(decline));
            var lines = await Run(drive, ct);
            await Console.Error.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(new { lines, rejected = drive.Rejected }) : $"{lines} lines answered, {drive.Rejected} assignments rejected.");
            return drive.Rejected == 0 ? 0 : 1;
        }));
        return command;
    }

    private static async Task<long> Run(Drive drive, CancellationToken ct)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        var lines = 0L;
        while (await input.ReadLineAsync(ct) is { } line)
        {
            try
            {
                if (drive.Answer(line) is not { } answer)
                {
                    return lines;
                }

                await output.WriteLineAsync(answer);
                lines++;
            }
            catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                var what = wrong is JsonException ? wrong.Message : "a field is missing or of another kind (third_party/dispatch/README.md).";
                throw new StorageException($"Line {lines + 1} is none of the drive protocol: {what}", wrong);
            }
        }

        return lines;
    }
}

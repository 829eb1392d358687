using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen protocol replay</c>: judges every stored outcome again under the rules of its own day. Exit 1 names the first that differs.</summary>
internal static class ProtocolReplay
{
    public static Command Build()
    {
        var from = new Option<string?>("--from") { Description = "First day, as 2020-01-23; without it from the beginning." };
        var to = new Option<string?>("--to") { Description = "Last day, as 2020-02-23; without it to the end." };
        var json = new Option<bool>("--json") { Description = "The counts as one JSON object." };
        var where = new Where();
        var command = new Command("replay", "Judges each stored outcome again by the versions that it is pinned to, and compares byte for byte. Exit 1 where one differs or a version is not kept.") { from, to, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var (first, last) = (Sentence.Day(parsed.GetValue(from)), Sentence.Day(parsed.GetValue(to)));
            if (last < first)
            {
                throw new StorageException("--to is before --from.");
            }

            await using var site = await Composed.OpenAsync(where.Read(parsed), ct);
            var replayed = await site.Services.GetRequiredService<ReplayOutcomes>().Run(first, last, Looking.AtTheMachine, ct);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(replayed, Faces.Json)
                : (replayed.First is { } fault ? $"{fault}.\n" : "")
                    + $"{replayed.Outcomes} outcomes of {replayed.Consultations} consultations judged again: {replayed.Same} the same byte for byte, {replayed.Outcomes - replayed.Same - replayed.NotKept} differ, {replayed.NotKept} by a version that is not kept here."
                    + $"{(replayed.Damaged == 0 ? "" : $" {replayed.Damaged} consultations cannot be opened: ./yizhen verify names the first.")}{(replayed.Gone == 0 ? "" : $" {replayed.Gone} erased or past their time: nothing of them is left to judge.")}");
            return replayed.First is null ? 0 : 1;
        }));
        return command;
    }
}

using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen verify</c>: proves that nothing was lost, changed or put in between. Exit 1 names the first fact that does not hold.</summary>
internal static class VerifyCommand
{
    public static Command Build()
    {
        var where = new Where();
        var json = new Option<bool>("--json") { Description = "The result as one JSON object." };
        var anchors = new Option<string?>("--anchors") { Description = "Folder of the anchors: every line of it must be in the log." };
        var command = new Command("verify", "Checks chains, versions, headers, heads and payloads while the server runs.") { json, anchors };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var place = where.Read(parsed);
            var engine = place.ExistingEngine();
            var vault = await Deployment.PeekKeyAsync(place, engine, ct);
            var verified = await new Verification(engine, vault).RunAsync(n => Console.Error.Write($"\r{n} facts"), ct);
            var anchored = parsed.GetValue(anchors) is { } folder ? await Anchors.VerifyAsync(engine, vault, folder, ct) : null;
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { verified.Consultations, verified.Facts, verified.PayloadsChecked, Broken = verified.Broken ?? anchored?.Missing, Anchors = anchored }, Faces.Json));
            }
            else
            {
                Console.WriteLine(verified.Broken ?? $"{verified.Facts} facts of {verified.Consultations} consultations hold.");
                if (!verified.PayloadsChecked)
                {
                    Console.WriteLine("No key was given: payloads were not checked.");
                }
            }

            if (anchored is not null && !parsed.GetValue(json))
            {
                Console.WriteLine(anchored.Missing ?? $"{anchored.Lines} lines of {anchored.Blocks} anchors are in the log{(anchored.CutOffByRestore > 0 ? $", but for {anchored.CutOffByRestore} that a restore took back, as the anchors say" : "")}.");
            }

            return verified.Broken is null && anchored?.Missing is null ? 0 : 1;
        }));
        return command;
    }
}

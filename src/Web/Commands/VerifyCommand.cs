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
        var command = new Command("verify", "Checks chains, versions, headers, heads and payloads while the server runs.") { json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(async () =>
        {
            var place = where.Read(parsed);
            var engine = place.ExistingEngine();
            var vault = await Deployment.PeekKeyAsync(place, engine, ct);
            var verified = await new Verification(engine, vault).RunAsync(n => Console.Error.Write($"\r{n} facts"), ct);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(verified, Faces.Json));
            }
            else
            {
                Console.WriteLine(verified.Broken ?? $"{verified.Facts} facts of {verified.Consultations} consultations hold.");
                if (!verified.PayloadsChecked)
                {
                    Console.WriteLine("No key was given: payloads were not checked.");
                }
            }

            return verified.Broken is null ? 0 : 1;
        }));
        return command;
    }
}

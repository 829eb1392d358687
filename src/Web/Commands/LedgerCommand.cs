using System.CommandLine;
using System.Text.Json;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen ledger</c>: the law, recounted from the log while the server runs. Needs no key. Exit 1 when it does not hold.</summary>
internal static class LedgerCommand
{
    public static Command Build()
    {
        var where = new Where();
        var json = new Option<bool>("--json") { Description = "One flat object of integers, and holds." };
        var command = new Command("ledger", "Counts every person from the log: nobody may be missing.") { json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var place = where.Read(parsed);
            var engine = place.ExistingEngine();
            var door = (await Deployment.PeekPoliciesAsync(place, engine, ct)).Read(SignedPolicies.Light, LightConsultation.Read).Clocks.Door;
            var ledger = await Ledger.CountAsync(engine, TimeProvider.System.GetUtcNow(), door, ct);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(ledger, Faces.Json));
            }
            else
            {
                foreach (var (name, value) in JsonSerializer.SerializeToElement(ledger, Faces.Json).EnumerateObject().Select(p => (p.Name, p.Value)))
                {
                    Console.WriteLine($"{name,-18}{value}");
                }
            }

            return ledger.Holds ? 0 : 1;
        }));
        return command;
    }
}

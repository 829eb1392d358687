using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Page;

namespace Yizhen.Web.Commands;

/// <summary>
/// <c>./yizhen setup</c>: makes an empty machine ready for its first campaign, and says what is missing. It may be run again:
/// what is there is kept. Exit 0 when nothing is missing, 1 when something is, 2 when it could not be done.
/// </summary>
internal static class SetupCommand
{
    public static Command Build()
    {
        var data = Text("--data", "Folder of the embedded database.");
        var database = Text("--database", "PostgreSQL connection, for example \"Host=localhost;Database=yizhen;Username=yizhen\".");
        var state = Text("--state", "Folder for what must lie outside the database: erasure list, signed protocols, unit file.");
        var key = Text("--key", "File of the deployment key; made if it is not there. Never in the data folder.");
        var zone = Text("--zone", "Time zone of days and opening hours. Default: Asia/Shanghai.");
        var authority = Text("--authority-key", "File for the private half of the authority's signing key; made if it is not there. The server keeps the public half.");
        var sign = new Option<bool>("--sign-shipped") { Description = "Sign the shipped protocols with the authority's key now. Without it setup signs nothing." };
        var organisationZh = Text("--organisation-zh", "Name of the organisation in Chinese.");
        var organisationEn = Text("--organisation-en", "Name of the organisation in English.");
        var province = Text("--province", "Its province, two digits.");
        var baseUrl = Text("--base-url", "Address that people open, for example https://yizhen.example.cn.");
        var messages = Text("--messages", "File that describes the gateway for short messages (docs/operations.md).");
        var test = Text("--test-number", "Send a test message to this number.");
        var standby = Text("--standby", "Number that is told when urgency 1 has no doctor.");
        var certificate = Text("--tls-certificate", "TLS certificate with its chain, PEM.");
        var tlsKey = Text("--tls-key", "Key of the TLS certificate, PEM.");
        var proxy = Text("--proxy", "Address of the proxy in front, for example 127.0.0.1; only its forwarded headers are believed.");
        var user = Text("--user", "Account of the machine that runs the product. Default: yizhen.");
        var assessment = Text("--impact-assessment", "Where your impact assessment under the personal information law is filed, for example a document number and date.");
        var logDays = new Option<int?>("--network-log-days") { Description = "For how many days you keep the network logs (the product writes its own to standard output)." };
        var answers = Text("--answers", "JSON file with the same names (snake_case), for automation: nothing is asked.");
        var json = new Option<bool>("--json") { Description = "The result as one JSON object; nothing is asked." };
        var command = new Command("setup", "Makes an empty machine ready for its first campaign.")
        {
            data, database, state, key, zone, authority, sign, organisationZh, organisationEn, province, baseUrl, messages, test, standby, certificate, tlsKey, proxy, user, assessment, logDays, answers, json,
        };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var told = new SetupAnswers
            {
                Data = parsed.GetValue(data), Database = parsed.GetValue(database), State = parsed.GetValue(state), Key = parsed.GetValue(key), Zone = parsed.GetValue(zone),
                AuthorityKey = parsed.GetValue(authority), SignShipped = parsed.GetValue(sign) ? true : null, OrganisationZh = parsed.GetValue(organisationZh),
                OrganisationEn = parsed.GetValue(organisationEn), Province = parsed.GetValue(province), BaseUrl = parsed.GetValue(baseUrl), Messages = parsed.GetValue(messages),
                TestNumber = parsed.GetValue(test), Standby = parsed.GetValue(standby), TlsCertificate = parsed.GetValue(certificate), TlsKey = parsed.GetValue(tlsKey),
                Proxy = parsed.GetValue(proxy), User = parsed.GetValue(user),
                ImpactAssessment = parsed.GetValue(assessment), NetworkLogDays = parsed.GetValue(logDays),
            };
            var file = parsed.GetValue(answers);
            told = file is null ? told : told.Over(SetupAnswers.ReadFile(file));
            if (file is null && !parsed.GetValue(json) && !Console.IsInputRedirected)
            {
                told = told.Ask(Console.In, Console.Out);
            }

            var done = await SetupSteps.RunAsync(told, TimeProvider.System.GetUtcNow(), ct);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(done, Faces.Json));
            }
            else
            {
                Tell(done);
            }

            return done.Missing.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static void Tell(SetupDone done)
    {
        Console.WriteLine($"Database:        {done.Database}");
        Console.WriteLine($"Deployment key:  {done.Key}{(done.KeyMade ? " (made)" : "")}");
        Console.WriteLine($"Protocols:       {done.Signed} signed now");
        Console.WriteLine($"Unit, backup:    {done.Unit}, {done.Cron}");
        Console.WriteLine($"Test message:    {done.TestMessage.Replace('_', ' ')}");
        if (done.Join is { } join)
        {
            Console.WriteLine();
            Console.WriteLine("First operator, once, within seven days:");
            Console.WriteLine("  " + join);
        }

        Console.WriteLine();
        Console.WriteLine(done.Missing.Count == 0 ? "Nothing is missing." : $"Still missing ({done.Missing.Count}):");
        foreach (var line in done.Missing)
        {
            Console.WriteLine("  [ ] " + line);
        }

        Console.WriteLine("Serve it, by the unit or by hand:");
        Console.WriteLine("  " + done.Serve);
        Console.WriteLine("To be done by you:");
        foreach (var line in done.Remember)
        {
            Console.WriteLine("  [ ] " + line);
        }
    }
}

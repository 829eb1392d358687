using System.Collections.Concurrent;
using System.CommandLine;
using System.Net;
using System.Text.Json;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Replay;

/// <summary>
/// <c>./yizhen replay FILE --url URL</c>: virtual patients and doctors drive the public HTTP interface of a demo or drill server with
/// recorded dialogues, read everything back and compare. Exit 0 only if nothing was lost, doubled, misordered or foreign.
/// </summary>
internal static class ReplayCommand
{
    private const int PatientsAtOnce = 200;
    private const int DoctorsOnDuty = 40;
    private const int MostSeats = 20;

    private static readonly TimeSpan Give = TimeSpan.FromMinutes(30);

    public static Command Build()
    {
        var files = new Argument<string[]>("file") { Description = "Dialogues, one JSON object a line.", Arity = ArgumentArity.OneOrMore };
        var url = new Option<string>("--url") { Description = "A demo or drill server.", Required = true };
        var patients = new Option<int>("--patients") { Description = "Virtual patients at once.", DefaultValueFactory = _ => PatientsAtOnce };
        var doctors = new Option<int>("--doctors") { Description = "Virtual doctors on duty.", DefaultValueFactory = _ => DoctorsOnDuty };
        var speed = new Option<string>("--speed") { Description = "How many times faster than people write, or max.", DefaultValueFactory = _ => "max" };
        var secret = new Option<string>("--secret") { Description = "File of the demo secret.", DefaultValueFactory = _ => Path.Combine("data", "demo-secret.txt") };
        var campaign = new Option<string>("--campaign") { Description = "Campaign to come in by.", DefaultValueFactory = _ => "wuhan" };
        var json = new Option<bool>("--json") { Description = "The figures as one JSON object." };
        var command = new Command("replay", "Drives a demo server with recorded dialogues and proves that nothing was lost.") { files, url, patients, doctors, speed, secret, campaign, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var pace = Pace.From(parsed.GetRequiredValue(speed));

            if (parsed.GetValue(patients) < 1 || parsed.GetValue(doctors) < 1)
            {
                throw new StorageException("--patients and --doctors are 1 or more.");
            }

            var dialogues = parsed.GetRequiredValue(files).SelectMany(Dialogue.ReadFile).ToList();
            using var run = new Run(Server(parsed.GetRequiredValue(url)), ReadSecret(parsed.GetRequiredValue(secret)), parsed.GetRequiredValue(campaign), parsed.GetValue(patients), parsed.GetValue(doctors), pace, TimeProvider.System);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Give);
            var report = await run.Play(dialogues, limit.Token);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report, Door.Json)
                : $"{report.Completed} of {report.Dialogues} dialogues, {report.Messages} messages, {report.PerSecond:0.0} a second; lost {report.Lost}, doubled {report.Doubled}, misordered {report.Misordered}, foreign {report.Foreign}; stored p50 {report.StoredMs.P50} ms, p99 {report.StoredMs.P99} ms; seen p50 {report.SeenMs.P50} ms, p99 {report.SeenMs.P99} ms.");
            return report.Clean && report.Completed == report.Dialogues ? 0 : 1;
        }));
        return command;
    }

    private static Uri Server(string url) => Uri.TryCreate(url, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
        ? server
        : throw new StorageException($"--url: {url} is not the address of a server. It looks like http://localhost:8080.");

    private static string ReadSecret(string file) => File.Exists(file)
        ? File.ReadAllText(file).Trim()
        : throw new StorageException($"There is no demo secret in {file}. Name the server's with --secret.");

    private sealed class Run(Uri server, string secret, string campaign, int patients, int doctors, Pace pace, TimeProvider clock) : IDisposable
    {
        private readonly ConcurrentDictionary<string, Dialogue> byConsultation = new(StringComparer.Ordinal);
        private readonly CancellationTokenSource stop = new();
        private readonly Figures figures = new();
        private readonly HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 10_000, AutomaticDecompression = DecompressionMethods.All, UseCookies = false })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(100),
        };

        public void Dispose()
        {
            client.Dispose();
            stop.Dispose();
        }

        public async Task<Report> Play(List<Dialogue> dialogues, CancellationToken ct)
        {
            await Hello(ct);
            var started = clock.GetTimestamp100();
            using var offDuty = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var running = CancellationTokenSource.CreateLinkedTokenSource(ct, stop.Token);
            var seats = Math.Clamp((patients + doctors - 1) / doctors, 1, MostSeats);
            var desks = new List<Task>();
            for (var n = 0; n < doctors; n++)
            {
                var doctor = new VirtualDoctor(new Door(client, $"10.1.{n / 250}.{n % 250}", secret), n, byConsultation, figures, pace, clock);
                await doctor.Join(seats, ct);
                desks.Add(Watched(doctor.Serve(offDuty.Token)));
            }

            var compared = new ConcurrentBag<(bool Completed, Comparison Found)>();
            await Parallel.ForEachAsync(dialogues.Select((d, n) => (d, n)), new ParallelOptions { MaxDegreeOfParallelism = patients, CancellationToken = running.Token }, async (one, token) =>
            {
                compared.Add(await PlayOne(one.d, one.n, token));
                await Console.Error.WriteAsync($"\r{compared.Count} of {dialogues.Count}");
            });
            await Console.Error.WriteLineAsync();
            var seconds = TimeSpan.FromTicks(clock.GetTimestamp100() - started).TotalSeconds;
            await offDuty.CancelAsync();
            await Task.WhenAll(desks);
            var sum = compared.Aggregate(default(Comparison), (a, c) => a + c.Found);
            return new Report(
                dialogues.Count, compared.Count(c => c.Completed), figures.Messages, sum.Lost, sum.Doubled, sum.Misordered, sum.Foreign,
                Math.Round(figures.Messages / Math.Max(seconds, 0.001), 1), figures.StoredMs, figures.SeenMs);
        }

        /// <summary>A desk that breaks ends the run with its reason, instead of leaving its patients to wait.</summary>
        private async Task Watched(Task desk)
        {
            try
            {
                await desk;
            }
            catch (Exception broken)
            {
                await Console.Error.WriteLineAsync($"A virtual doctor has stopped: {broken.Message}");
                await stop.CancelAsync();
                throw;
            }
        }

        /// <summary>A real server is refused before the first byte of a dialogue.</summary>
        private async Task Hello(CancellationToken ct)
        {
            try
            {
                var kind = await client.GetFromJsonAsync<ServerKind>("/api/v1/server", Door.Json, ct);
                if (kind?.Kind is not ("demo" or "drill"))
                {
                    throw new StorageException($"{server} is not a demo or drill server; replay refuses it.");
                }
            }
            catch (HttpRequestException away)
            {
                throw new StorageException($"No server answers at {server}: {away.Message}", away);
            }
        }

        private async Task<(bool Completed, Comparison Found)> PlayOne(Dialogue dialogue, int number, CancellationToken ct)
        {
            var patient = new VirtualPatient(new Door(client, $"10.{2 + (number / 62_500)}.{number / 250 % 250}.{number % 250}", secret), dialogue, campaign, figures, pace, clock);
            var id = await patient.Arrive(ct);
            if (dialogue.Lines.Count == 0)
            {
                await patient.Close(id, ct);
            }
            else
            {
                byConsultation[id] = dialogue;
                await patient.Queue(id, ct);
                await patient.Talk(id, ct);
            }

            var whole = await patient.ReadBack(id, ct);
            var found = VirtualPatient.Lines(whole).Select(l => new Turn(l.By == "clinician" ? "doctor" : "patient", l.Text)).Prepend(new Turn("patient", whole.Story ?? "")).ToList();
            var comparison = Comparison.Of([new Turn("patient", dialogue.Story), .. dialogue.Lines], found);
            return (whole.Bucket is "served" or "left" or "self_care" or "told_to_go", comparison);
        }
    }

    private sealed record ServerKind(string Kind);
}

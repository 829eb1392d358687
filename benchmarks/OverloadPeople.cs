using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Yizhen.Benchmarks;

/// <summary>How far somebody goes.</summary>
internal enum End
{
    Story,
    Queue,

    /// <summary>Out of the queue again: nobody is on duty in a demo without doctors, and a queue that grows all the time would be another measurement.</summary>
    Left,
}

/// <summary>People at the JSON door of the demo server: from the door through consent, place, story and triage to a place in the queue, in ongoing consultations, and telling danger signs.</summary>
/// <param name="own">Each answer at the door comes over a connection of its own, as a crowd's does without a proxy.</param>
internal sealed class OverloadPeople(OverloadLines lines, bool own)
{
    private const string Mild = """{"text":"咳嗽两天","worry":3}""";
    private const string Grave = """{"text":"胸口像被压住，喘不上气","worry":9}""";

    private readonly Random chance = new(7);
    private readonly List<(string Path, string Token)> ongoing = [];
    private readonly List<(string Path, string Token)> telling = [];
    private int next;
    private int crowd;

    /// <summary>Seconds that somebody thinks between two steps, at least and at most.</summary>
    public (double From, double To) Think { get; set; }

    /// <summary>Nobody of those who came comes again.</summary>
    public void GoHome() => crowd++;

    /// <summary>So many are in the queue, and so many about to tell their story.</summary>
    /// <exception cref="InvalidOperationException">They could not get in.</exception>
    public async Task PrepareAsync(int inside)
    {
        for (var n = 0; n < inside; n++)
        {
            ongoing.Add(await JourneyAsync(Stopwatch.GetTimestamp(), grave: false, End.Queue) ?? throw new InvalidOperationException("The people who are to be inside could not get in."));
            telling.Add(await JourneyAsync(Stopwatch.GetTimestamp(), grave: false, End.Story) ?? throw new InvalidOperationException("The people who are to be inside could not get in."));
        }
    }

    /// <summary>One person of each kind, at the door without going on.</summary>
    public Task LookAsync() => Task.WhenAll(
        lines.AskAsync(Step.Door, Start(null), Stopwatch.GetTimestamp()), ComeAsync(Step.Ongoing, Stopwatch.GetTimestamp()), ComeAsync(Step.RedFlag, Stopwatch.GetTimestamp()));

    /// <param name="due">Stopwatch ticks.</param>
    /// <param name="grave">A newcomer who will tell a danger sign.</param>
    public Task ComeAsync(Step step, long due, bool grave = false)
    {
        var n = Interlocked.Increment(ref next);
        return step switch
        {
            Step.Ongoing => lines.AskAsync(step, Put(ongoing[n % ongoing.Count], $"/messages/{Guid.CreateVersion7()}", """{"text":"还有点咳，晚上好一些"}"""), due),
            Step.RedFlag => lines.AskAsync(step, Put(telling[n % telling.Count], "/story", Grave), due),
            _ => JourneyAsync(due, grave, End.Left),
        };
    }

    /// <summary>Whoever is asked to come again does, at the time and with the turn that they were given.</summary>
    private async Task<(string Path, string Token)?> JourneyAsync(long due, bool grave, End end)
    {
        var (mine, turn) = (crowd, (string?)null);
        JsonElement started = default;
        while (true)
        {
            var told = await lines.AskAsync(Step.Door, Start(turn), due, own, t => started = t.Status == 200 ? Json(t.Body.Span) : default);
            if (told.Status == 200)
            {
                break;
            }

            turn = told.Turn ?? turn;
            due = Stopwatch.GetTimestamp() + (told.RetryAfter * Stopwatch.Frequency);
            if (told.Status != 503 || told.RetryAfter == 0 || !await UntilAsync(due, mine))
            {
                return null;
            }
        }

        var me = ($"/api/v1/consultations/{started.GetProperty("consultation").GetString()}", started.GetProperty("token").GetString() ?? "");
        return await InsideAsync(me, started.GetProperty("consent_version").GetString() ?? "", grave, end, mine) ? me : null;
    }

    private async Task<bool> InsideAsync((string Path, string Token) me, string version, bool grave, End end, int mine)
    {
        var began = Stopwatch.GetTimestamp();
        var consent = $$"""{"relation":"self","lang":"zh","consent":{"text_version":"{{version}}","advice_only":true,"share_with_clinician":true,"keep":true} }""";
        List<(Step Step, byte[] Request)> steps = [(Step.Inside, Post(me, "/opening", consent)), (Step.Inside, Put(me, "/place", """{"region":"420102"}""")), (grave ? Step.RedFlag : Step.Inside, Put(me, "/story", grave ? Grave : Mild))];
        if (end != End.Story)
        {
            steps.Add((grave ? Step.RedFlag : Step.Inside, Post(me, "/triage", "{}")));
            // Whoever is told to ring 120 needs no queue.
            steps.AddRange(grave ? [] : [(Step.Inside, Post(me, "/contact/recovery", "{}")), (Step.Inside, Post(me, "/queue", "{}")), .. end == End.Left ? [(Step.Inside, Post(me, "/close", "{}"))] : Array.Empty<(Step, byte[])>()]);
        }

        foreach (var (step, request) in steps)
        {
            var due = Stopwatch.GetTimestamp() + (long)(Pause() * Stopwatch.Frequency);
            await UntilAsync(due, mine);
            while (await lines.AskAsync(step, request, due) is var answer && answer.Status is < 200 or > 299)
            {
                due = Stopwatch.GetTimestamp() + (answer.RetryAfter * Stopwatch.Frequency);
                if (answer.Status != 503 || answer.RetryAfter == 0 || !await UntilAsync(due, mine))
                {
                    return false;
                }
            }
        }

        lines.Note(Step.Whole, 200, began, 0);
        return true;
    }

    /// <returns>False where the crowd went home meanwhile.</returns>
    private async Task<bool> UntilAsync(long due, int mine)
    {
        var ms = (due - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;
        if (ms > 0)
        {
            await Task.Delay((int)Math.Ceiling(ms));
        }

        return crowd == mine;
    }

    private double Pause()
    {
        lock (chance)
        {
            return Think.From + (chance.NextDouble() * (Think.To - Think.From));
        }
    }

    /// <summary>The bytes may stand in chunks; the object is whole in one of them.</summary>
    private static JsonElement Json(ReadOnlySpan<byte> body)
    {
        using var json = JsonDocument.Parse(body[body.IndexOf((byte)'{')..(body.LastIndexOf((byte)'}') + 1)].ToArray());
        return json.RootElement.Clone();
    }

    private static byte[] Start(string? turn) => Bytes("POST", "/api/v1/campaigns/wuhan/start", turn is null ? "" : $"Yizhen-Turn: {turn}\r\n", "{}");

    private static byte[] Post((string Path, string Token) who, string path, string json) => Bytes("POST", who.Path + path, $"Authorization: Bearer {who.Token}\r\n", json);

    private static byte[] Put((string Path, string Token) who, string path, string json) => Bytes("PUT", who.Path + path, $"Authorization: Bearer {who.Token}\r\n", json);

    private static byte[] Bytes(string method, string path, string header, string json) => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{Served.Address.Port}\r\nContent-Type: application/json\r\n{header}Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}

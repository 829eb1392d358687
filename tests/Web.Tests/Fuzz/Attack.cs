using System.Text;
using System.Text.Json;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>One wrong thing at a time, at every place where something can be put, by the one who may come there and by those who may not.</summary>
internal sealed class Attack(Scene scene, IReadOnlyList<Door> doors, Random dice, int each)
{
    private static readonly string[] Strangers = ["nobody", "A talk", "stranger", "operator"];
    private static readonly string[] Mistyped = ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16", "application/json; charset=nonsense", ";;;"];

    public Tally Tally { get; } = new();

    public async Task OnApiAsync(bool ends)
    {
        using var description = JsonDocument.Parse((await scene["operator"].GetAsync("/openapi/v1.json")).Body);
        var shapes = Shape.In(description.RootElement);
        foreach (var door in doors.Where(d => d.IsApi && d.Changes && d.Ends == ends))
        {
            var shape = shapes.FirstOrDefault(s => s.Method == door.Method && s.Path == door.Path);
            await scene.AliveAsync();
            foreach (var place in shape?.Places ?? [])
            {
                foreach (var malice in Some(Malice.Tokens, each))
                {
                    await OwnAsync(door, $"{malice.Name} as {string.Join('.', place)}", Json(shape?.With(place, malice.Raw)));
                }

                await OwnAsync(door, $"{string.Join('.', place)} missing", Json(shape?.With(place, null)));
                await OwnAsync(door, $"{string.Join('.', place)} twice", Json($"{{\"{place[0]}\":1,{shape?.Body()[1..]}"));
            }

            foreach (var body in Some(["", "null", "[]", "\"x\"", "{", "{}}", "\uFEFF{}", "{\"a\":1,}", "/**/{}", $"\"{Malice.Broken}\"", new string('[', 5000), $"{{\"text\":\"{new string('x', 1_100_000)}\"}}"], each))
            {
                await OwnAsync(door, $"body {(body.Length > 12 ? body[..12] : body)}", Json(body));
            }

            foreach (var type in Some(Mistyped, 2))
            {
                await OwnAsync(door, type, Of(Encoding.UTF8.GetBytes(shape?.Body() ?? "{}"), type));
            }

            foreach (var stranger in Strangers)
            {
                await StrangeAsync(door, stranger, "a good body", Json(shape?.Body() ?? "{}"));
                await StrangeAsync(door, stranger, "a bad body", Json(shape?.Places.FirstOrDefault() is { } place ? shape.With(place, Some(Malice.Tokens, 1)[0].Raw) : "{"));
            }
        }
    }

    /// <summary>Reading: ids of others, ids that are none, queries that are none, and where a stream is to go on from.</summary>
    public async Task OnAddressesAsync()
    {
        foreach (var door in doors)
        {
            foreach (var malice in door is { Ends: true, Changes: true } ? [] : Some(Malice.Texts.Where(m => m.Text is { Length: > 0 and < 1000 } && !m.Text.Contains('\0', StringComparison.Ordinal)), door.Path.Contains('{', StringComparison.Ordinal) ? 3 : 0))
            {
                var who = Doors.Owner(door) is var owner && owner.StartsWith("doctor", StringComparison.Ordinal) ? scene["doctor"] : owner is "operator" ? scene["operator"] : scene["A talk"];
                await SendAsync(door, who, Doors.Fill(door, scene, "", malice.Text), $"{malice.Name} in the address", door.Changes ? Json("{}") : null);
            }

            if (door.Method != "GET")
            {
                continue;
            }

            await OwnAsync(door, "nothing wrong", null);
            foreach (var stranger in Strangers)
            {
                await StrangeAsync(door, stranger, "reading", null);
            }

            foreach (var malice in Some(Malice.Texts.Where(m => m.Text is { Length: < 1000 }), 1))
            {
                var query = Uri.EscapeDataString(malice.Text ?? "");
                await OwnAsync(door, $"{malice.Name} as query", null, query: $"?q={query}&c={query}&place={query}&back={query}&refresh={query}");
                await OwnAsync(door, $"{malice.Name} as Last-Event-ID", null, lastEvent: malice.Text);
            }

            await OwnAsync(door, "another's Last-Event-ID", null, lastEvent: $"{scene.Id("B talk")}:1,{scene.Id("B waiting")}:99", query: $"?c={scene.Id("B talk")}");
            await OwnAsync(door, "a Last-Event-ID of tomorrow", null, lastEvent: "9223372036854775807");
        }
    }

    public Task OwnAsync(Door door, string tried, HttpContent? content, string query = "", string? lastEvent = null, Func<Reply, string?>? also = null) =>
        AsOwnerAsync(door, tried, _ => content, query, lastEvent, also);

    /// <param name="content">From the token of the form.</param>
    public async Task AsOwnerAsync(Door door, string tried, Func<string, HttpContent?> content, string query = "", string? lastEvent = null, Func<Reply, string?>? also = null)
    {
        var owner = Doors.Owner(door);
        var (person, id) = owner switch
        {
            "A door" => await scene.DoorAsync(),
            "invited" => (scene["nobody"], await scene.InvitationAsync()),
            "operator" or "nobody" => (scene[owner], ""),
            var other when other.StartsWith("doctor at ", StringComparison.Ordinal) => (scene["doctor"], scene.Id(other["doctor at ".Length..])),
            var other => (scene[other], scene.Id(other)),
        };
        var path = Doors.Fill(door, scene, id, owner == "invited" ? id : null);
        await SendAsync(door, person, path + query, tried, content(person.FormToken), lastEvent, also);
        if (owner == "A door")
        {
            person.Dispose();
        }
    }

    /// <summary>Not yours and not there are the same: whatever a stranger sends about another's consultation, it is refused.</summary>
    public Task StrangeAsync(Door door, string stranger, string tried, HttpContent? content) =>
        SendAsync(door, scene[stranger], Doors.Fill(door, scene, scene.Id(Doors.Victim(door))), $"{tried} about {Doors.Victim(door)}", content, also: reply =>
            door.IsOfConsultation && reply.Status < 300 && !reply.Body.Contains("event: gone", StringComparison.Ordinal) ? $"lets a stranger in: {reply.Status}" : null);

    public async Task SendAsync(Door door, Person person, string path, string tried, HttpContent? content, string? lastEvent = null, Func<Reply, string?>? also = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(door.Method), new Uri(path, UriKind.Relative)) { Content = content };
        if (lastEvent is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", new string([.. lastEvent.Where(c => c is >= ' ' and < '\u007f')]));
        }

        var reply = await person.SendAsync(request, stream: true);
        Tally.Add(door, person, tried, reply, Verdict.On(person, path, reply), also?.Invoke(reply));
    }

    public IReadOnlyList<T> Some<T>(IEnumerable<T> all, int most)
    {
        var these = all.ToArray();
        dice.Shuffle(these);
        return [.. these.Take(most)];
    }

    public static HttpContent Json(string? body) => Of(Malice.Bytes(body ?? ""), "application/json");

    public static HttpContent Of(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>The forms that stand on the pages, each field in turn filled with what nobody would type.</summary>
internal sealed class FormAttack(Scene scene, IReadOnlyList<Door> doors, Attack attack, int each)
{
    private const string Boundary = "yz9boundary";

    private readonly Dictionary<Door, List<Form>> found = [];

    /// <summary>Form doors of which no page showed a form.</summary>
    public IEnumerable<Door> Unseen => doors.Where(d => d is { IsApi: false, Changes: true } && !found.ContainsKey(d));

    /// <summary>Reads every page as the one whose page it is; and goes one step further where a form comes only as an answer.</summary>
    public async Task ReadPagesAsync()
    {
        foreach (var door in doors.Where(d => d is { IsApi: false, Method: "GET" } && !d.Path.EndsWith("stream", StringComparison.Ordinal)))
        {
            var query = door.Path.EndsWith("/where", StringComparison.Ordinal) ? "?place=jiang" : "";
            await attack.OwnAsync(door, "nothing wrong", null, query, also: Keep);
        }

        foreach (var id in new[] { "A talk", "A advice", "A hand-over" })
        {
            Keep(await scene["doctor"].GetAsync($"/staff/desk?c={scene.Id(id)}"));
        }

        foreach (var path in new[] { "/staff/campaigns", "/staff/campaigns/{slug}/open" })
        {
            await attack.OwnAsync(new Door("POST", path), "a good form", Urlencoded(Filled(path), scene["operator"].FormToken));
            foreach (var page in new[] { "", "/entrances", "/partners" })
            {
                Keep(await scene["operator"].GetAsync($"/staff/campaigns/fuzzed{page}"));
            }
        }

        Keep(await scene["A advice"].GetAsync($"/q/{scene.Id("A advice")}/talk"));
        Keep(await scene["operator"].GetAsync("/staff/library/new"));

        // No page shows these as a form: the first is sent by the desk's script, the second by whoever has no questions left.
        found[new Door("POST", "/staff/desk/{id}/draft")] = [new Form("", false, [new Field("text", "textarea", "")])];
        // Nobody of urgency 1 waits, so no doctor is asked.
        found[new Door("POST", "/staff/desk/{id}/prompt")] = [new Form("", false, [new Field("take", "hidden", "yes")])];
        found[new Door("POST", "/q/{id}/outcome")] = [new Form("", false, [new Field("any", "hidden", "")])];
        // Nor these: nobody here has been silent for a day, nor been asked a day later.
        found[new Door("POST", "/staff/worklist/{id}/take")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/staff/reports/{id}/decide")] = [new Form("", false, [new Field("flag", "hidden", "Contact"), new Field("decided", "hidden", "confirm"), new Field("reason", "textarea", "")])];
        found[new Door("POST", "/staff/reports/{id}/acknowledge")] = [new Form("", false, [new Field("recipient", "text", ""), new Field("taken_by", "text", ""), new Field("number", "text", ""), new Field("filed_at", "text", "2026-11-24T14:00")])];
        found[new Door("POST", "/staff/reports/{id}/withdraw")] = [new Form("", false, [new Field("note", "textarea", "")])];
        found[new Door("POST", "/staff/reports/{id}/export")] = [new Form("", false, [new Field("as", "hidden", "csv")])];
        found[new Door("POST", "/staff/worklist/{id}/done")] = [new Form("", false, [new Field("came", "hidden", "reached"), new Field("note", "textarea", "")])];
        found[new Door("POST", "/staff/recall")] = [new Form("", false, [new Field("version", "hidden", "RESP-CN@national-v3"), new Field("with", "hidden", "")])];
        // No level was set, so nobody was offered anything and no desk stands at the door.
        found[new Door("POST", "/q/{id}/offer")] = [new Form("", false, [new Field("answer", "hidden", "wait")])];
        found[new Door("POST", "/staff/campaigns/{slug}/desk")] = [new Form("", false, [new Field("key", "hidden", ""), new Field("title_zh", "text", ""), new Field("title_en", "text", ""), new Field("body_zh", "textarea", ""), new Field("body_en", "textarea", "")])];
        found[new Door("POST", "/q/{id}/desk")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/q/{id}/correction")] = [new Form("", false, [new Field("count", "hidden", "1")])];
        found[new Door("POST", "/staff/worklist/{id}/urgency")] = [new Form("", false, [new Field("seen", "hidden", "Soon"), new Field("to", "hidden", "Urgent"), new Field("reason", "text", "x")])];
        found[new Door("POST", "/q/{id}/follow-up")] = [new Form("", false, [new Field("how", "hidden", "worse")])];
        // A rule of mutual aid stands there only after it was set, which the attack itself does.
        found.TryAdd(new Door("POST", "/staff/aid/end"), [new Form("", false, [new Field("rule", "hidden", ""), new Field("seen", "hidden", "1"), new Field("reason", "hidden", "x")])]);
        // No hospital was given a link, no list brought, no shift made, no drill begun, and everybody lives where the campaign is.
        found[new Door("POST", "/h/{token}")] = [new Form("", false, [new Field("open", "hidden", "yes"), new Field("room", "hidden", "3"), new Field("waiting", "hidden", "10")])];
        found[new Door("POST", "/staff/hospitals/lists/{id}")] = [new Form("", false, [new Field("undo", "hidden", "1")])];
        found[new Door("POST", "/q/{id}/outside")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/staff/roster/{id}/withdraw")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/staff/shifts/{id}")] = [new Form("", false, [new Field("says", "hidden", "cannot_come")])];
        found[new Door("POST", "/staff/drill/level")] = [new Form("", false, [new Field("level", "hidden", "2")])];
        // The campaign that is tried is never opened, no partner has a key, and no notice was given.
        found[new Door("POST", "/staff/campaigns/{slug}/pause")] = [new Form("", false, [new Field("answer_by", "hidden", "2030-01-26T08:00")])];
        found[new Door("POST", "/staff/campaigns/{slug}/close")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/staff/campaigns/{slug}/partners/{id}/revoke")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found.TryAdd(new Door("POST", "/staff/campaigns/{slug}/entrances/{code}"), [new Form("", false, [new Field("per_hour", "text", ""), new Field("close", "hidden", "")])]);
        found[new Door("POST", "/staff/campaigns/{slug}/partners/replay")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/staff/notices/{notice}/stop")] = [new Form("", false, [new Field("any", "hidden", "")])];
        found[new Door("POST", "/q/{id}/notice")] = [new Form("", false, [new Field("notice", "hidden", "abcdefghijklmnopqrstuvwxyz")])];
        found[new Door("POST", "/q/{id}/desk/{key}")] = [new Form("", false, [new Field("helped", "hidden", "yes")])];
        found[new Door("POST", "/staff/library/{key}/review")] = [new Form("", false, [new Field("version", "hidden", "1")])];
        found[new Door("POST", "/staff/drill/stop")] = [new Form("", false, [new Field("any", "hidden", "")])];
        foreach (var path in new[] { "/q/{id}/consent", "/staff/sign-in", "/mine/phone" })
        {
            var door = new Door("POST", path);
            var fields = Filled(path).Select(f => f.Key == "password" ? KeyValuePair.Create("password", "yizhen-demo") : f);
            await SendAsync(door, "a good form", token => Urlencoded(fields, token), Keep);
        }
    }

    public async Task RunAsync(bool ends)
    {
        foreach (var (door, forms) in found.Where(f => f.Key.Ends == ends))
        {
            await scene.AliveAsync();
            foreach (var form in forms)
            {
                foreach (var field in form.Fields.Where(f => f.Name != Form.TokenName).DistinctBy(f => f.Name))
                {
                    foreach (var malice in attack.Some(Malice.Texts, field.IsTyped ? each * 2 : each))
                    {
                        var fields = form.Filled().Where(f => f.Key != field.Name).Append(KeyValuePair.Create(field.Name, malice.Text ?? ""));
                        await SendAsync(door, $"{malice.Name} as {field.Name}", token => Encoded(form, fields, token), reply => Verdict.OnForm(form, field, malice.Text, reply));
                    }

                    await SendAsync(door, $"{field.Name} missing", token => Encoded(form, form.Filled().Where(f => f.Key != field.Name), token));
                    await SendAsync(door, $"{field.Name} twice", token => Encoded(form, form.Filled().Append(KeyValuePair.Create(field.Name, "twice")), token));
                }

                await BreakAsync(door, form);
            }
        }
    }

    private async Task BreakAsync(Door door, Form form)
    {
        var good = form.Filled();
        await SendAsync(door, "an old token", _ => Encoded(form, good, "CfDJ8old"));
        foreach (var (tried, type, body) in attack.Some(Broken(form), Math.Max(3, each)))
        {
            await SendAsync(door, tried, token => Attack.Of(Malice.Bytes(body.Replace("TOKEN", Uri.EscapeDataString(token), StringComparison.Ordinal)), type));
        }

        foreach (var stranger in new[] { "nobody", "A talk", "stranger", "operator" })
        {
            await attack.StrangeAsync(door, stranger, "a good form", Encoded(form, good, scene[stranger].FormToken));
        }
    }

    private static IEnumerable<(string Tried, string Type, string Body)> Broken(Form form)
    {
        const string Encoded = "application/x-www-form-urlencoded", Multipart = $"multipart/form-data; boundary={Boundary}";
        var name = form.Fields.FirstOrDefault(f => f.IsTyped)?.Name ?? "text";
        var token = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{Form.TokenName}\"\r\n\r\nTOKEN\r\n";
        yield return ("bytes that are no text", Encoded, $"{Form.TokenName}=TOKEN&{name}={Malice.Broken}%ff%fe%c3");
        yield return ("a megabyte", Encoded, $"{Form.TokenName}=TOKEN&{name}={new string('a', 1_000_000)}");
        yield return ("more than a megabyte", Encoded, $"{Form.TokenName}=TOKEN&{name}={new string('a', 1_200_000)}");
        yield return ("two thousand fields", Encoded, string.Join('&', Enumerable.Range(0, 2000).Select(n => $"f{n}=1")));
        yield return ("a name without end", Encoded, $"{new string('n', 5000)}=1");
        yield return ("JSON", "application/json", "{}");
        yield return ("no type", "", "x=1");
        yield return ("nothing", Encoded, "");
        yield return ("a multipart cut short", Multipart, $"{token}--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nabc");
        yield return ("a multipart without parts", Multipart, "abc");
        yield return ("a multipart without boundary", "multipart/form-data", token);
        yield return ("a boundary without end", $"multipart/form-data; boundary={new string('b', 500)}", token);
        yield return ("a part without name", Multipart, $"{token}--{Boundary}\r\nX: y\r\n\r\nabc\r\n--{Boundary}--\r\n");
        yield return ("a part of headers", Multipart, $"{token}--{Boundary}\r\nX: {new string('h', 40_000)}\r\n\r\nabc\r\n--{Boundary}--\r\n");
        yield return ("a picture that is none", Multipart, $"{token}--{Boundary}\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n0123456789abcdefghjkmnpqrs\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../x<script>.png\"\r\nContent-Type: image/png\r\n\r\n<svg onload={Malice.Script}>\r\n--{Boundary}--\r\n");
    }

    private Task SendAsync(Door door, string tried, Func<string, HttpContent> content, Func<Reply, string?>? also = null) => attack.AsOwnerAsync(door, tried, content, also: also);

    private string? Keep(Reply reply)
    {
        foreach (var shown in Form.On(reply.Body))
        {
            // On duty, people who wait would be given to the doctor; a sheet of another epoch ends nothing, so that the next can be tried; and a field that holds one person's words must not carry them to another.
            var form = shown with { Fields = [.. shown.Fields.Select(f => f.Name == "state" && shown.Action == "/staff/duty" ? f with { Value = "pausing" } : f.Value.Contains("canary-", StringComparison.Ordinal) ? f with { Value = "" }
                : f.Name == "epoch" && shown.Action.EndsWith("/advice", StringComparison.Ordinal) ? f with { Value = "99" } : f)] };
            var path = form.Action.Split('?', '#')[0];
            if (doors.FirstOrDefault(d => d.Method == "POST" && !d.IsApi && Regex.IsMatch(path, $"^{Regex.Replace(d.Path, @"\{\w+\}", "[^/]+")}$") && !(d.Path.EndsWith('}') && doors.Contains(new Door("POST", path)))) is not { } door)
            {
                return $"holds a form that leads nowhere: {form.Action}";
            }

            var names = string.Join(' ', form.Fields.Select(f => f.Name).Order());
            var known = found.TryGetValue(door, out var list) ? list : found[door] = [];
            if (known.Count < 6 && known.All(k => string.Join(' ', k.Fields.Select(f => f.Name).Order()) != names))
            {
                known.Add(form);
            }
        }

        return null;
    }

    private IReadOnlyList<KeyValuePair<string, string>> Filled(string path) => found[new Door("POST", path)][0].Filled();

    private static HttpContent Encoded(Form form, IEnumerable<KeyValuePair<string, string>> fields, string token)
    {
        if (!form.Multipart)
        {
            return Urlencoded(fields, token);
        }

        var parts = new MultipartFormDataContent(Boundary);
        foreach (var (name, value) in fields.Append(KeyValuePair.Create(Form.TokenName, token)))
        {
            parts.Add(new StringContent(value, Encoding.UTF8), $"\"{name}\"");
        }

        return parts;
    }

    private static FormUrlEncodedContent Urlencoded(IEnumerable<KeyValuePair<string, string>> fields, string token) =>
        new FormUrlEncodedContent(fields.Append(KeyValuePair.Create(Form.TokenName, token)));
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>
/// Every endpoint, asked by nobody, by another patient, by a clinician who is not assigned and by the operator, with everything that may stand in a
/// field: a clear no, never a fault, never somebody else's words, and nobody loses anything. A fixed seed; YIZHEN_FUZZ_ROUNDS makes it longer.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string Canary = "canary-fuzz-雁";

    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("YIZHEN_FUZZ_ROUNDS"), out var rounds) ? rounds : 1;

    private readonly Random chance = new(20200126);

    [Theory, OnBothDatabases]
    public async Task Nothing_that_is_sent_breaks_the_door_or_opens_somebody_elses(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var doctor = await Caller.DoctorAsync(site);
        using var victim = await (await Caller.PatientAsync(site, $"{Canary} 前天开始发烧")).InQueueAsync();
        var epoch = (await doctor.Given(victim.Id)).Epoch;
        await doctor.Put<Stored>($"{victim.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody($"{Canary} 回复", epoch));
        await doctor.Post<System.Text.Json.JsonElement>("/api/v1/duty", new { state = "paused", seats = 5 });
        var before = await victim.Look();
        using var attacker = await (await Caller.PatientAsync(site, "咳嗽")).InQueueAsync();

        var visitors = new List<Visitor>
        {
            new("nobody", site.NewPerson(), [Canary, victim.Token]),
            new("patient", Holding(site, attacker.Token), [Canary, victim.Token]),
            new("clinician", Holding(site, await StaffToken(site, "doctor5")), [Canary, victim.Token]),
            new("operator", Holding(site, await StaffToken(site, "operator")), [Canary, victim.Token]),
        };
        var shapes = await Shapes.Of(site);
        foreach (var visitor in visitors)
        {
            foreach (var (method, pattern) in Endpoints(site))
            {
                foreach (var id in new[] { victim.Id, attacker.Id, "0", "%00", "zzzzzzzzzzzzzzzzzzzzzzzzzz", Attacks.Texts[chance.Next(Attacks.Texts.Length)] })
                {
                    var address = Filled(pattern, id);
                    if (method == HttpMethod.Get)
                    {
                        var page = await visitor.TryAsync(method, address, headers: h => h.TryAddWithoutValidation("Last-Event-ID", "999999"));
                        await FormsAsync(visitor, page, address);
                        continue;
                    }

                    foreach (var body in Bodies(shapes, method, pattern, address))
                    {
                        await visitor.TryAsync(method, address, body);
                    }
                }
            }
        }

        foreach (var visitor in visitors)
        {
            output.WriteLine($"{kind} {visitor.Name}: {visitor.Attempts} attempts, {string.Join(", ", visitor.Statuses.Select(s => $"{s.Key}: {s.Value}"))}");
        }

        Assert.True(visitors.SelectMany(v => v.Breaches).Distinct().ToList() is var breaches && breaches.Count == 0, $"{breaches.Count} breaches:\n{string.Join('\n', breaches.Take(25))}");
        var after = await victim.Look();
        Assert.Equal((before.Story, before.Bucket, before.Clinician), (after.Story, after.Bucket, after.Clinician));
        Assert.Equal(before.Lines.Select(l => (l.By, l.Text)), after.Lines.Select(l => (l.By, l.Text)).Take(before.Lines.Count));
        Assert.True((await site.LedgerAsync()).Holds);
        Assert.Null((await site.VerifyAsync()).Broken);
        visitors.ForEach(v => v.Dispose());
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_people_write_comes_back_letter_by_letter(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        foreach (var text in Attacks.Texts.Where(t => t.Trim().Length > 0 && t.Length > 1 && !t.Contains('\0') && !t.Contains('\r')))
        {
            using var patient = await Caller.PatientAsync(site, text);
            Assert.Equal(text, (await patient.Look()).Story);
        }
    }

    /// <summary>Each form of a page, each of its fields in turn, with the page's own token.</summary>
    private async Task FormsAsync(Visitor visitor, string page, string at)
    {
        if (!page.Contains("<form", StringComparison.Ordinal))
        {
            return;
        }

        using var parsed = new HtmlParser().ParseDocument(page);
        foreach (var form in parsed.QuerySelectorAll("form[method=post]"))
        {
            var action = form.GetAttribute("action") ?? at;
            if (action.Contains("sign-out", StringComparison.Ordinal))
            {
                continue;
            }

            var fields = form.QuerySelectorAll("[name]").Select(e => (Name: e.GetAttribute("name") ?? "", Value: e.GetAttribute("value") ?? "")).DistinctBy(f => f.Name).ToList();
            foreach (var field in fields.Where(f => f.Name != "__RequestVerificationToken"))
            {
                for (var n = 0; n < 2 * Rounds; n++)
                {
                    var attack = n == 0 && chance.Next(40) == 0 ? Attacks.Huge : Attacks.Texts[chance.Next(Attacks.Texts.Length)];
                    using var body = Url(fields.Where(f => f.Name is not ("recovery" or "sure")).Select(f => f.Name == field.Name ? (f.Name, attack) : f));
                    await visitor.TryAsync(HttpMethod.Post, action, body);
                }
            }
        }
    }

    private IEnumerable<HttpContent> Bodies(IReadOnlyDictionary<string, JsonObject> shapes, HttpMethod method, string pattern, string address)
    {
        if (!pattern.StartsWith("/api/", StringComparison.Ordinal))
        {
            yield return Url([("story", Pick(Attacks.Texts)), ("a.age", Pick(Attacks.Texts)), ("asked", "age")]);
        }

        // Erasing is done for good: a person's own right, and no way to go on afterwards.
        if (method == HttpMethod.Delete && address == "/api/v1/me")
        {
            yield break;
        }

        for (var n = 0; n < 2 * Rounds; n++)
        {
            var raw = new ByteArrayContent(Pick([.. Attacks.Bodies]));
            raw.Headers.TryAddWithoutValidation("Content-Type", Pick(Attacks.ContentTypes));
            yield return raw;
        }

        foreach (var name in shapes.TryGetValue($"{method} {pattern}", out var shape) ? shape.Select(p => p.Key).ToList() : [])
        {
            for (var n = 0; n < 3 * Rounds; n++)
            {
                var attacked = shape!.DeepClone();
                attacked[name] = chance.Next(60) == 0 ? Attacks.Huge : Pick([.. Attacks.Values])?.DeepClone();
                yield return new StringContent(attacked.ToJsonString(), Encoding.UTF8, "application/json");
            }
        }
    }

    private T Pick<T>(T[] from) => from[chance.Next(from.Length)];

    private static FormUrlEncodedContent Url(IEnumerable<(string Name, string Value)> fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value.Replace("\uD83D", "\uFFFD", StringComparison.Ordinal))));

    private string Filled(string pattern, string id) => string.Join('/', pattern.Split('/').Select(part => !part.StartsWith('{') ? part : part.Trim('{', '}').Split(':')[0].TrimStart('*') switch
    {
        "id" or "consultation" => Uri.EscapeDataString(id.Replace("\uD83D", "", StringComparison.Ordinal)) is { Length: > 0 } escaped ? escaped : "x",
        "slug" => chance.Next(3) == 0 ? "nowhere" : "wuhan",
        "message" => Guid.CreateVersion7().ToString(),
        "version" => Pick(["1", "2", "-1", "99999999999999999999", "x"]),
        _ => Uri.EscapeDataString(Pick(["x", "zh", "en", "%", "..", "1"])),
    }));

    private static IEnumerable<(HttpMethod Method, string Pattern)> Endpoints(TestSite site) =>
        from endpoint in site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        where !(endpoint.RoutePattern.RawText ?? "").Contains("sign-out", StringComparison.Ordinal)
        orderby endpoint.RoutePattern.RawText, method
        select (new HttpMethod(method), $"/{(endpoint.RoutePattern.RawText ?? "").TrimStart('/')}");

    private static HttpClient Holding(TestSite site, string token)
    {
        var client = site.NewPerson();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<string> StaffToken(TestSite site, string login)
    {
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == login);
        return await site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, TimeProvider.System.GetUtcNow());
    }
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>
/// Consultations at every step, each with words of its own: those of A are attacked by their owners, those of B by everybody else.
/// Nobody is on duty any more when the attack begins, so whatever moves was moved by it.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string VictimPhone = "13977123456";

    private static readonly string[] Given = ["talk", "advice", "sheet", "hand-over"];
    private static readonly byte[] Dot = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly Dictionary<string, Caller> callers = [];
    private readonly Dictionary<string, Person> people = [];
    private readonly List<string> words = [VictimPhone, VictimPhone[^8..]];

    private Scene(TestSite site) => Site = site;

    public TestSite Site { get; }

    public Guid VictimMessage { get; } = Guid.NewGuid();

    public long VictimPhoto { get; private set; }

    public string Id(string who) => callers[who].Id;

    public Person this[string who] => people[who];

    public IEnumerable<string> Victims => callers.Keys.Where(k => k.StartsWith("B ", StringComparison.Ordinal));

    public static async Task<Scene> SetAsync(DatabaseKind kind)
    {
        var scene = new Scene(await TestSite.StartAsync(kind));
        var doctor = await Caller.DoctorAsync(scene.Site, seats: 8);
        scene.callers["doctor"] = doctor;
        foreach (var side in new[] { "A", "B" })
        {
            foreach (var step in Given)
            {
                await (await scene.Told($"{side} {step}")).InQueueAsync();
                await doctor.Given(scene.Id($"{side} {step}"));
            }
        }

        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "pausing", seats = 8 });
        foreach (var side in new[] { "A", "B" })
        {
            await doctor.Post<Stored>($"/api/v1/consultations/{scene.Id($"{side} advice")}/advice", new AdviceBody(1, Disposition.D4, scene.Word($"{side} advice situation"), scene.Word($"{side} advice sheet"), Close: true));
            await (await scene.Told($"{side} waiting")).InQueueAsync();
            foreach (var step in new[] { "story", "questions", "close", "erase", "judged" })
            {
                await scene.Told($"{side} {step}");
            }

            await scene.callers[$"{side} judged"].Post<ConsultationView>($"/api/v1/consultations/{scene.Id($"{side} judged")}/triage", new { });
        }

        await scene.TalkAsync(doctor);
        foreach (var (name, caller) in scene.callers.ToList())
        {
            var mine = name == "doctor" ? scene.words.Where(w => Given.Any(g => w.Contains($"-{g}-", StringComparison.Ordinal))) : scene.words.Where(w => w.StartsWith(Start(name), StringComparison.Ordinal));
            await scene.Enter(name, caller.Token, name == "doctor" ? "en" : "zh-CN", mine);
        }

        await scene.Enter("nobody", null, "en", []);
        await scene.StaffAsync("operator", "operator", "zh-CN");
        await scene.StaffAsync("stranger", "doctor9", "en");
        return scene;
    }

    /// <summary>A place at the door, fresh: the first good answer uses it up.</summary>
    public async Task<(Person Person, string Id)> DoorAsync()
    {
        using var caller = new Caller(Site);
        var started = await caller.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        return (await Person.AtAsync(Site, "A door", started.GetProperty("token").GetString(), "zh-CN", words), started.GetProperty("consultation").GetString() ?? "");
    }

    public Task<string> InvitationAsync() =>
        Site.Services.GetRequiredService<Staff>().Invite(new Post(Guid.Empty, Role.Nurse, "general", "zh", "*"), null, Site.Services.GetRequiredService<TimeProvider>().GetUtcNow());

    /// <summary>Each victim's consultation whole, as its owner reads it.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadBackAsync()
    {
        var read = new Dictionary<string, string>();
        foreach (var victim in Victims)
        {
            read[victim] = JsonSerializer.Serialize(await callers[victim].Look(), Faces.Json);
        }

        return read;
    }

    public Task AliveAsync() => callers["doctor"].Post<object>("/api/v1/duty/alive", new { });

    public async ValueTask DisposeAsync()
    {
        people.Values.Cast<IDisposable>().Concat(callers.Values).ToList().ForEach(p => p.Dispose());
        await Site.DisposeAsync();
    }

    private static string Start(string name) => $"canary-{name.Replace(' ', '-')}-";

    private string Word(string about)
    {
        var word = $"{Start(about)}{words.Count}x";
        words.Add(word);
        return word;
    }

    private async Task<Caller> Told(string name)
    {
        var caller = await Caller.PatientAsync(Site, $"咳嗽三天 {Word(name)}");
        callers[name] = caller;
        return caller;
    }

    private async Task TalkAsync(Caller doctor)
    {
        var patient = callers["B talk"];
        await patient.Put<Stored>($"{patient.Consultation}/messages/{VictimMessage}", new MessageBody(Word("B talk message")));
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.NewGuid()}", new ReplyBody(Word("B talk reply"), 1));
        using var dot = new ByteArrayContent(Dot);
        using var sent = await patient.Send(HttpMethod.Put, $"{patient.Consultation}/photos/{Guid.NewGuid()}", dot);
        Assert.True(sent.IsSuccessStatusCode);
        VictimPhoto = (await patient.Look()).Lines.First(l => l.Photo is not null).Version;
        await callers["B waiting"].Post<JsonElement>($"{callers["B waiting"].Consultation}/contact/phone", new { phone = VictimPhone });
    }

    private async Task Enter(string name, string? token, string language, IEnumerable<string> mine) =>
        people[name] = await Person.AtAsync(Site, name, token, language, [.. words.Except(mine)]);

    private async Task StaffAsync(string name, string login, string language)
    {
        await using var database = await Site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Login == login);
        await Enter(name, await Site.Services.GetRequiredService<StaffDoor>().SignInForRehearsal(row, add: false, Site.Services.GetRequiredService<TimeProvider>().GetUtcNow()), language, []);
    }
}

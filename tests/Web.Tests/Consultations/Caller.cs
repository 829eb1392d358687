using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>A patient or a clinician at the JSON door, with the token that the door gave.</summary>
internal sealed class Caller(TestSite site, string language = "zh-CN") : IDisposable
{
    private readonly HttpClient client = site.NewPerson(language);

    public string Id { get; private set; } = "";

    /// <summary>What the device's cookie would hold.</summary>
    public string Token => client.DefaultRequestHeaders.Authorization?.Parameter ?? throw new InvalidOperationException();

    public string Consultation => $"/api/v1/consultations/{Id}";

    public static async Task<Caller> PatientAsync(TestSite site, string story, string region = "420102", string? answers = null, string label = "陈女士", bool followUp = false, string lang = "zh")
    {
        var patient = new Caller(site);
        var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        patient.Id = started.GetProperty("consultation").GetString()!;
        patient.Holds(started.GetProperty("token").GetString()!);
        await patient.Post<ConsultationView>($"{patient.Consultation}/opening", new OpeningBody(Relation.Self, new Consent(started.GetProperty("consent_version").GetString()!, true, true, true, followUp, false, false), lang, label));
        await patient.Put<ConsultationView>($"{patient.Consultation}/place", new PlaceBody(region, null));
        await patient.Put<ConsultationView>($"{patient.Consultation}/story", new StoryBody(story, 8));
        if (answers is not null)
        {
            await patient.Put<JsonElement>($"{patient.Consultation}/answers", new { answers = answers.Split(';').Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]) });
        }

        return patient;
    }

    /// <summary>The same person once more, from the same device.</summary>
    public async Task AskAgainAsync(string story)
    {
        var started = await Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        Id = started.GetProperty("consultation").GetString()!;
        await Post<ConsultationView>($"{Consultation}/opening", new OpeningBody(Relation.Self, new Consent(started.GetProperty("consent_version").GetString()!, true, true, true, false, false, false), "zh", null));
        await Put<ConsultationView>($"{Consultation}/place", new PlaceBody("420102", null));
        await Put<ConsultationView>($"{Consultation}/story", new StoryBody(story, 8));
    }

    public static async Task<Caller> DoctorAsync(TestSite site, int number = 1, int seats = 5, string? langs = null)
    {
        var doctor = new Caller(site);
        var secret = (await File.ReadAllTextAsync(Path.Combine(site.Folder, "demo-secret.txt"))).Trim();
        doctor.client.DefaultRequestHeaders.Add("X-Demo-Secret", secret);
        doctor.Holds((await doctor.Post<JsonElement>("/api/v1/demo/physicians", new { number, langs })).GetProperty("token").GetString()!);
        await doctor.Post<JsonElement>("/api/v1/duty", new { state = "on", seats });
        return doctor;
    }

    public async Task<Caller> InQueueAsync()
    {
        await Post<ConsultationView>($"{Consultation}/triage", new { });
        await Post<JsonElement>($"{Consultation}/contact/recovery", new { });
        await Post<JsonElement>($"{Consultation}/queue", new { });
        return this;
    }

    /// <summary>In the queue with a phone whose code came back.</summary>
    public async Task<Caller> InQueueWithPhoneAsync(string phone)
    {
        await WithPhoneAsync(phone);
        await Post<JsonElement>($"{Consultation}/queue", new { });
        return this;
    }

    /// <summary>Triaged, with a phone whose code came back, and no place.</summary>
    public async Task<Caller> WithPhoneAsync(string phone)
    {
        await Post<ConsultationView>($"{Consultation}/triage", new { });
        await Post<JsonElement>($"{Consultation}/contact/phone", new { phone });
        using var looker = new Caller(site);
        var text = (await looker.Get<JsonElement>("/demo/outbox.json")).EnumerateArray().First(m => m.GetProperty("kind").GetString() == "code" && (m.GetProperty("number").GetString() ?? "").EndsWith(phone, StringComparison.Ordinal)).GetProperty("text").GetString() ?? "";
        await Post<JsonElement>($"{Consultation}/contact/code", new { code = string.Concat(text.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)) });
        return this;
    }

    public Task<ConsultationView> Look() => Get<ConsultationView>(Consultation);

    /// <summary>Looks until it is so; twenty seconds at most.</summary>
    public async Task<ConsultationView> Until(Func<ConsultationView, bool> so)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (await Look() is var now && so(now))
            {
                return now;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Once this doctor is asked to take it.</summary>
    public async Task<PromptView> Asked(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if ((await Get<DeskView>("/api/v1/desk")).Asked.FirstOrDefault(a => a.Id == id) is { } asked)
            {
                return asked;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Once this consultation is on the desk; asked to take it, this doctor does.</summary>
    public async Task<ConsultationView> Given(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var desk = await Get<DeskView>("/api/v1/desk");
            if (desk.Asked.Any(a => a.Id == id))
            {
                // It may have gone on to the next by now; then it is not given.
                await Send(HttpMethod.Post, $"/api/v1/consultations/{id}/prompt", JsonContent.Create(new PromptBody(Take: true), options: Faces.Json));
            }

            if (desk.Changed.FirstOrDefault(c => c.Id == id) is { } mine)
            {
                return mine;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    public async Task<T> Get<T>(string path) => await Read<T>(await client.GetAsync(path));

    public async Task<T> Post<T>(string path, object body) => await Read<T>(await client.PostAsJsonAsync(path, body, Faces.Json));

    public async Task<T> Put<T>(string path, object body) => await Read<T>(await client.PutAsJsonAsync(path, body, Faces.Json));

    public async Task<T> Delete<T>(string path) => await Read<T>(await client.DeleteAsync(path));

    public async Task<(HttpStatusCode Status, string Code)> Refused(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: Faces.Json) };
        using var answer = await client.SendAsync(request);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, problem.TryGetProperty("code", out var code) ? code.GetString()! : "");
    }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await client.SendAsync(request);
    }

    /// <summary>An answer that goes on.</summary>
    public async Task<HttpResponseMessage> Stream(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose() => client.Dispose();

    public void Holds(string token) => client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private static async Task<T> Read<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return answer.StatusCode == HttpStatusCode.NoContent ? default! : (await answer.Content.ReadFromJsonAsync<T>(Faces.Json))!;
        }
    }
}

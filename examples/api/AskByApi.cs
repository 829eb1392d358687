using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Yizhen.Examples;

/// <summary>
/// A partner's program: opens a consultation through its own entrance with its key, then speaks for the person with the token that belongs to the person's device.
/// The key never leaves the partner's server; the token never leaves the person's phone.
/// </summary>
public static class AskByApi
{
    /// <returns>The consultation's number, and how far it is.</returns>
    /// <exception cref="HttpRequestException">The product said no; the problem's code tells why.</exception>
    public static async Task<(string Consultation, string State)> RunAsync(Uri product, string key, string story, CancellationToken ct)
    {
        using var partner = new HttpClient { BaseAddress = product };
        partner.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var started = await partner.PostAsJsonAsync("api/v1/partner/consultations", new { urgent = false }, ct);
        started.EnsureSuccessStatusCode();
        var begun = await started.Content.ReadFromJsonAsync<JsonElement>(ct);
        var id = begun.GetProperty("consultation").GetString() ?? "";
        if (begun.GetProperty("comes_at").ValueKind != JsonValueKind.Null)
        {
            // The entrance is full for this hour: the same token is let in from then on, by POST /api/v1/campaigns/{slug}/start.
            return (id, "promised_an_hour");
        }

        using var person = new HttpClient { BaseAddress = product };
        person.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", begun.GetProperty("token").GetString());
        var consultation = $"api/v1/consultations/{id}";
        // The person has read and ticked the consent of that version: the text stands at /q/{id}/consent.
        await Sent(person.PostAsJsonAsync($"{consultation}/opening", new
        {
            relation = "self", lang = "zh", label = "我",
            consent = new { text_version = begun.GetProperty("consent_version").GetString(), advice_only = true, share_with_clinician = true, keep = true, follow_up = false, statistics = false, guardian = false },
        }, ct));
        await Sent(person.PutAsJsonAsync($"{consultation}/place", new { region = "420102" }, ct));
        await Sent(person.PutAsJsonAsync($"{consultation}/story", new { text = story }, ct));
        await Sent(person.PostAsJsonAsync($"{consultation}/triage", new { }, ct));
        await Sent(person.PostAsJsonAsync($"{consultation}/contact/recovery", new { }, ct));
        await Sent(person.PostAsJsonAsync($"{consultation}/queue", new { }, ct));

        var state = await partner.GetFromJsonAsync<JsonElement>($"api/v1/partner/consultations/{id}", ct);
        return (id, state.GetProperty("state").GetString() ?? "");
    }

    private static async Task Sent(Task<HttpResponseMessage> call)
    {
        using var answer = await call;
        answer.EnsureSuccessStatusCode();
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>An entrance for a partner, its key, and its program at the door.</summary>
internal static class PartnerScene
{
    public static HttpClient Partner(TestSite site, string key)
    {
        var client = site.NewPerson();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public static Task<HttpResponseMessage> StartAsync(HttpClient partner, bool urgent) => partner.PostAsJsonAsync(new Uri("/api/v1/partner/consultations", UriKind.Relative), new { urgent });

    public static async Task<(HttpStatusCode Status, string? Code)> CodeAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

    public static async Task EntranceAsync(Operator staff, string code)
    {
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/wuhan/entrances", UriKind.Relative), new { code, name = code, kind = "partner" });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    public static async Task<(string Key, string Id)> MakeAsync(TestSite site, Operator staff, string? url, string[]? scopes = null, int? perMinute = null, int? perDay = null)
    {
        var (key, id, _) = await MadeAsync(site, staff, url, scopes ?? ["start", "state", "figures"], perMinute, perDay);
        return (key, id);
    }

    public static async Task<(string Key, string Id, string Secret)> MadeAsync(TestSite site, Operator staff, string? url, string[] scopes, int? perMinute, int? perDay)
    {
        await EntranceAsync(staff, "app");
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/wuhan/partners", UriKind.Relative), new { name = "城市服务", entrance = "app", scopes, per_minute = perMinute, per_day = perDay, url });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var json = await made.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("key").GetString() ?? "", json.GetProperty("id").GetString() ?? "", json.GetProperty("webhook_secret").GetString() ?? "");
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Examples;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A partner's program with its key, and a partner's server that is told: both are the worked examples of <c>examples/</c>.</summary>
public sealed class PartnerTests
{
    private const string Story = "咳嗽两天，没有发烧";

    [Theory, OnBothDatabases]
    public async Task Example_of_the_api_asks_through_its_own_entrance_and_reads_states_and_figures_alone(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (key, _) = await MakeAsync(site, staff, null);
        var (id, state) = await AskByApi.RunAsync(site.Address, key, Story, CancellationToken.None);
        Assert.Equal("waiting", state);
        Assert.Equal(1, await site.CountAsync("select count(*) from head where entrance = 'app'"));

        using var partner = Partner(site, key);
        var figures = await partner.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/partner/figures", UriKind.Relative));
        Assert.Equal((1, 1), (figures.GetProperty("arrived").GetInt32(), figures.GetProperty("opened").GetInt32()));
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(id);
        Assert.Equal("in_consultation", (await partner.GetFromJsonAsync<JsonElement>(new Uri($"/api/v1/partner/consultations/{id}", UriKind.Relative))).GetProperty("state").GetString());
        foreach (var door in new[] { $"/api/v1/consultations/{id}", "/api/v1/campaigns", "/api/v1/desk", "/api/v1/ledger" })
        {
            using var no = await partner.GetAsync(new Uri(door, UriKind.Relative));
            Assert.Contains((int)no.StatusCode, new[] { 401, 404, 405 });
        }

        using var other = await Caller.PatientAsync(site, Story);
        using var theirs = await partner.GetAsync(new Uri($"/api/v1/partner/consultations/{other.Id}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Theory, OnBothDatabases]
    public async Task Key_is_held_to_its_scopes_its_calls_a_minute_and_its_people_a_day_and_ends_at_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (key, id) = await MakeAsync(site, staff, null, scopes: ["start"], perMinute: 5, perDay: 2);
        using var partner = Partner(site, key);
        using var unscoped = await partner.GetAsync(new Uri("/api/v1/partner/figures", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Forbidden, "outside_scope"), await CodeAsync(unscoped));
        for (var n = 0; n < 2; n++)
        {
            using var taken = await StartAsync(partner, urgent: false);
            Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        }

        using var full = await StartAsync(partner, urgent: false);
        Assert.Equal((HttpStatusCode.TooManyRequests, "entrance_full"), await CodeAsync(full));
        using var urgent = await StartAsync(partner, urgent: true);
        Assert.Equal(HttpStatusCode.Created, urgent.StatusCode);
        using var much = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_attempts"), await CodeAsync(much));
        Assert.InRange(much.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
        clock.Advance(TimeSpan.FromMinutes(1));
        using var again = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        using var revoked = await staff.Browser.PostAsync(new Uri($"/api/v1/campaigns/wuhan/partners/{id}/revoke", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        using var gone = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        using var theirs = await Operator.SignInAsync(site, clock.GetUtcNow(), "operator2");
        await theirs.ReadAsync("/staff/campaigns/wuhan/partners", HttpStatusCode.NotFound);
    }

    [Theory, OnBothDatabases]
    public async Task Receiver_is_told_each_state_once_signed_and_after_it_was_away_and_after_a_restart(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var database = await TestDatabase.CreateAsync(kind);
        var address = FormattableString.Invariant($"http://127.0.0.1:{Product.FreePort()}/hook/");
        string key, secret, id;
        await using (var site = await TestSite.StartAsync(database, clock))
        {
            using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
            (key, _, secret) = await MadeAsync(site, staff, address, ["start", "state"], null, null);
            clock.Advance(TimeSpan.FromSeconds(1));
            (id, _) = await AskByApi.RunAsync(site.Address, key, Story, CancellationToken.None);

            // Nobody listens: it is kept, and tried again after a pause.
            await TurnUntilAsync(site, clock, async () => await site.CountAsync("select count(*) from webhook_delivery where attempts = 1 and failed = 'unreachable' and sent_at is null") == 1);
            await site.Services.GetRequiredService<SendHooks>().Turn(clock.GetUtcNow(), CancellationToken.None);
            Assert.Equal(1, await site.CountAsync("select count(*) from webhook_delivery where attempts = 1"));
        }

        using var receiver = new WebhookReceiver(address, secret, clock) { IsBroken = true };
        await using var restarted = await TestSite.StartAsync(database, clock);
        clock.Advance(TimeSpan.FromSeconds(11));
        await TurnUntilAsync(restarted, clock, async () => await restarted.CountAsync("select count(*) from webhook_delivery where attempts = 2 and failed = '503'") == 1);
        receiver.IsBroken = false;
        clock.Advance(TimeSpan.FromSeconds(61));
        await TurnUntilAsync(restarted, clock, () => Task.FromResult(receiver.States.TryGetValue(id, out var told) && told.State == "waiting"));

        using var doctor = await Caller.DoctorAsync(restarted);
        await doctor.Given(id);
        await TurnUntilAsync(restarted, clock, () => Task.FromResult(receiver.States[id].State == "in_consultation"));
        Assert.Equal(2, receiver.Counted.Count);

        // Told again by an operator: the same event, which counts once.
        using var later = await Operator.SignInAsync(restarted, clock.GetUtcNow());
        Assert.Contains("✓", WebUtility.HtmlDecode(await later.ReadAsync("/staff/campaigns/wuhan/partners")), StringComparison.Ordinal);
        var knocks = receiver.Knocked.Count;
        using var lists = JsonDocument.Parse(await later.ReadAsync("/api/v1/campaigns/wuhan/partners"));
        var one = lists.RootElement.GetProperty("deliveries")[0].GetProperty("id").GetString() ?? "";
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SendAsync("/staff/campaigns/wuhan/partners", "/staff/campaigns/wuhan/partners/replay", ("id", one))).Status);
        await TurnUntilAsync(restarted, clock, () => Task.FromResult(receiver.Knocked.Count == knocks + 1));
        Assert.Equal(2, receiver.Counted.Count);
    }

    [Fact]
    public async Task Receiver_refuses_what_is_not_signed_is_changed_or_is_old()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        var (seconds, body) = (clock.GetUtcNow().ToUnixTimeSeconds(), "{\"id\":\"a\"}");
        var signature = $"v1={SendHooks.Sign("secret", seconds, body)}";
        Assert.True(WebhookReceiver.Holds("secret", $"{seconds}", signature, body, clock.GetUtcNow()));
        Assert.False(WebhookReceiver.Holds("secret", $"{seconds}", signature, body + " ", clock.GetUtcNow()));
        Assert.False(WebhookReceiver.Holds("other", $"{seconds}", signature, body, clock.GetUtcNow()));
        Assert.False(WebhookReceiver.Holds("secret", $"{seconds + 1}", signature, body, clock.GetUtcNow()));
        Assert.False(WebhookReceiver.Holds("secret", $"{seconds}", signature, body, clock.GetUtcNow().AddMinutes(6)));
        Assert.False(WebhookReceiver.Holds("secret", null, null, body, clock.GetUtcNow()));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:192.168.1.1", false)]
    [InlineData("203.0.113.7", true)]
    public void Webhook_leads_to_public_addresses_alone(string address, bool isPublic) => Assert.Equal(isPublic, Outward.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task Example_of_a_link_leads_to_its_entrance()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await EntranceAsync(staff, "community");
        var page = await File.ReadAllTextAsync(Checkout.At("examples", "link", "index.html"));
        var link = new Uri(System.Text.RegularExpressions.Regex.Match(page, "id=\"ask\" href=\"([^\"]+)\"").Groups[1].Value);
        using var person = Operator.Nobody(site);
        Assert.Contains("/c/wuhan/start?e=community", WebUtility.HtmlDecode(await person.ReadAsync(link.AbsolutePath)), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Key_is_shown_once_on_the_page_that_made_it(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        await EntranceAsync(staff, "app");
        const string Page = "/staff/campaigns/wuhan/partners";
        var wrong = await staff.SendAsync(Page, Page, ("name", "城市服务"), ("entrance", "app"), ("scopes", "start"), ("url", "http://example.cn/hook"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var made = await staff.SendAsync(Page, Page, ("name", "城市服务"), ("entrance", "app"), ("scopes", "start"), ("url", "https://example.cn/hook"));
        var key = System.Text.RegularExpressions.Regex.Match(made.Page, "yzk_[A-Za-z0-9_-]{43}").Value;
        Assert.NotEmpty(key);
        Assert.DoesNotContain(key, await staff.ReadAsync(Page), StringComparison.Ordinal);
        using var partner = Partner(site, key);
        using var self = await partner.GetAsync(new Uri("/api/v1/partner", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, self.StatusCode);
    }

    private static HttpClient Partner(TestSite site, string key)
    {
        var client = site.NewPerson();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static Task<HttpResponseMessage> StartAsync(HttpClient partner, bool urgent) => partner.PostAsJsonAsync(new Uri("/api/v1/partner/consultations", UriKind.Relative), new { urgent });

    private static async Task<(HttpStatusCode Status, string? Code)> CodeAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

    private static async Task TurnUntilAsync(TestSite site, TestClock clock, Func<Task<bool>> told)
    {
        for (var turn = 0; turn < 200 && !await told(); turn++)
        {
            await site.Services.GetRequiredService<SendHooks>().Turn(clock.GetUtcNow(), CancellationToken.None);
            await Task.Delay(50);
        }

        Assert.True(await told());
    }

    private static async Task EntranceAsync(Operator staff, string code)
    {
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/wuhan/entrances", UriKind.Relative), new { code, name = code, kind = "partner" });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    private static async Task<(string Key, string Id)> MakeAsync(TestSite site, Operator staff, string? url, string[]? scopes = null, int? perMinute = null, int? perDay = null)
    {
        var (key, id, _) = await MadeAsync(site, staff, url, scopes ?? ["start", "state", "figures"], perMinute, perDay);
        return (key, id);
    }

    private static async Task<(string Key, string Id, string Secret)> MadeAsync(TestSite site, Operator staff, string? url, string[] scopes, int? perMinute, int? perDay)
    {
        await EntranceAsync(staff, "app");
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns/wuhan/partners", UriKind.Relative), new { name = "城市服务", entrance = "app", scopes, per_minute = perMinute, per_day = perDay, url });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var json = await made.Content.ReadFromJsonAsync<JsonElement>();
        return (json.GetProperty("key").GetString() ?? "", json.GetProperty("id").GetString() ?? "", json.GetProperty("webhook_secret").GetString() ?? "");
    }
}

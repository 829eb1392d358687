using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Examples;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>A partner's server that is told: the receiver is the worked example of <c>examples/webhook</c>.</summary>
public sealed class WebhookTests
{
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
            (key, _, secret) = await PartnerScene.MadeAsync(site, staff, address, ["start", "state"], null, null);
            clock.Advance(TimeSpan.FromSeconds(1));
            (id, _) = await AskByApi.RunAsync(site.Address, key, "咳嗽两天，没有发烧", CancellationToken.None);

            // Nobody listens: it is kept, and tried again after a pause.
            await TurnUntilAsync(site, clock, async () => await site.CountAsync("select count(*) from webhook_delivery where attempts = 1 and failed = 'unreachable' and sent_at is null") > 0);
            await site.Services.GetRequiredService<SendHooks>().Turn(clock.GetUtcNow(), CancellationToken.None);
            Assert.Equal(0, await site.CountAsync("select count(*) from webhook_delivery where attempts > 1 or sent_at is not null"));
        }

        using var receiver = new WebhookReceiver(address, secret, clock) { IsBroken = true };
        await using var restarted = await TestSite.StartAsync(database, clock);
        clock.Advance(TimeSpan.FromSeconds(11));
        await TurnUntilAsync(restarted, clock, async () => await restarted.CountAsync("select count(*) from webhook_delivery where attempts = 2 and failed = '503'") > 0);
        receiver.IsBroken = false;
        clock.Advance(TimeSpan.FromSeconds(61));
        await TurnUntilAsync(restarted, clock, () => Task.FromResult(receiver.States.TryGetValue(id, out var told) && told.State == "waiting"));

        using var doctor = await Caller.DoctorAsync(restarted);
        await doctor.Given(id);
        await TurnUntilAsync(restarted, clock, () => Task.FromResult(receiver.States[id].State == "in_consultation"));
        var counted = receiver.Counted.Count;
        Assert.Equal(counted, receiver.Counted.Distinct().Count());

        // Told again by an operator: the same event, which counts once.
        using var later = await Operator.SignInAsync(restarted, clock.GetUtcNow());
        Assert.Contains("✓", WebUtility.HtmlDecode(await later.ReadAsync("/staff/campaigns/wuhan/partners")), StringComparison.Ordinal);
        var knocks = receiver.Knocked.Count;
        using var lists = JsonDocument.Parse(await later.ReadAsync("/api/v1/campaigns/wuhan/partners"));
        var one = lists.RootElement.GetProperty("deliveries")[0].GetProperty("id").GetString() ?? "";
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SendAsync("/staff/campaigns/wuhan/partners", "/staff/campaigns/wuhan/partners/replay", ("id", one))).Status);
        await TurnUntilAsync(restarted, clock, () => Task.FromResult(receiver.Knocked.Count > knocks));
        Assert.Equal(counted, receiver.Counted.Count);
    }

    [Theory, OnBothDatabases]
    public async Task What_could_not_be_written_down_is_told_later_though_others_went_on(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var address = FormattableString.Invariant($"http://127.0.0.1:{Product.FreePort()}/hook/");
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        var (key, _, secret) = await PartnerScene.MadeAsync(site, staff, address, ["start", "state"], null, null);
        using var receiver = new WebhookReceiver(address, secret, clock);
        clock.Advance(TimeSpan.FromSeconds(1));
        const string First = "new.consultation = (select id from head order by opened_at limit 1)";
        await site.RunAsync(kind == DatabaseKind.Sqlite
            ? $"create trigger no_room before insert on webhook_delivery when {First} begin select raise(abort, 'no room'); end"
            : $"create function no_room() returns trigger language plpgsql as $$ begin if {First} then raise exception 'no room'; end if; return new; end $$; create trigger no_room before insert on webhook_delivery for each row execute function no_room()");
        var (id, _) = await AskByApi.RunAsync(site.Address, key, "咳嗽两天，没有发烧", CancellationToken.None);
        clock.Advance(TimeSpan.FromMinutes(10));
        var (next, _) = await AskByApi.RunAsync(site.Address, key, "头痛", CancellationToken.None);
        await TurnUntilAsync(site, clock, () => Task.FromResult(receiver.States.ContainsKey(next)));
        Assert.DoesNotContain(id, receiver.States.Keys);
        await site.RunAsync($"drop trigger no_room{(kind == DatabaseKind.Sqlite ? "" : " on webhook_delivery")}");
        await TurnUntilAsync(site, clock, () => Task.FromResult(receiver.States.TryGetValue(id, out var told) && told.State == "waiting"));
    }

    [Theory, OnBothDatabases]
    public async Task Receiver_that_never_answers_holds_up_nobody_elses_and_is_written_down_as_the_node_stops(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var database = await TestDatabase.CreateAsync(kind);
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        const string Knocking = "select count(*) from webhook_delivery where attempts = 1 and claimed_until is not null";
        await using (var site = await TestSite.StartAsync(database, clock))
        {
            using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
            var (key, _, _) = await PartnerScene.MadeAsync(site, staff, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/", ["start", "state"], null, null);
            clock.Advance(TimeSpan.FromSeconds(1));
            await AskByApi.RunAsync(site.Address, key, "咳嗽两天，没有发烧", CancellationToken.None);
            for (var look = 0; look < 200 && await site.CountAsync(Knocking) == 0; look++)
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                await Task.Delay(50);
            }

            await site.Services.GetRequiredService<SendHooks>().Turn(clock.GetUtcNow(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(8));
            Assert.Equal(1, await site.CountAsync(Knocking));
        }

        await using var restarted = await TestSite.StartAsync(database, clock);
        Assert.Equal(0, await restarted.CountAsync(Knocking));
        Assert.Equal(1, await restarted.CountAsync("select count(*) from webhook_delivery where attempts = 1 and failed = 'timeout' and next_at is not null"));
    }

    [Fact]
    public async Task Receiver_refuses_what_is_not_signed_is_changed_or_is_old()
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock);
        var (seconds, body) = (clock.GetUtcNow().ToUnixTimeSeconds(), "{\"id\":\"a\"}");
        var signature = $"v1={SignedPost.Sign("secret", seconds, body)}";
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
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2001:0:1::1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("192.0.0.8", false)]
    [InlineData("203.0.113.7", true)]
    [InlineData("2606:4700::1111", true)]
    public void Webhook_leads_to_public_addresses_alone(string address, bool isPublic) => Assert.Equal(isPublic, Outward.IsPublic(IPAddress.Parse(address)));

    private static async Task TurnUntilAsync(TestSite site, TestClock clock, Func<Task<bool>> told)
    {
        for (var turn = 0; turn < 200 && !await told(); turn++)
        {
            await site.Services.GetRequiredService<SendHooks>().Turn(clock.GetUtcNow(), CancellationToken.None);
            await Task.Delay(50);
        }

        Assert.True(await told());
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Accounts;

/// <summary>The door for staff: guesses are few, an app's code works once, and whoever is suspended is out.</summary>
public sealed partial class StaffTests
{
    [Theory, OnBothDatabases]
    public async Task Guessing_a_password_many_at_once_is_no_faster_and_locks_the_account_for_a_while(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var caller = new Caller(site);
        var tries = await Task.WhenAll(Enumerable.Range(0, 15).Select(n => caller.Refused(HttpMethod.Post, "/api/v1/staff/sign-in", new { login = "doctor1", password = $"wrong-{n}" })));
        Assert.InRange(tries.Count(t => t.Code == "sign_in_failed"), 1, 6);
        Assert.Equal("sign_in_locked", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/sign-in", new { login = "doctor1", password = DemoCampaign.Password })).Code);
        Assert.Equal("sign_in_failed", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/sign-in", new { login = "nobody", password = "x" })).Code);

        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.True((await caller.Post<SignedIn>("/api/v1/staff/sign-in", new { login = "doctor1", password = DemoCampaign.Password })).SecondFactorNeeded);
    }

    [Theory, OnBothDatabases]
    public async Task Clinician_sets_up_an_app_and_signs_in_with_it_once_per_code(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var me = await Operator.SignInAsync(site, clock.GetUtcNow(), "doctor2");
        var secret = Totp.Read(Key().Match(await me.ReadAsync("/staff/authenticator")).Groups[1].Value) ?? throw new InvalidOperationException();
        var shown = Totp.Written(secret);
        Assert.Equal(HttpStatusCode.BadRequest, (await me.SendAsync("/staff/authenticator", "/staff/authenticator", ("secret", shown), ("code", "000000"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await me.SendAsync("/staff/authenticator", "/staff/authenticator", ("secret", shown), ("code", Now(secret, clock)))).Status);

        clock.Advance(TimeSpan.FromMinutes(1));
        using var caller = new Caller(site);
        var pending = await caller.Post<SignedIn>("/api/v1/staff/sign-in", new { login = "doctor2", password = DemoCampaign.Password });
        Assert.Equal("authenticator_code_wrong", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/second-factor", new { token = pending.Token, code = "123456" })).Code);
        var signedIn = await caller.Post<SignedIn>("/api/v1/staff/second-factor", new { token = pending.Token, code = Now(secret, clock) });
        Assert.False(signedIn.SecondFactorNeeded);

        var again = await caller.Post<SignedIn>("/api/v1/staff/sign-in", new { login = "doctor2", password = DemoCampaign.Password });
        Assert.Equal("authenticator_code_wrong", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/second-factor", new { token = again.Token, code = Now(secret, clock) })).Code);
        Assert.Equal("authenticator_code_wrong", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/second-factor", new { token = again.Token, code = "1" })).Code);
    }

    [Theory, OnBothDatabases]
    public async Task Code_that_was_shown_at_joining_signs_in_there_and_nowhere_again(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var op = await Operator.SignInAsync(site, clock.GetUtcNow());
        var invited = await op.SendAsync("/staff/invitations", "/staff/invitations", ("role", "Physician"), ("lang", "zh"));
        var link = Join().Match(invited.Page).Value;
        using var me = Operator.Nobody(site);
        var secret = Totp.Read(Key().Match(await me.ReadAsync(link)).Groups[1].Value) ?? throw new InvalidOperationException();
        var code = Now(secret, clock);
        var joined = await me.SendAsync(link, link, ("login", "new1"), ("name", "新医生"), ("title", ""), ("phone", "13700003333"), ("password", Password), ("secret", Totp.Written(secret)), ("code", code));

        using var caller = new Caller(site);
        var pending = await caller.Post<SignedIn>("/api/v1/staff/sign-in", new { login = "new1", password = Password });
        Assert.Equal("authenticator_code_wrong", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/second-factor", new { token = pending.Token, code })).Code);

        // Whoever has just shown password and code is in, and does not wait half a minute for the next one.
        Assert.Equal((HttpStatusCode.SeeOther, "/staff"), (joined.Status, joined.Location));
        await me.ReadAsync("/staff/desk");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await caller.Post<SignedIn>("/api/v1/staff/second-factor", new { token = pending.Token, code = Now(secret, clock) })).SecondFactorNeeded);
    }

    [Theory, OnBothDatabases]
    public async Task Suspended_clinician_is_out_at_the_next_request_and_may_come_back(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var op = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        using var doctor = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow(), "doctor1");
        await doctor.ReadAsync("/staff/desk");
        var people = await op.ReadAsync("/staff/people");
        var id = Person("王安").Match(people).Groups[1].Value;
        Assert.NotEmpty(id);
        Assert.DoesNotContain("陈思", people, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await op.SendAsync("/staff/people", "/staff/people", ("id", id), ("state", "suspended"))).Status);
        await doctor.ReadAsync("/staff/desk", HttpStatusCode.Redirect);
        using var caller = new Caller(site);
        Assert.Equal("sign_in_failed", (await caller.Refused(HttpMethod.Post, "/api/v1/staff/sign-in", new { login = "doctor1", password = DemoCampaign.Password })).Code);

        Assert.Equal(HttpStatusCode.SeeOther, (await op.SendAsync("/staff/people", "/staff/people", ("id", id), ("state", "active"))).Status);
        Assert.True((await caller.Post<SignedIn>("/api/v1/staff/sign-in", new { login = "doctor1", password = DemoCampaign.Password })).SecondFactorNeeded);
        Assert.Equal(HttpStatusCode.NotFound, (await op.SendAsync("/staff/people", "/staff/people", ("id", Guid.CreateVersion7().ToString("N")), ("state", "suspended"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await op.SendAsync("/staff/people", "/staff/people", ("id", "me"), ("state", "suspended"))).Status);
    }

    [Theory, OnBothDatabases]
    public async Task Streams_of_a_suspended_clinician_end_within_seconds(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        foreach (var address in new[] { $"{patient.Consultation}/events", $"/q/{patient.Id}/talk/stream", "/staff/desk/stream", "/api/v1/desk/events" })
        {
            using var stream = await doctor.Stream(address);
            using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
            Assert.NotNull(await reader.ReadLineAsync());
            await site.RunAsync("update staff set active = false where login = 'replay-1'");
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(8));
            while (await reader.ReadLineAsync(soon.Token) is not null)
            {
                // What was sent before.
            }

            await site.RunAsync("update staff set active = true where login = 'replay-1'");
        }
    }

    private const string Password = "a sentence that is long";

    private static string Now(byte[] secret, TestClock clock) => Totp.Code(secret, clock.GetUtcNow().ToUnixTimeSeconds() / 30);

    private static Regex Person(string name) => new($"<b>{name}</b>.*?name=\"id\" value=\"([0-9a-f]{{32}})\"", RegexOptions.Singleline);

    [GeneratedRegex("/staff/join/[A-Za-z0-9_-]+")]
    private static partial Regex Join();

    [GeneratedRegex("name=\"secret\" value=\"([A-Z2-7]+)\"")]
    private static partial Regex Key();
}

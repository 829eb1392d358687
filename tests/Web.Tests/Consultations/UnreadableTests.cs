using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Log;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>One consultation that cannot be read takes nobody else's along: not on the doctor's desk, not in a person's list. The operator knows.</summary>
public sealed class UnreadableTests
{
    private const string Canary = "只有医生能看见的一句话";
    private const string Cannot = "现在打不开";

    [Theory, OnBothDatabases]
    public async Task Desk_shows_the_others_and_a_plain_line_and_the_operator_has_been_told(DatabaseKind kind)
    {
        var heard = new Heard();
        await using var site = await TestSite.StartAsync(kind, also: b => b.Logging.AddProvider(heard));
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        using var unknown = await (await Caller.PatientAsync(site, $"发烧。{Canary}")).InQueueAsync();
        using var damaged = await (await Caller.PatientAsync(site, $"咳嗽。{Canary}")).InQueueAsync();
        using var whole = await (await Caller.PatientAsync(site, "孩子咳嗽")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        foreach (var patient in new[] { unknown, damaged, whole })
        {
            await doctor.Given(patient.Id);
        }

        await BreakAsync(site, ContractTests.Id(unknown), damage: false);
        await BreakAsync(site, ContractTests.Id(damaged), damage: true);

        var desk = await doctor.Get<JsonElement>("/api/v1/desk");
        Assert.Equal([whole.Id], desk.GetProperty("changed").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        Assert.Equal(new[] { unknown.Id, damaged.Id }.Order(), desk.GetProperty("broken").EnumerateArray().Select(c => c.GetString()).Order());
        var item = await FirstAsync(doctor, "/api/v1/desk/events");
        Assert.Contains(whole.Id, item, StringComparison.Ordinal);
        Assert.Equal(2, JsonDocument.Parse(item).RootElement.GetProperty("broken").GetArrayLength());

        using var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"/staff/desk?c={unknown.Id}"));
        Assert.Contains("孩子咳嗽", page, StringComparison.Ordinal);
        Assert.All(new[] { unknown, damaged }, broken => Assert.Contains($"编号 {broken.Id[^6..]} {Cannot}", page, StringComparison.Ordinal));
        Assert.Contains("已告诉值班人员", page, StringComparison.Ordinal);
        Assert.Contains(Cannot, WebUtility.HtmlDecode(await FirstAsync(doctor, "/staff/desk/stream")), StringComparison.Ordinal);

        await doctor.Put<Stored>($"{whole.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("我在看", (await whole.Look()).Epoch));
        await browser.ReadAsync("/staff/desk");
        var board = await BoardAsync(staff, "读不出来");
        Assert.All(new[] { unknown, damaged }, broken => Assert.Contains(broken.Id[^6..], board, StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, board, StringComparison.Ordinal);
        var lines = heard.Lines.Where(l => l.Contains("cannot be read", StringComparison.Ordinal)).ToList();
        Assert.Single(lines, l => l.Contains(ContractTests.Id(unknown).ToString(), StringComparison.Ordinal) && l.Contains(nameof(JsonException), StringComparison.Ordinal));
        Assert.Single(lines, l => l.Contains(ContractTests.Id(damaged).ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(heard.Lines, l => l.Contains(Canary, StringComparison.Ordinal) || l.Contains("prophecy", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task List_of_ones_own_shows_the_others_and_whom_to_call(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "孩子咳嗽", label: "小宝");
        var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        var second = started.GetProperty("consultation").GetString()!;
        var consent = new Consent(started.GetProperty("consent_version").GetString()!, true, true, true, false, false, false);
        await patient.Post<ConsultationView>($"/api/v1/consultations/{second}/opening", new OpeningBody(Relation.Parent, consent, "zh", "奶奶"));
        await BreakAsync(site, ConsultationId.TryParse(second, out var id) ? id.Value : Guid.Empty, damage: false);

        foreach (var (language, sentence, told) in new[] { ("zh-CN", $"编号 {second[^6..]} {Cannot}", "已告诉值班人员"), ("en", $"no. {second[^6..]} cannot be shown", "The operator has been told") })
        {
            using var browser = new Operator(site.NewPerson(language));
            browser.Browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");
            var page = WebUtility.HtmlDecode(await browser.ReadAsync("/mine"));
            Assert.Contains("小宝", page, StringComparison.Ordinal);
            Assert.Contains(sentence, page, StringComparison.Ordinal);
            Assert.Contains(told, page, StringComparison.Ordinal);
            Assert.Matches($"{sentence}.*<a[^>]* href=\"tel:0[0-9]+\"", page);
        }

        Assert.Equal(1, await site.CountAsync("select count(*) from journal where kind = 'unreadable'"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_is_erased_is_erased_whole_though_one_of_theirs_cannot_be_read(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, $"发烧。{Canary}")).InQueueAsync();
        var broken = ContractTests.Id(patient);
        var others = new List<Guid>();
        foreach (var label in new[] { "奶奶", "爷爷" })
        {
            var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
            var at = started.GetProperty("consultation").GetString()!;
            await patient.Post<ConsultationView>($"/api/v1/consultations/{at}/opening", new OpeningBody(Relation.Parent, new Consent(started.GetProperty("consent_version").GetString()!, true, true, true, false, false, false), "zh", label));
            others.Add(ConsultationId.TryParse(at, out var id) ? id.Value : Guid.Empty);
        }

        await BreakAsync(site, broken, damage: true);
        Assert.Equal(3, (await patient.Delete<JsonElement>("/api/v1/me")).GetProperty("consultations").GetInt32());
        Assert.Equal(3, await site.CountAsync("select count(*) from fact where kind = 'erased'"));
        Assert.Equal(0, await site.CountAsync("select count(*) from consultation_key"));
        Assert.Equal(0, await site.CountAsync("select count(*) from fact where payload is not null"));
        Assert.Equal(0, await site.CountAsync("select count(*) from patient"));
        Assert.Equal(3, await site.CountAsync("select count(*) from head where bucket = 'left' and patient is null and campaign = 'wuhan'"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await patient.Refused(HttpMethod.Get, patient.Consultation)).Status);
        var ledger = await site.LedgerAsync();
        Assert.Equal((true, 3, 3), (ledger.Holds, ledger.Opened, ledger.Left));
        Assert.Equal(2, others.Count);
    }

    /// <summary>A fact of a kind that nobody knows; or, besides, a payload that is not what was sealed.</summary>
    internal static async Task BreakAsync(TestSite site, Guid id, bool damage)
    {
        var craft = new Craft(site);
        var entry = await (damage ? craft.MessageAsync(id, "x") : craft.MessageAsync(id, "x", ("prophecy", """{"kind":"prophecy"}""")));
        if (damage)
        {
            var row = entry.Facts[0];
            entry = entry with { Facts = [row with { Payload = [.. row.Payload!.Reverse()] }] };
        }

        Assert.Equal([Fate.Stored], await ContractTests.Get<ILane>(site).CommitAsync([entry]));
    }

    /// <summary>The first item of a stream, as it was sent.</summary>
    private static async Task<string> FirstAsync(Caller caller, string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = await caller.Stream(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        var item = new List<string>();
        while (await reader.ReadLineAsync(limit.Token) is { } line && (line.Length > 0 || item.Count == 0))
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                item.Add(line[6..]);
            }
        }

        return string.Join('\n', item);
    }

    /// <summary>The board is made again after a second.</summary>
    private static async Task<string> BoardAsync(Operator staff, string shows)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (WebUtility.HtmlDecode(await staff.ReadAsync("/staff/board")) is var page && page.Contains(shows, StringComparison.Ordinal))
            {
                return page;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>What the node writes to its log.</summary>
    private sealed class Heard : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IEnumerable<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

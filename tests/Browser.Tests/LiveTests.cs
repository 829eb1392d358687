using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>The module of the thread: words are never lost, never doubled, and called stored only when they are.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private TestSite? site;
    private Caller? patient;
    private Caller? doctor;
    private int epoch;

    private TestSite Site => site ?? throw new InvalidOperationException();

    private Caller Patient => patient ?? throw new InvalidOperationException();

    private Caller Doctor => doctor ?? throw new InvalidOperationException();

    private string Address => $"/q/{Patient.Id}/talk";

    public async Task InitializeAsync()
    {
        site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        patient = await Caller.PatientAsync(Site, "前天开始发烧，有点干咳");
        await Patient.InQueueAsync();
        doctor = await Caller.DoctorAsync(Site);
        epoch = (await Doctor.Given(Patient.Id)).Epoch;
    }

    public async Task DisposeAsync()
    {
        doctor?.Dispose();
        patient?.Dispose();
        await Site.DisposeAsync();
    }

    [Fact]
    public async Task Message_is_stored_without_a_reload_and_shown_with_its_tick()
    {
        await using var tab = await OpenAsync();
        await tab.Page.EvaluateAsync("window.same = true");
        await SendAsync(tab, "坐着不喘");

        await Expect(tab.Page.Locator("#latest")).ToContainTextAsync("已存好");
        await Expect(tab.Page.Locator("#text")).ToHaveValueAsync("");
        Assert.True(await tab.Page.EvaluateAsync<bool>("window.same === true"));
        Assert.Equal(["坐着不喘"], await Said());
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("localStorage.length"));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Page_that_has_seen_more_than_a_restored_database_holds_takes_what_there_is()
    {
        await using var tab = await OpenAsync();
        await Expect(tab.Page.Locator("#thread")).ToHaveAttributeAsync("data-version", new System.Text.RegularExpressions.Regex("^[0-9]+$"));
        await tab.Page.EvaluateAsync("document.getElementById('thread').dataset.version = '99999'");
        await Doctor.Put<Stored>($"{Patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("还在，接着说", epoch));
        await Expect(tab.Page.Locator("#latest")).ToContainTextAsync("还在，接着说");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Message_without_network_stays_on_the_phone_over_a_reload_and_is_sent_once()
    {
        await using var tab = await OpenAsync();
        await tab.Context.SetOfflineAsync(true);
        await SendAsync(tab, "我妈妈和我住一起");
        await Expect(tab.Page.Locator(".unsent")).ToContainTextAsync("没发出去，网络断了。字还在这部手机里。");
        Assert.Empty(await Said());

        await tab.Context.SetOfflineAsync(false);
        await tab.Page.ReloadAsync();
        await Expect(tab.Page.Locator("#latest")).ToContainTextAsync("已存好");
        await Expect(tab.Page.Locator(".unsent")).ToHaveCountAsync(0);
        Assert.Equal(["我妈妈和我住一起"], await Said());
    }

    [Fact]
    public async Task Message_whose_answer_was_lost_is_sent_again_and_does_not_double()
    {
        await using var tab = await OpenAsync(stream: false);
        await LoseOneAnswerAsync(tab);
        await SendAsync(tab, "有点头晕");
        await Expect(tab.Page.Locator(".unsent")).ToHaveCountAsync(1);
        await tab.AccessibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "再发一次" }).ClickAsync();

        await Expect(tab.Page.Locator("#latest")).ToContainTextAsync("已存好");
        await Expect(tab.Page.Locator(".thread > .me", new() { HasText = "有点头晕" })).ToHaveCountAsync(1);
        Assert.Equal(["有点头晕"], await Said());
    }

    [Fact]
    public async Task Message_whose_answer_was_lost_counts_as_stored_once_the_stream_shows_it()
    {
        await using var tab = await OpenAsync();
        await LoseOneAnswerAsync(tab);
        await SendAsync(tab, "有点头晕");

        await Expect(tab.Page.Locator("#latest")).ToContainTextAsync("已存好");
        await Expect(tab.Page.Locator(".unsent")).ToHaveCountAsync(0);
        Assert.Equal(["有点头晕"], await Said());
    }

    [Fact]
    public async Task Answer_that_does_not_hold_the_message_is_not_taken_for_stored()
    {
        await using var tab = await OpenAsync();
        await tab.Page.RouteAsync("**/talk", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>Hotel</title><h1>Welcome</h1>" }));
        await SendAsync(tab, "还在烧");

        await Expect(tab.Page.Locator(".unsent")).ToContainTextAsync("没发出去");
        Assert.Empty(await Said());
    }

    [Fact]
    public async Task Message_that_is_refused_stays_with_the_reason_and_is_not_sent_again_by_itself()
    {
        await using var tab = await OpenAsync(stream: false);
        await Doctor.Post<Stored>($"{Patient.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "发烧两天", "在家隔离", Close: true));
        await SendAsync(tab, "还有一句");

        await Expect(tab.Page.Locator(".unsent .told")).ToHaveTextAsync("还有一句");
        await Expect(tab.Page.Locator(".unsent .mark")).Not.ToContainTextAsync("网络断了");
        Assert.Contains("\"refused\":true", await tab.Page.EvaluateAsync<string>("Object.values(localStorage)[0]"), StringComparison.Ordinal);
        Assert.Empty(await Said());
    }

    [Fact]
    public async Task Words_not_to_be_sent_after_all_are_gone_from_the_phone()
    {
        await using var tab = await OpenAsync();
        await tab.Context.SetOfflineAsync(true);
        await SendAsync(tab, "算了");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "不发了" }).ClickAsync();

        await Expect(tab.Page.Locator(".unsent")).ToHaveCountAsync(0);
        Assert.Equal(0, await tab.Page.EvaluateAsync<int>("localStorage.length"));
    }

    [Fact]
    public async Task Reply_of_the_doctor_appears_by_itself_and_leaves_what_is_being_written()
    {
        await using var tab = await OpenAsync();
        await tab.Page.Locator("#text").FillAsync("正在写");
        await Doctor.Put<Stored>($"{Patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("喝水了吗", epoch));

        await Expect(tab.Page.Locator(".thread > .you")).ToContainTextAsync("喝水了吗");
        await Expect(tab.Page.Locator("#text")).ToHaveValueAsync("正在写");
    }

    /// <summary>The message arrives and is stored; the network goes before the answer is back.</summary>
    private static async Task LoseOneAnswerAsync(Tab tab) => await tab.Page.RouteAsync(
        "**/talk",
        async route =>
        {
            await route.FetchAsync(new() { MaxRedirects = 0 });
            await route.AbortAsync("connectionreset");
        },
        new() { Times = 1 });

    private static async Task SendAsync(Tab tab, string text)
    {
        await tab.Page.Locator("#text").FillAsync(text);
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "发送" }).ClickAsync();
    }

    /// <summary>Behind the story, which is the first line.</summary>
    private async Task<string[]> Said() => [.. (await Patient.Look()).Lines.Where(l => l.By == "patient").Skip(1).Select(l => l.Text ?? "")];

    /// <param name="stream">False: what happens over there does not reach this browser by itself, as behind many a proxy.</param>
    private async Task<Tab> OpenAsync(bool stream = true)
    {
        var tab = await Chromium.OpenAsync();
        await tab.Context.AddCookiesAsync([new() { Name = SignIns.DeviceCookie, Value = Patient.Token, Url = Site.Address.ToString() }]);
        if (!stream)
        {
            await tab.Page.RouteAsync("**/talk/stream", route => route.AbortAsync());
        }

        var listening = tab.Page.WaitForRequestAsync("**/talk/stream");
        await tab.Page.GotoAsync(new Uri(Site.Address, Address).ToString());
        await listening;
        return tab;
    }
}

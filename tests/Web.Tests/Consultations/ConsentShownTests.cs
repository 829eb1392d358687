using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>What is stored is the version of the text that stood above the ticks, and no other (CN-CON-01).</summary>
public sealed class ConsentShownTests
{
    private static readonly string Older = ConsentText.Read(File.ReadAllText(Checkout.At("policies", "consent.json"))).Stamp;
    private const string Newer = "CONSENT-LIGHT@next";
    private const string Changed = "改过";

    [Theory, OnBothDatabases]
    public async Task Whoever_ticked_under_an_older_text_reads_the_new_one_before_anything_is_stored(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (id, token) = await StartAsync(database, async browser => Assert.Equal(Older, Shown(await browser.ReadAsync(browser.Consent))));

        await using var site = await TestSite.StartAsync(database, also: b => b.Services.AddSingleton(Second()));
        using var person = new Visitor(site, id, token);
        var ticks = new[] { ("agree", "advice"), ("agree", "share"), ("agree", "keep") };
        var again = await person.SendAsync(person.Consent, [.. ticks, ("text", Older)]);
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains(Changed, again.Page, StringComparison.Ordinal);
        Assert.Equal(Newer, Shown(again.Page));
        Assert.DoesNotContain(new HtmlParser().ParseDocument(again.Page).QuerySelectorAll("input[name=agree]").OfType<IHtmlInputElement>(), tick => tick.IsChecked);

        var who = await person.SendAsync(person.Consent, [.. ticks, ("text", Newer)]);
        Assert.Equal((HttpStatusCode.OK, Newer), (who.Status, Shown(who.Page)));
        var late = await person.SendAsync(person.Who, [.. ticks, ("text", Older), ("who", "self")]);
        Assert.Equal((HttpStatusCode.Conflict, Newer), (late.Status, Shown(late.Page)));
        Assert.Contains(Changed, late.Page, StringComparison.Ordinal);
        Assert.Equal(0, (await site.LedgerAsync()).Opened);

        var opened = await person.SendAsync(person.Who, [.. ticks, ("text", Newer), ("who", "self")]);
        Assert.Equal($"/q/{id}/where", opened.Location);
        Assert.Equal(1, await site.CountAsync($"select count(*) from head where consent = '{Newer}'"));
    }

    [Theory, OnBothDatabases]
    public async Task Text_that_was_never_ours_is_refused_by_form_and_by_app(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind, also: b => b.Services.AddSingleton(Second()));
        using var patient = new Caller(site);
        var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        patient.Holds(started.GetProperty("token").GetString()!);
        var id = started.GetProperty("consultation").GetString()!;
        using var person = new Visitor(site, id, patient.Token);
        foreach (var text in new[] { "", "CONSENT-LIGHT@9", "CONSENT-LIGHT" })
        {
            var form = await person.SendAsync(person.Who, ("agree", "advice"), ("agree", "share"), ("agree", "keep"), ("text", text), ("who", "self"));
            Assert.Equal((HttpStatusCode.BadRequest, Newer), (form.Status, Shown(form.Page)));
            Assert.DoesNotContain(Changed, form.Page, StringComparison.Ordinal);
            Assert.Equal("consent_text_unknown", (await patient.Refused(HttpMethod.Post, $"/api/v1/consultations/{id}/opening", Body(text))).Code);
        }

        Assert.Equal((HttpStatusCode.Conflict, "consent_text_changed"), await patient.Refused(HttpMethod.Post, $"/api/v1/consultations/{id}/opening", Body(Older)));
        Assert.Equal(0, (await site.LedgerAsync()).Opened);
        Assert.Equal(Newer, started.GetProperty("consent_version").GetString());
    }

    [Theory, OnBothDatabases]
    public async Task Opening_whose_answer_was_lost_is_the_same_opening_after_the_text_has_changed(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (id, token) = await StartAsync(database, async browser =>
            Assert.Equal($"/q/{browser.Id}/where", (await browser.SendAsync(browser.Who, ("agree", "advice"), ("agree", "share"), ("agree", "keep"), ("text", Older), ("who", "self"))).Location));

        await using var site = await TestSite.StartAsync(database, also: b => b.Services.AddSingleton(Second()));
        using var patient = new Caller(site);
        patient.Holds(token);
        await patient.Post<ConsultationView>($"/api/v1/consultations/{id}/opening", Body(Older));
        Assert.Equal(1, await site.CountAsync($"select count(*) from head where consent = '{Older}' and version = 1"));
    }

    private static OpeningBody Body(string text) => new(Relation.Self, new Consent(text, true, true, true, false, false, false), "zh", null);

    /// <summary>The shipped text as it would stand after a change.</summary>
    private static ConsentText Second()
    {
        var json = JsonNode.Parse(File.ReadAllText(Checkout.At("policies", "consent.json")))!;
        json["version"] = "next";
        json["earlier"] = new JsonArray(Older[(Older.IndexOf('@', StringComparison.Ordinal) + 1)..]);
        return ConsentText.Read(json.ToJsonString());
    }

    private static string? Shown(string page) => new HtmlParser().ParseDocument(page).QuerySelector("main form input[name=text]")?.GetAttribute("value");

    /// <summary>Somebody at the door while the first text is in force; the site is gone afterwards, its data stays.</summary>
    private static async Task<(string Id, string Token)> StartAsync(TestDatabase database, Func<Visitor, Task> then)
    {
        await using var site = await TestSite.StartAsync(database);
        using var patient = new Caller(site);
        var started = await patient.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { });
        var (id, token) = (started.GetProperty("consultation").GetString()!, started.GetProperty("token").GetString()!);
        using var visitor = new Visitor(site, id, token);
        await then(visitor);
        return (id, token);
    }

    /// <summary>A browser at the door of one consultation.</summary>
    private sealed class Visitor : IDisposable
    {
        private readonly Operator browser;

        public Visitor(TestSite site, string id, string token)
        {
            Id = id;
            browser = new Operator(site.NewPerson());
            browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        public string Id { get; }

        public string Consent => $"/q/{Id}/consent";

        public string Who => $"/q/{Id}/who";

        public Task<string> ReadAsync(string address) => browser.ReadAsync(address);

        public Task<(HttpStatusCode Status, string? Location, string Page)> SendAsync(string to, params (string Name, string Value)[] fields) => browser.SendAsync(Consent, to, fields);

        public void Dispose() => browser.Dispose();
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>What a doctor was writing and had not sent: the patient's, so it goes with the patient; and the next doctor's, if the first is lost.</summary>
public sealed class DraftTests
{
    [Theory, OnBothDatabases]
    public async Task Draft_of_an_erased_person_can_be_read_with_no_key_that_is_left(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        using var desk = At(site, doctor);
        await desk.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/draft", ("text", "先多喝水，"));
        Assert.Contains("先多喝水，", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var kept = await database.Set<DraftRow>().AsNoTracking().SingleAsync();

        await patient.Delete<JsonElement>("/api/v1/me");

        // The row as a dead tuple, a log of the database or a backup would still hold it.
        Assert.Empty(await database.Set<DraftRow>().AsNoTracking().ToListAsync());
        var left = new List<byte[]> { await site.Services.GetRequiredService<Staff>().Key(kept.Clinician) };
        var vault = site.Services.GetRequiredService<Vault>();
        left.AddRange((await site.Services.GetRequiredService<FactTable>().KeysAsync(kept.Consultation, CancellationToken.None)).Select(k => vault.Unwrap(k.Wrapped, kept.Consultation)));
        foreach (var key in left)
        {
            Assert.Throws<AuthenticationTagMismatchException>(() => Vault.Open(key, kept.Sealed, kept.Consultation, 0));
            Assert.Throws<AuthenticationTagMismatchException>(() => Vault.Open(key, kept.Sealed, kept.Clinician, 0));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Draft_of_a_lost_doctor_is_there_for_the_next_one_marked_as_unsent_and_sends_nothing(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
        using var first = await Caller.DoctorAsync(site, 1);
        var epoch = (await first.Given(patient.Id)).Epoch;
        using var lost = At(site, first);
        await lost.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/draft", ("text", "今晚量三次体温，"));
        var before = await site.CountAsync("select count(*) from fact where kind in ('reply_sent', 'draft_left')");

        clock.Advance(TimeSpan.FromSeconds(121));
        using var second = await Caller.DoctorAsync(site, 2);
        Assert.Equal(epoch + 1, (await second.Given(patient.Id)).Epoch);

        foreach (var view in new[] { (await second.Get<JsonElement>("/api/v1/desk")).GetProperty("changed")[0], await second.Get<JsonElement>(patient.Consultation) })
        {
            var draft = Assert.Single(view.GetProperty("unsent_drafts").EnumerateArray());
            Assert.Equal("今晚量三次体温，", draft.GetProperty("text").GetString());
            Assert.Equal(patient.Id, view.GetProperty("id").GetString());
            Assert.False(string.IsNullOrWhiteSpace(draft.GetProperty("clinician").GetString()));
        }

        using var desk = At(site, second);
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await desk.ReadAsync($"/staff/desk?c={patient.Id}"));
        var note = Assert.Single(page.QuerySelectorAll(".reply .note"), n => n.TextContent.Contains("今晚量三次体温，", StringComparison.Ordinal));
        Assert.Contains("没发出去", note.TextContent, StringComparison.Ordinal);
        Assert.Equal("", page.QuerySelector("#t")?.TextContent);

        Assert.Equal(before, await site.CountAsync("select count(*) from fact where kind in ('reply_sent', 'draft_left')"));
        Assert.DoesNotContain("今晚量三次体温", (await patient.Get<JsonElement>(patient.Consultation)).GetRawText(), StringComparison.Ordinal);

        // Sent late after all: kept once, not twice.
        await first.Send(HttpMethod.Put, $"{patient.Consultation}/replies/{Guid.CreateVersion7()}", System.Net.Http.Json.JsonContent.Create(new { text = "今晚量三次体温，", epoch }));
        var after = await second.Get<JsonElement>(patient.Consultation);
        Assert.Equal((1, 0), (after.GetProperty("drafts_left").GetArrayLength(), after.GetProperty("unsent_drafts").GetArrayLength()));
        await second.Put<Stored>($"{patient.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("您好，我接着看", epoch + 1));
        Assert.Equal("您好，我接着看", (await patient.Look()).Lines[^1].Text);
    }

    [Theory, OnBothDatabases]
    public async Task Draft_that_cannot_be_opened_breaks_nobodys_desk(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "孩子咳嗽")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        using var desk = At(site, doctor);
        await desk.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/draft", ("text", "先多喝水，"));
        await site.RunAsync(kind == DatabaseKind.Sqlite ? "update draft set sealed = zeroblob(64)" : "update draft set sealed = decode(repeat('00', 64), 'hex')");
        var page = WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}"));
        Assert.Contains("孩子咳嗽", page, StringComparison.Ordinal);
        await desk.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/draft", ("text", "再写一次"));
        Assert.Contains("再写一次", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);
    }

    private static Operator At(TestSite site, Caller doctor)
    {
        var browser = new Operator(site.NewPerson());
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        return browser;
    }
}

using System.Text.Json;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Commands;

/// <summary>Who has read what, for the yearly audit of children's records and after a leak.</summary>
public sealed class AccessCommandTests
{
    [Theory, OnBothDatabases]
    public async Task Audit_names_who_read_which_consultation_and_of_children_alone_where_it_is_asked_and_no_word_of_anybody(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var clock = TestClock.InJanuary2020();
        string[] where = ["--state", database.Folder, .. database.Arguments];
        string grown, child;
        await using (var site = await TestSite.StartAsync(database, clock))
        {
            using var patient = await (await Caller.PatientAsync(site, "发烧三天，鹤", answers: RecheckTests.FeverClinic)).InQueueAsync();
            using var young = await Caller.PatientAsync(site, "孩子发烧，鹤");
            await young.Put<JsonElement>($"{young.Consultation}/answers", new { answers = RecheckTests.FeverClinic.Split(';').Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[0] == "age" ? "9" : a[1]), guardian = await Stamp(site) });
            await young.InQueueAsync();
            (grown, child) = (patient.Id, young.Id);
            using var doctor = await Caller.DoctorAsync(site);
            await doctor.Given(grown);
            await doctor.Given(child);
            await doctor.Get<ConsultationView>($"/api/v1/consultations/{grown}");
            await doctor.Get<ConsultationView>($"/api/v1/consultations/{child}");
        }

        var (code, said, complained) = await Product.EndAsync(["access", "--from", "2020-01-26", "--to", "2020-01-26", .. where]);
        Assert.Equal((0, ""), (code, complained));
        Assert.Contains(grown, said, StringComparison.Ordinal);
        Assert.Contains(child, said, StringComparison.Ordinal);
        Assert.Contains("\"Physician\"", said, StringComparison.Ordinal);
        Assert.Contains("\"care\"", said, StringComparison.Ordinal);
        Assert.DoesNotContain("鹤", said, StringComparison.Ordinal);

        var minors = JsonSerializer.Deserialize<JsonElement>((await Product.EndAsync(["access", "--minors", "--json", "--to", "2020-01-26", .. where])).Said);
        Assert.Equal(1, minors.GetProperty("consultations").GetInt32());
        Assert.Equal([child], minors.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("consultation").GetString()).Distinct());
        var nobody = JsonSerializer.Deserialize<JsonElement>((await Product.EndAsync(["access", "--json", "--account", Guid.NewGuid().ToString(), .. where])).Said);
        Assert.Equal(0, nobody.GetProperty("records").GetInt32());
        Assert.Equal(2, (await Product.EndAsync(["access", "--account", "operator", .. where])).Code);
        Assert.Equal(2, (await Product.EndAsync(["access", "--from", "2020-02-01", "--to", "2020-01-01", .. where])).Code);

        await using var again = await TestSite.StartAsync(database, clock);
        Assert.Equal(3, await again.CountAsync("select count(*) from access where purpose = 'export' and role = 'command'"));
        Assert.Equal(1, await again.CountAsync("select count(*) from access where purpose = 'export' and selection = 'access ..2020-01-26 minor'"));
    }

    private static async Task<string> Stamp(TestSite site)
    {
        using var asker = new Caller(site);
        return (await asker.Post<JsonElement>("/api/v1/campaigns/wuhan/start", new { })).GetProperty("consent_version").GetString() ?? "";
    }
}

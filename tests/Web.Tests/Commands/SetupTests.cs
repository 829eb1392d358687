using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Commands;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>From an empty machine to the first patient, without the demo.</summary>
public sealed class SetupTests
{
    [Theory, OnBothDatabases]
    public async Task Empty_machine_is_set_up_an_operator_joins_and_the_first_patient_starts(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var phones = await Phones.StartAsync(database.Folder);
        var told = Told(database) with { Messages = phones.File, TestNumber = "13800001111", Standby = "13900002222", BaseUrl = "https://yizhen.example.cn", Proxy = "127.0.0.1", SignShipped = true, ImpactAssessment = "PIA-2026-1", NetworkLogDays = 180 };
        var done = await SetupSteps.RunAsync(told, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Empty(done.Missing);
        Assert.Equal("sent", done.TestMessage);
        Assert.Contains("网关可以用", phones.Last("+8613800001111"), StringComparison.Ordinal);
        var join = done.Join?["https://yizhen.example.cn".Length..] ?? throw new InvalidOperationException("No link for the operator.");

        await using var site = await ServeAsync(told);
        using var staff = new Operator(site.Browser());
        var joined = await staff.SendAsync(join, join, ("login", "first"), ("name", "方主任"), ("title", ""), ("phone", "13700003333"), ("password", "a sentence that is long"));
        Assert.Equal(HttpStatusCode.OK, joined.Status);
        var signedIn = await staff.SignInAsync(joined.Page, await phones.CodeAsync("+8613700003333"));
        Assert.Equal("/staff", signedIn);
        using var made = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/campaigns", UriKind.Relative), new
        {
            slug = "first", name = new { zh = "第一场", en = "First" }, owner = new { zh = "卫健委", en = "Commission" }, purpose = new { zh = "先问医生", en = "Ask first" },
            covers = new { zh = "本市的人", en = "People of this city" }, regions = new[] { "420100" }, hours = "00:00-00:00", hotline = "027-1", numbers = new[] { "120" },
        });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await staff.SendAsync("/staff/campaigns/first", "/staff/campaigns/first/open")).Status);
        var shift = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(SetupSteps.DefaultZone));
        using var rostered = await staff.Browser.PostAsJsonAsync(new Uri("/api/v1/roster", UriKind.Relative), new
        {
            csv = FormattableString.Invariant($"clinician,organisation,people,date,from,to,skills,langs\n,示例市卫健委,1,{shift:yyyy-MM-dd},{shift:HH:mm},{shift.AddHours(3):HH:mm},fever,zh"),
        });
        Assert.True(rostered.IsSuccessStatusCode, await rostered.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.SeeOther, (await staff.SendAsync("/staff/campaigns/first", "/staff/campaigns/first/open", ("reason", "只有一个操作员"))).Status);

        using var patient = new Operator(site.Browser());
        var page = await patient.ReadAsync("/c/first");
        Assert.DoesNotContain("演示", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await patient.SendAsync("/c/first", "/c/first/start")).Status);
        await patient.ReadAsync("/demo/outbox.json", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Setup_refuses_a_key_beside_the_database_and_makes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var told = Told(database);
        var refused = await Assert.ThrowsAsync<StorageException>(() => SetupSteps.RunAsync(told with { Key = Path.Combine(told.Data ?? "", "keys", "deployment.key") }, TimeProvider.System.GetUtcNow(), CancellationToken.None));
        Assert.Contains("may not lie beside the database", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(told.Data));
    }

    [Theory, OnBothDatabases]
    public async Task Setup_run_again_keeps_what_is_there_and_names_what_is_missing(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var told = Told(database);
        var first = await SetupSteps.RunAsync(told, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal((true, true, 0), (first.KeyMade, first.AuthorityMade, first.Signed));
        Assert.Contains(first.Missing, m => m.StartsWith("Not signed by your authority", StringComparison.Ordinal));
        Assert.Contains(first.Remember, m => m.StartsWith("Without a gateway", StringComparison.Ordinal));
        Assert.Contains(first.Serve, File.ReadAllText(first.Unit), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(first.Unit), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(told.AuthorityKey ?? ""));
        }

        var key = await File.ReadAllTextAsync(told.Key ?? "");
        var again = await SetupSteps.RunAsync(told with { SignShipped = true }, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal((false, false), (again.KeyMade, again.AuthorityMade));
        Assert.Equal(key, await File.ReadAllTextAsync(told.Key ?? ""));
        Assert.DoesNotContain(again.Missing, m => m.StartsWith("Not signed", StringComparison.Ordinal));

        // A policy that somebody changed after it was signed is named, as a protocol would be, with who reads it.
        Assert.Empty(SignedPolicies.Names.Except(Names(first.Missing)));
        foreach (var name in SignedPolicies.Names)
        {
            await File.AppendAllTextAsync(Path.Combine(told.State ?? "", "policies", name), " ");
            Assert.Contains(name, Names((await SetupSteps.RunAsync(told, TimeProvider.System.GetUtcNow(), CancellationToken.None)).Missing));
        }

        // What the authority has signed as its own is not overwritten by what is shipped.
        var own = Path.Combine(told.State ?? "", "policies", "retention.json");
        Signatures.Sign(own, await File.ReadAllTextAsync(told.AuthorityKey ?? ""));
        Assert.Equal(SignedPolicies.Names.Count - 1, (await SetupSteps.RunAsync(told with { SignShipped = true }, TimeProvider.System.GetUtcNow(), CancellationToken.None)).Signed);
        Assert.EndsWith(" ", await File.ReadAllTextAsync(own), StringComparison.Ordinal);

        static IEnumerable<string> Names(IReadOnlyList<string> missing) =>
            (missing.FirstOrDefault(m => m.StartsWith("Not signed", StringComparison.Ordinal)) ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData(null, null, 2)]
    [InlineData("PIA-2026-1, 2026-11-01", 179, 1)]
    [InlineData("PIA-2026-1, 2026-11-01", 180, 0)]
    public async Task Setup_asks_for_the_impact_assessment_and_how_long_network_logs_are_kept(string? assessment, int? days, int owed)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        var done = await SetupSteps.RunAsync(Told(database) with { ImpactAssessment = assessment, NetworkLogDays = days }, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        Assert.Equal(owed, done.Missing.Count(m => m.Contains("CN-PI-08", StringComparison.Ordinal) || m.Contains("CN-SEC-02", StringComparison.Ordinal)));

        // Said once, it is known.
        Assert.Equal(owed, (await SetupSteps.RunAsync(Told(database), TimeProvider.System.GetUtcNow(), CancellationToken.None)).Missing.Count(m => m.Contains("CN-PI-08", StringComparison.Ordinal) || m.Contains("CN-SEC-02", StringComparison.Ordinal)));
    }

    [Fact]
    public void Answers_of_a_file_give_way_to_flags_and_unknown_names_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("yizhen-test-").FullName;
        var file = Path.Combine(folder, "answers.json");
        File.WriteAllText(file, """{"data":"a","key":"k","sign_shipped":true}""");
        Assert.Equal(new SetupAnswers { Database = "Host=x", Key = "k", SignShipped = true }, new SetupAnswers { Database = "Host=x" }.Over(SetupAnswers.ReadFile(file)));
        File.WriteAllText(file, """{"dataa":"a"}""");
        Assert.Throws<StorageException>(() => SetupAnswers.ReadFile(file));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Questions_take_what_stands_in_brackets_for_an_empty_answer()
    {
        using var answers = new StringReader(string.Join('\n', "", "/srv/data", "", "/srv/key", "", "", "示例", "Example", "42", "https://e.cn", "", "", "", "", "127.0.0.1"));
        using var questions = new StringWriter();
        var told = new SetupAnswers().Ask(answers, questions);
        Assert.Equal(("/srv/data", "/srv/key", "Asia/Shanghai", "127.0.0.1", null), (told.Data, told.Key, told.Zone, told.Proxy, told.TlsCertificate));
        Assert.Contains("[Asia/Shanghai]", questions.ToString(), StringComparison.Ordinal);
    }

    internal static SetupAnswers Told(TestDatabase database) => new()
    {
        Data = database.Connection is null ? Path.Combine(database.Folder, "data") : null,
        Database = database.Connection,
        State = Path.Combine(database.Folder, "state"),
        Key = Path.Combine(database.Folder, "elsewhere", "deployment.key"),
        AuthorityKey = Path.Combine(database.Folder, "authority", "key.pem"),
        OrganisationZh = "示例市卫健委",
        OrganisationEn = "Example Commission",
        Province = "42",
    };

    internal static async Task<Served> ServeAsync(SetupAnswers told)
    {
        var place = Place.From(told.Data, told.Database, told.Key, told.State);
        var deployment = await Deployment.OpenAsync(place, DeploymentKind.Real, make: false, SetupSteps.DefaultZone, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var settings = await Settings.ReadAsync(deployment, CancellationToken.None);
        var app = Site.Build(deployment, "http://127.0.0.1:0", gateway: GatewaySettings.Read(settings.Gateway ?? ""), settings: settings);
        await app.StartAsync();
        return new Served(app);
    }

    internal sealed class Served(WebApplication app) : IAsyncDisposable
    {
        public IServiceProvider Services => app.Services;

        public HttpClient Browser() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()),
        };

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Overload;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Overload;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Overload;

/// <summary>Who is answered before whom when there is not room for all.</summary>
public sealed class ClassTests
{
    private static string StandingsFile => Checkout.At("tests", "Web.Tests", "Overload", "standings.txt");

    [Fact]
    public async Task Every_endpoint_stands_where_it_was_agreed()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        var lines = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => $"{Standings.Of(e)}{(Standings.IsStream(e) ? " stream" : "")} {string.Join(',', e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])} /{e.RoutePattern.RawText?.TrimStart('/')}")
            .Distinct().Order(StringComparer.Ordinal);
        var text = new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
        if ((File.Exists(StandingsFile) ? await File.ReadAllTextAsync(StandingsFile) : "") != text)
        {
            var proposed = Checkout.At("artifacts", "standings.txt");
            await File.WriteAllTextAsync(proposed, text);
            Assert.Fail($"The standings differ from {StandingsFile}. If that is meant, copy {proposed} over it and say why in the commit.");
        }
    }

    [Theory, OnBothDatabases]
    public async Task While_newcomers_wait_ongoing_consultations_and_danger_words_are_answered(DatabaseKind kind)
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(kind, clock, Crowd.Narrow());
        using var ongoing = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(ongoing.Id);
        using var begun = await Caller.PatientAsync(site, "头痛");
        var (accounts, doors) = (await site.CountAsync("select count(*) from account"), await site.CountAsync("select count(*) from door"));

        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        using (await Crowd.TakeAsync(site, Standing.Begun))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Crowd.StartAsync(site)).Status);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "overloaded"), await begun.Refused(HttpMethod.Get, $"{begun.Consultation}/questions"));

            await ongoing.Put<Stored>($"{ongoing.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody("还在咳"));
            await doctor.Put<JsonElement>($"{ongoing.Consultation}/replies/{Guid.CreateVersion7()}", new ReplyBody("多喝水，好好休息", (await doctor.Given(ongoing.Id)).Epoch));
            await begun.Put<ConsultationView>($"{begun.Consultation}/story", new StoryBody("胸口像被压住，喘不上气", 1));
            Assert.Equal((int)Urgency.Emergency, (await begun.Post<ConsultationView>($"{begun.Consultation}/triage", new { })).Urgency);
            using var nobody = site.NewPerson();
            foreach (var address in new[] { "/danger", "/danger.en.html", "/health/live" })
            {
                using var answer = await nobody.GetAsync(new Uri(address, UriKind.Relative));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        Assert.Equal((accounts, doors), (await site.CountAsync("select count(*) from account"), await site.CountAsync("select count(*) from door")));
        // Whoever was asked to wait has been called, and the door is open again.
        clock.Advance(TimeSpan.FromSeconds(10));
        using var recovered = await Caller.PatientAsync(site, "流鼻涕");
    }

    [Theory, OnBothDatabases]
    public async Task In_a_crush_newcomers_are_turned_away_and_nobody_who_is_in(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind, also: Crowd.Narrow());
        using var ongoing = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        using var grave = await Caller.PatientAsync(site, "头痛");
        var crush = Enumerable.Range(0, 60).Select(_ => Crowd.StartAsync(site)).ToList();
        var inside = Enumerable.Range(0, 30).Select(async n =>
        {
            using var sent = await ongoing.Send(HttpMethod.Put, $"{ongoing.Consultation}/messages/{Guid.CreateVersion7()}", JsonContent.Create(new MessageBody($"第 {n} 句"), options: Faces.Json));
            using var told = await grave.Send(HttpMethod.Put, $"{grave.Consultation}/story", JsonContent.Create(new StoryBody($"胸口像被压住，第 {n} 次", 1), options: Faces.Json));
            return (sent.StatusCode, told.StatusCode);
        }).ToList();

        Assert.All(await Task.WhenAll(inside), both => Assert.True(both is (HttpStatusCode.OK, not HttpStatusCode.ServiceUnavailable), both.ToString()));
        var statuses = (await Task.WhenAll(crush)).Select(c => c.Status).ToList();
        Assert.Contains(HttpStatusCode.ServiceUnavailable, statuses);
        Assert.All(statuses, s => Assert.True(s is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, s.ToString()));
        Assert.Equal(30, (await ongoing.Look()).Lines.Count(m => m.Text.StartsWith('第')));
        Assert.Equal(2 + statuses.Count(s => s == HttpStatusCode.OK), await site.CountAsync("select count(*) from door"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Fact]
    public async Task Nobody_new_gets_a_place_while_somebody_inside_queues_for_one()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: builder => builder.Services.AddSingleton(Crowd.Few with { Newcomers = Crowd.Few.Newcomers with { Share = 1, Queue = 8 } }));
        var gate = site.Services.GetRequiredService<Gate>();
        using var taken = await Crowd.TakeAsync(site, Standing.First);
        var pressed = Crowd.StartAsync(site);
        while (gate.Queued == 0)
        {
            await Task.Delay(10);
        }

        var queued = gate.EnterAsync(Standing.First, CancellationToken.None).AsTask();
        taken.DisposeOne();
        using (var place = await queued)
        {
            Assert.NotNull(place);
            Assert.Equal(1, gate.Queued);
            Assert.False(pressed.IsCompleted);
        }

        Assert.Equal(HttpStatusCode.OK, (await pressed).Status);
    }

    [Fact]
    public async Task Whoever_shows_no_key_stands_with_the_newcomers()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: Crowd.Narrow());
        using var nobody = new Caller(site);
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await nobody.Refused(HttpMethod.Get, "/api/v1/desk")).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.Refused(HttpMethod.Get, "/api/v1/desk")).Status);
    }
}

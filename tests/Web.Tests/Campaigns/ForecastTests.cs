using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Triage;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Dispatch;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Tests.Worklist;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>Whoever waits hears how long, once enough people were served; nobody is left with a time that has passed; and the board says how often it was true.</summary>
public sealed class ForecastTests
{
    private const int First = 14;
    private const int Then = 12;

    [Theory, OnBothDatabases]
    public async Task Room_tells_a_range_says_when_it_has_passed_and_the_board_counts_how_often_it_held(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var browser = new Operator(site.NewPerson());

        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        var keeper = await Waiting(site);
        var epoch = (await doctor.Given(keeper.Id)).Epoch;
        foreach (var people in new[] { First, Then })
        {
            var line = new List<Caller>();
            for (var n = 0; n < people; n++)
            {
                // One after the other: dispatch keeps to the order in which they came.
                clock.Advance(TimeSpan.FromSeconds(1));
                line.Add(await Waiting(site));
            }

            await Room(browser, line[^1]);
            clock.Advance(TimeSpan.FromMinutes(1));
            await doctor.Post<System.Text.Json.JsonElement>("/api/v1/duty", new { state = "on", seats = 1 });
            foreach (var person in line)
            {
                await doctor.Post<Stored>($"{keeper.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "干咳", "在家观察", Close: true));
                (keeper, epoch) = (person, (await doctor.Given(person.Id)).Epoch);
                clock.Advance(TimeSpan.FromSeconds(4));
                await site.Services.GetRequiredService<Board>().Look(CancellationToken.None);
            }
        }

        // The last of them has the only seat.
        using var waits = await Waiting(site);
        clock.Advance(TimeSpan.FromSeconds(1));
        using var after = await Waiting(site);
        var told = await Room(browser, waits);
        Assert.Contains("轮到您", told, StringComparison.Ordinal);
        Assert.Contains("再等", told, StringComparison.Ordinal);

        await doctor.Post<Stored>($"{keeper.Consultation}/advice", new AdviceBody(epoch, Disposition.D4, "干咳", "在家观察", Close: true));
        await doctor.Given(waits.Id);
        clock.Advance(TimeSpan.FromSeconds(4));
        var picture = await site.Services.GetRequiredService<Board>().Look(CancellationToken.None);
        // All of the second line, and whoever came after them: of the first nobody could be told how fast people are taken.
        Assert.Equal(Then + 1, picture.Told.Ranges + picture.Told.AtOnce);

        // The doctor is there all the time: without a sign of them the page says that nobody is on duty, and no time.
        await SilenceTests.MoveAsync(clock, doctor, TimeSpan.FromHours(2));
        var late = await Room(browser, after);
        Assert.Contains("比预计的久了", late, StringComparison.Ordinal);
        Assert.DoesNotContain("再等", late, StringComparison.Ordinal);
    }

    /// <summary>The waiting room as this person sees it.</summary>
    private static Task<string> Room(Operator browser, Caller person)
    {
        browser.Browser.DefaultRequestHeaders.Authorization = new("Bearer", person.Token);
        return browser.ReadAsync($"/q/{person.Id}/waiting", HttpStatusCode.OK);
    }

    private static async Task<Caller> Waiting(TestSite site) => await (await Caller.PatientAsync(site, "有点干咳", answers: RecheckTests.Mild)).InQueueAsync();
}

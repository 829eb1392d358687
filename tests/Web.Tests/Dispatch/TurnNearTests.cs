using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Whoever holds a date that is due stands before others also where these are told that their turn is near.</summary>
public sealed class TurnNearTests
{
    [Theory, OnBothDatabases]
    public async Task Turn_is_not_near_while_answers_that_are_due_go_first(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        await SurgeScene.SetAsync(site, 2);
        var (dated, last) = (new List<Caller>(), DateTimeOffset.MinValue);
        for (var n = 0; n < 4; n++)
        {
            dated.Add(await SurgeScene.AskAsync(site, DatedAnswerTests.Mild));
            await SurgeScene.OfferedAsync(dated[n], clock);
            last = (await dated[n].AnswerAsync(Promising.WrittenAnswer)).Promise?.By ?? last;
        }

        clock.Advance(last - clock.GetUtcNow());
        using var waits = await SilenceTests.Reachable(site, DatedAnswerTests.Mild);
        clock.Advance(TimeSpan.FromMinutes(3));
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        var given = await doctor.Given(dated[0].Id);
        Assert.Equal(0, await SilenceTests.Told(site, "turn_near"));
        await doctor.Post<ConsultationView>($"{dated[0].Consultation}/advice", new AdviceBody(given.Epoch, Disposition.D3, "看过了", "按说的做", Close: true));
        await doctor.Given(dated[1].Id);
        Assert.Equal(1, await SilenceTests.Told(site, "turn_near"));
        dated.ForEach(p => p.Dispose());
    }
}

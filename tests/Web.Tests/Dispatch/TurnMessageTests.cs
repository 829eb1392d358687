using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>What a message of the turn says where a consultation is at fault.</summary>
public sealed class TurnMessageTests
{
    /// <summary>Whoever has closed the page is told that a doctor is there, with the number that is right anywhere; and the board learns of it.</summary>
    [Theory, OnBothDatabases]
    public async Task Message_of_the_turn_of_one_that_cannot_be_read_goes_out_all_the_same_and_the_operator_is_told(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        using var away = await SilenceTests.Reachable(site);
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(away.Id);
        await UnreadableTests.BreakAsync(site, Log.ContractTests.Id(away), damage: true);
        await SilenceTests.MoveAsync(clock, doctor, TimeSpan.FromSeconds(20));
        Assert.Equal(1, await SilenceTests.Told(site, "turn"));
        Assert.Equal(1, await SilenceTests.Told(site, "turn"));
        Assert.Equal(1, await site.CountAsync("select count(distinct consultation) from journal where kind = 'unreadable'"));
    }
}

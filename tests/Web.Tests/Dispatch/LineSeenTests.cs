using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>Who waits is kept in order from turn to turn.</summary>
public sealed class LineSeenTests
{
    [Theory, OnBothDatabases]
    public async Task Who_stands_with_others_in_one_millisecond_stands_as_in_the_log_and_the_log_is_asked_once(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var (log, chance) = (site.Services.GetRequiredService<ConsultationLog>(), new Random(3));
        var (kept, came) = (HeadsSeenTests.Seen(site, allMs: long.MaxValue), new List<ConsultationId>());
        for (var n = 0; n < 24; n++)
        {
            // Some at once before the first reading, the others one by one; never in the order of their ids.
            var now = clock.GetUtcNow();
            came.Add(new ConsultationId(new Guid(chance.Next(), 0, 0, new byte[8])));
            await log.Decide(came[^1], "system", now, _ => HeadsSeenTests.Queued(new Random(5), now));
            if (n >= 12)
            {
                await kept.Look(now, CancellationToken.None);
                Assert.Equal(came.Select(c => c.Value), kept.Line.Select(h => h.Id));
            }
        }

        // One of them comes back to the same place; and while nothing changes, or somebody comes who stands alone, the facts may be out of reach.
        await log.Decide(came[7], "system", clock.GetUtcNow(), c => c.Hold("patient_silent", clock.GetUtcNow().AddHours(1)));
        await kept.Look(clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(came.Where((_, n) => n != 7).Select(c => c.Value), kept.Line.Select(h => h.Id));
        await log.Decide(came[7], "system", clock.GetUtcNow(), c => c.ComeBack());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var (alone, later) = (new ConsultationId(Guid.CreateVersion7(clock.GetUtcNow())), clock.GetUtcNow());
        await log.Decide(alone, "system", later, _ => HeadsSeenTests.Queued(new Random(5), later));
        await site.RunAsync("alter table fact rename to fact_away");
        await kept.Look(later, CancellationToken.None);
        await site.RunAsync("alter table fact_away rename to fact");
        Assert.Equal(came.Append(alone).Select(c => c.Value), kept.Line.Select(h => h.Id));
        var anew = HeadsSeenTests.Seen(site, allMs: 0);
        await anew.Look(later, CancellationToken.None);
        Assert.Equal(kept.Line.Select(h => h.Id), anew.Line.Select(h => h.Id));
    }
}

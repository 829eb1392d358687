using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>The queue's steps are kept, and only what is new is read: at any moment the same as read from the beginning.</summary>
public sealed class MovesTests
{
    private const int People = 8;
    private const int Turns = 40;

    [Theory, OnBothDatabases]
    public async Task What_was_kept_and_added_to_is_what_a_new_reading_finds_at_any_cut(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var (engine, log, chance) = (site.Services.GetRequiredService<IEngine>(), site.Services.GetRequiredService<ConsultationLog>(), new Random(7));
        var contact = site.Services.GetRequiredService<LightConsultation>().Contact;
        using var kept = new Moves(engine);
        var (people, most) = (new List<ConsultationId>(), 0);
        for (var turn = 0; turn < Turns; turn++)
        {
            if (people.Count < People && chance.Next(3) == 0)
            {
                using var patient = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
                people.Add(new ConsultationId(ContractTests.Id(patient)));
            }

            if (people.Count > 0)
            {
                // A commit carries the time at which it was decided, up to a minute before others see it.
                var (id, then, doctor) = (people[chance.Next(people.Count)], clock.GetUtcNow().AddSeconds(-chance.Next(55)), Guid.CreateVersion7(clock.GetUtcNow()));
                var what = chance.Next(6);
                await log.Decide(id, "test", then, c => what switch
                {
                    0 => c.CloseByPatient("left", contact, then),
                    1 => c.Hold("patient_silent", then.AddHours(1)),
                    2 or 3 => c.HandOver(c.AssignedTo ?? Guid.Empty, "off_duty", null),
                    _ => c.Assign(doctor, "医生", "least_loaded"),
                });
            }

            clock.Advance(TimeSpan.FromSeconds(chance.Next(4) == 0 ? chance.Next(3600) : chance.Next(30)));
            if (chance.Next(2) == 0)
            {
                most = Math.Max(most, await SameAsync(kept, engine, clock.GetUtcNow().Ms()));
            }
        }

        Assert.InRange(await SameAsync(kept, engine, clock.GetUtcNow().Ms()), 1, int.MaxValue);
        Assert.InRange(most, People, int.MaxValue);
    }

    [Theory, OnBothDatabases]
    public async Task What_became_visible_very_late_is_found_when_the_span_moves(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var (engine, log) = (site.Services.GetRequiredService<IEngine>(), site.Services.GetRequiredService<ConsultationLog>());
        using var kept = new Moves(engine);
        using var patient = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        var then = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(5));
        await SameAsync(kept, engine, clock.GetUtcNow().Ms());
        await log.Decide(new ConsultationId(ContractTests.Id(patient)), "test", then, c => c.Assign(Guid.CreateVersion7(then), "医生", "least_loaded"));
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(3, await SameAsync(kept, engine, clock.GetUtcNow().Ms()));
    }

    /// <returns>How many steps.</returns>
    private static async Task<int> SameAsync(Moves kept, IEngine engine, long now)
    {
        while (true)
        {
            // Dispatch goes on meanwhile: what was read anew before and after and is the same is what was there.
            var (before, found, after) = (await AnewAsync(engine, now), InOrder(await kept.SinceAsync(Answering.Begin(now), now, CancellationToken.None)), await AnewAsync(engine, now));
            if (before.SequenceEqual(after))
            {
                Assert.Equal(before, found);
                return found.Count;
            }
        }
    }

    private static async Task<List<Moved>> AnewAsync(IEngine engine, long now)
    {
        using var anew = new Moves(engine);
        return InOrder(await anew.SinceAsync(Answering.Begin(now), now, CancellationToken.None));
    }

    /// <summary>Each one's as they came.</summary>
    private static List<Moved> InOrder(IEnumerable<Moved> steps) => [.. steps.GroupBy(s => s.Consultation).OrderBy(g => g.Key).SelectMany(g => g)];
}

using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Dispatch;

/// <summary>A turn of dispatch reads whose duty has changed since the last. It is what another leader reads anew, and an account that was closed gets nobody for long.</summary>
public sealed class DutySeenTests
{
    private const int Steps = 80;

    [Theory, OnBothDatabases]
    public async Task Kept_from_turn_to_turn_it_is_what_another_leader_reads_anew_whatever_happens_between(DatabaseKind kind)
    {
        var clock = TestClock.InJanuary2020();
        await using var site = await TestSite.StartAsync(kind, clock);
        var duties = site.Services.GetRequiredService<Duties>();
        await using var database = await site.Services.GetRequiredService<IDbContextFactory<Database>>().CreateDbContextAsync();
        var doctors = await database.Set<StaffRow>().Where(s => s.Role == "Physician").Select(s => s.Id).ToListAsync();
        Assert.InRange(doctors.Count, 3, int.MaxValue);
        var (kept, chance, most) = (Seen(site, allMs: long.MaxValue), new Random(11), 0);
        for (var step = 0; step < Steps; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(chance.Next(0, 7)));
            var (now, who) = (clock.GetUtcNow(), doctors[chance.Next(doctors.Count)]);
            await (chance.Next(6) switch
            {
                0 => duties.Change(who, "off", 1, now),
                1 or 2 => duties.Change(who, chance.Next(4) == 0 ? "paused" : "on", chance.Next(1, 4), now),
                3 => duties.Missed(who, 2, now),
                4 => duties.Sign(who, now),
                _ => duties.Assigned(who, now),
            });
            var signs = chance.Next(3) > 0;
            await kept.Look(now, signs, CancellationToken.None);
            var anew = Seen(site, allMs: 0);
            await anew.Look(now, signs: true, CancellationToken.None);
            Assert.Equal(anew.Here.Select(d => Told(d, signs)), kept.Here.Select(d => Told(d, signs)));
            Assert.Equal(anew.Here.Select(d => anew.Who(d.Clinician)?.Id), kept.Here.Select(d => kept.Who(d.Clinician)?.Id));
            most = Math.Max(most, kept.Here.Count);
        }

        Assert.InRange(most, 3, int.MaxValue);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_no_longer_active_is_seen_when_everything_is_read_again_and_that_is_within_five_seconds(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var (now, kept, here) = await OneHereAsync(site);
        Assert.NotNull(kept.Who(here));
        await site.RunAsync("update staff set active = false");
        var began = Stopwatch.GetTimestamp();
        while (kept.Who(here) is not null)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
            await Task.Delay(50);
            await kept.Look(now, signs: false, CancellationToken.None);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Whose_account_has_changed_since_it_was_seen_is_given_nobody_and_everything_is_read_anew(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        var (now, kept, here) = await OneHereAsync(site);
        Assert.True(await kept.AreStill([here, here], CancellationToken.None));
        foreach (var change in new[] { "skills = 'psych'", "role = 'Nurse'", "active = false" })
        {
            await site.RunAsync($"update staff set {change}");
            Assert.False(await kept.AreStill([here], CancellationToken.None));
            await kept.Look(now, signs: false, CancellationToken.None);
        }

        Assert.Null(kept.Who(here));
        Assert.True(await kept.AreStill([], CancellationToken.None));
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_came_on_duty_in_the_same_millisecond_who_came_first_is_chosen_whatever_their_ids(DatabaseKind kind)
    {
        foreach (var (smallerFirst, wasThere) in new[] { (true, true), (true, false), (false, true), (false, false) })
        {
            await using var site = await TestSite.StartAsync(kind, TestClock.InJanuary2020());
            using var one = await Caller.DoctorAsync(site, 1);
            using var two = await Caller.DoctorAsync(site, 2);
            var smaller = await site.CountAsync("select count(*) from staff one, staff two where one.login = 'replay-1' and two.login = 'replay-2' and one.id < two.id") == 1 ? one : two;
            var (first, second) = smallerFirst == (smaller == one) ? (one, two) : (two, one);
            await DutyAsync(first, "off");
            await DutyAsync(second, "off");
            await site.RunAsync(wasThere ? "select 1" : "delete from duty");
            await DutyAsync(first, "on");
            await DutyAsync(second, "on");
            Assert.Equal(1, await site.CountAsync("select count(distinct since) from duty"));
            using var patient = await (await Caller.PatientAsync(site, "发烧两天")).InQueueAsync();
            await first.Given(patient.Id);
        }

        static Task DutyAsync(Caller doctor, string state) => doctor.Post<JsonElement>("/api/v1/duty", new { state, seats = 1 });
    }

    /// <summary>Signs of life are read when somebody looks for who is lost.</summary>
    private static (Guid, string, int, long, long, long) Told(DutyRow row, bool signs) => (row.Clinician, row.State, row.Seats, row.Since, row.LastAssignedAt, signs ? row.LastSignAt : 0);

    /// <summary>A doctor on duty, and the view that has seen them.</summary>
    private static async Task<(DateTimeOffset Now, DutySeen Kept, Guid Here)> OneHereAsync(TestSite site)
    {
        using var doctor = await Caller.DoctorAsync(site);
        var now = site.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var kept = Seen(site, allMs: long.MaxValue);
        await kept.Look(now, signs: true, CancellationToken.None);
        return (now, kept, Assert.Single(kept.Here).Clinician);
    }

    private static DutySeen Seen(TestSite site, long allMs)
    {
        var rules = site.Services.GetRequiredService<DispatchRules>();
        return new DutySeen(
            site.Services.GetRequiredService<IDbContextFactory<Database>>(), site.Services.GetRequiredService<StaffRoster>(), site.Services.GetRequiredService<Shifts>(),
            rules with { Reading = rules.Reading with { Share = 0, AllMs = allMs } });
    }
}

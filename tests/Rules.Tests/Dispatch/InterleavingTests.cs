using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>
/// A pool that was told many things in any order, what came twice and what concerns nobody among them, decides as one that is filled anew from what is so now,
/// says the same reasons, and takes no seat twice: whatever it keeps counted on the way is as if it had counted from the beginning.
/// </summary>
public sealed class InterleavingTests
{
    private const long Begin = 1_580_000_000_000;

    private static readonly DispatchRules Rules = DispatchRules.Parse(Shipped.Read("dispatch.json"));

    private static readonly Gen<(int What, int Which)[]> Steps = Gen.Choose(0, 99).SelectMany(what => Gen.Choose(0, 999), (what, which) => (what, which)).ArrayOf(120);

    [Fact]
    public void A_pool_that_was_told_anything_in_any_order_decides_as_one_filled_anew() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Steps.ToArbitrary(), steps =>
        {
            var day = new Day();
            foreach (var (what, which) in steps)
            {
                day.Step(what, which);
            }
        }));

    private sealed class Day
    {
        private readonly Flow flow = new(Rules);
        private readonly Pool going;
        private readonly SortedDictionary<int, OnDuty> staff = [];
        private readonly SortedDictionary<int, Waiting> room = [];
        private readonly List<(Waiting Who, long At)> calls = [];
        private readonly List<(int Clinician, bool Call)> talks = [];
        private long now = Begin;
        private int came;

        public Day() => going = new Pool(Rules, flow);

        public void Step(int what, int which)
        {
            now += which % 7 == 0 ? 400_000 : 1000;
            switch (what)
            {
                case < 25: On(which % 12, which); break;
                case < 30: Off(which % 12); break;
                case < 60: Come(which); break;
                case < 65: Leave(which); break;
                case < 80: End(which); break;
                default: Decide(); break;
            }
        }

        private void On(int number, int which)
        {
            if (talks.Exists(t => t.Clinician == number))
            {
                // Whoever has somebody comes back as they were.
                if (staff.TryGetValue(number, out var same))
                {
                    going.On(staff[number] = same with { Paused = which % 5 == 0 });
                }

                return;
            }

            string[][] skills = [["general"], ["general", "fever"], ["fever"], ["psych", "general"]];
            var who = new OnDuty(
                Id(number, 2), "", number, [.. skills[which % 4]], which % 3 == 0 ? ["zh", "yue"] : ["zh"], which % 5 == 0 ? ["42"] : ["*"],
                which % 2 == 0 ? ["chat", "phone"] : which % 11 == 0 ? ["chat", "phone", "video"] : ["chat"], 1 + (which % 3), 0, false, which % 9 == 0, now - which, which % 8 == 0 ? 1100 : 350);
            going.On(staff[number] = who);
        }

        private void Off(int number)
        {
            going.Off(Id(number, 2));
            staff.Remove(number);
            talks.RemoveAll(t => t.Clinician == number);
        }

        private void Come(int which)
        {
            var number = came++;
            string[] needs = ["general", "fever", "psych", "obstetrics"];
            var who = new Waiting(
                Id(number, 1), (Urgency)(1 + (which % 5)), now, number, needs[which % 4], which % 6 == 0 ? "yue" : "zh", which % 3 == 0 ? null : which % 2 == 0 ? "42" : "33",
                which % 5 == 0 ? "phone" : which % 17 == 0 ? "video" : "chat", which % 4 == 0 ? Id(which % 12, 2) : null);
            if (who.IsCall)
            {
                calls.Add((who, now));
                flow.Came(who, now);
            }

            going.Arrive(room[number] = who);
            if (which % 10 == 0)
            {
                going.Arrive(who);
            }
        }

        private void Leave(int which)
        {
            going.Leave(Id(which, 1));
            room.Remove(which);
        }

        private void End(int which)
        {
            if (talks.Count > 0)
            {
                var (clinician, _) = talks[which % talks.Count];
                talks.RemoveAt(which % talks.Count);
                going.Ended(Id(clinician, 2));
                var open = talks.Count(t => t.Clinician == clinician);
                staff[clinician] = staff[clinician] with { Taken = open, InCall = open > 0 && staff[clinician].InCall };
            }
        }

        private void Decide()
        {
            var anew = new Pool(Rules, Counted());
            staff.Values.Reverse().ToList().ForEach(anew.On);
            room.Values.Reverse().ToList().ForEach(anew.Arrive);
            var (round, again) = (going.Decide(now, 0), anew.Decide(now, 0));
            Assert.Equal(Says(again), Says(round));
            foreach (var made in round.Assignments)
            {
                var (person, clinician) = (Number(made.Consultation), Number(made.Clinician));
                var (who, by) = (room[person], staff[clinician]);
                Assert.True(!by.Paused && !by.InCall && by.Taken < by.Seats && (!who.IsCall || by.Taken == 0), $"{by} cannot take {who}");
                room.Remove(person);
                talks.Add((clinician, who.IsCall));
                staff[clinician] = by with { Taken = by.Taken + 1, InCall = who.IsCall, LastAssignedAt = now };
            }
        }

        private Flow Counted()
        {
            var counted = new Flow(Rules);
            calls.ForEach(c => counted.Came(c.Who, c.At));
            return counted;
        }

        private static IEnumerable<string> Says(Round round) => round.Assignments.Select(a => $"{a.Consultation} {a.Clinician} {a.Why} {a.Rank} {a.WaitedMs} {a.Eligible} {a.Excluded}");

        private static Guid Id(int number, byte kind) => new(number, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0);

        private static int Number(Guid id) => BitConverter.ToInt32(id.ToByteArray());
    }
}

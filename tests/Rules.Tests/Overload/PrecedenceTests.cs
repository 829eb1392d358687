using Yizhen.Rules.Overload;

namespace Yizhen.Rules.Tests.Overload;

/// <summary>Who is answered before whom, under any order of coming, leaving and waiting.</summary>
public sealed class PrecedenceTests
{
    private const int Processors = 2;
    private const long Ms = 1_000;
    private static readonly OverloadLimits Shipped = OverloadLimits.Parse(Campaigns.Shipped.Read("overload.json"));
    private static readonly Standing[] Classes = [Standing.First, Standing.Begun, Standing.Newcomer];

    [Fact]
    public void Nobody_lower_gets_in_before_nor_keeps_a_place_that_somebody_higher_loses()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var crowd = new Crowd(seed);
            for (var step = 0; step < 400; step++)
            {
                crowd.Step();
            }
        }
    }

    [Fact]
    public void When_the_crowd_has_gone_nobody_queues_and_the_next_gets_in_at_once()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var crowd = new Crowd(seed);
            for (var step = 0; step < 400; step++)
            {
                crowd.Step();
            }

            crowd.GoHome();
            Assert.Equal((0, 0), (crowd.Door.Inside, crowd.Door.Queued));
            foreach (var standing in Classes)
            {
                var one = new Asking(standing);
                crowd.Door.Come(one, crowd.Now);
                Assert.Equal(Whereabouts.Inside, one.Is);
                crowd.Door.Leave(one, crowd.Now);
            }
        }
    }

    [Fact]
    public void A_fifth_of_the_room_stays_free_for_the_first_class()
    {
        var door = new Precedence(Shipped, Processors);
        for (var n = 0; n < 500; n++)
        {
            door.Come(new Asking(n % 2 == 0 ? Standing.Newcomer : Standing.Begun), n);
        }

        Assert.True(door.Inside < door.Number);
        var flag = new Asking(Standing.First);
        door.Come(flag, 500);
        Assert.Equal(Whereabouts.Inside, flag.Is);
    }

    [Fact]
    public void A_slow_line_holds_nobodys_place_for_longer_than_half_a_second()
    {
        var door = new Precedence(Shipped, Processors);
        var slow = Enumerable.Range(0, door.Number).Select(_ => new Asking(Standing.First)).ToList();
        slow.ForEach(one => door.Come(one, 0));
        var next = new Asking(Standing.First);
        door.Come(next, 1);
        Assert.Equal(Whereabouts.Queues, next.Is);
        Assert.Contains(next, door.Advance((Shipped.AtOnce.HeldMs + 1) * Ms));
        Assert.Equal(Whereabouts.Inside, next.Is);
        Assert.All(slow, one => Assert.Equal(Whereabouts.Lent, one.Is));
        slow.ForEach(one => door.Leave(one, 600 * Ms));
        door.Leave(next, 601 * Ms);
        Assert.Equal(0, door.Inside);
    }

    /// <summary>People who come, leave and lose patience by chance, and the laws looked at after each step.</summary>
    private sealed class Crowd(int seed)
    {
        private readonly Random chance = new(seed);
        private readonly List<Asking> all = [];
        private readonly OverloadLimits limits = Shipped with
        {
            First = Shipped.First with { Queue = 5 },
            Begun = Shipped.Begun with { Queue = 4 },
            Newcomers = Shipped.Newcomers with { Queue = 3 },
            AtOnce = Shipped.AtOnce with { Fewest = 1, First = 2, Most = 4, Lent = 3 },
        };

        private Precedence? door;

        public long Now { get; private set; }

        public Precedence Door => door ??= new Precedence(limits, Processors);

        public void Step()
        {
            Now += chance.Next(400) * Ms;
            var before = all.ToDictionary(one => one, one => one.Is);
            switch (chance.Next(5))
            {
                case 0 or 1:
                    var one = new Asking(Classes[chance.Next(3)]);
                    before[one] = Whereabouts.Queues;
                    all.Add(one);
                    Door.Come(one, Now);
                    break;
                case 2:
                    if (all.Count > 0)
                    {
                        Door.Leave(all[chance.Next(all.Count)], Now);
                    }

                    break;
                case 3:
                    Door.Advance(Now);
                    break;
                default:
                    Door.Measured(chance.Next(2) * 50);
                    break;
            }

            Look(before);
            all.RemoveAll(one => one.Is is Whereabouts.Shed or Whereabouts.Gone);
        }

        public void GoHome()
        {
            foreach (var one in all)
            {
                Door.Leave(one, Now);
            }
        }

        private void Look(Dictionary<Asking, Whereabouts> before)
        {
            var queueing = all.Where(a => a.Is == Whereabouts.Queues).ToList();
            foreach (var one in all.Where(a => a.Is == Whereabouts.Inside && before[a] == Whereabouts.Queues))
            {
                Assert.DoesNotContain(queueing, other => other.Standing < one.Standing);
            }

            foreach (var one in all.Where(a => a.Is == Whereabouts.Shed))
            {
                Assert.DoesNotContain(queueing, other => other.Standing > one.Standing);
            }

            Assert.Equal(queueing.Count, Door.Queued);
            Assert.InRange(Door.Queued, 0, limits.First.Queue * Processors);
            Assert.InRange(queueing.Count(a => a.Standing == Standing.Newcomer), 0, limits.Newcomers.Queue * Processors);
            Assert.InRange(Door.Number, limits.AtOnce.Fewest * Processors, limits.AtOnce.Most * Processors);
            Assert.InRange(all.Count(a => a.Is == Whereabouts.Lent), 0, limits.AtOnce.Lent * Processors);
            Assert.Equal(all.Count(a => a.Is == Whereabouts.Inside), Door.Inside);
        }
    }
}

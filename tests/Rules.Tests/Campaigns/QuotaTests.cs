using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Tests.Campaigns;

public sealed class QuotaTests
{
    /// <summary>Whatever comes through the others, in whatever order: each gets its share, and all together no more than the hour.</summary>
    [Fact]
    public void Ten_times_the_share_at_one_entrance_takes_nothing_from_another()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var chance = new Random(seed);
            var (total, shares) = (100, new Dictionary<string, int?> { ["a"] = 40, ["b"] = 30, ["link"] = null });
            var taken = shares.Keys.ToDictionary(k => k, _ => 0);
            var coming = Enumerable.Repeat("a", 400).Concat(Enumerable.Repeat("b", 30)).Concat(Enumerable.Repeat("link", 50)).OrderBy(_ => chance.Next()).ToList();
            foreach (var at in coming)
            {
                List<EntranceUse> uses = [.. shares.Select(s => new EntranceUse(s.Key, s.Value, taken[s.Key]))];
                if (Quota.Admits(at, uses, total))
                {
                    taken[at]++;
                }
            }

            Assert.Equal(30, taken["b"]);
            Assert.InRange(taken["a"], 40, 70);
            Assert.Equal(total, taken.Values.Sum());
        }
    }

    [Theory]
    [InlineData(null, null, 1_000_000, true)]
    [InlineData(10, null, 9, true)]
    [InlineData(10, null, 10, false)]
    [InlineData(10, 100, 10, true)]
    [InlineData(10, 10, 10, false)]
    public void Share_is_taken_first_and_what_no_share_holds_after_it(int? share, int? total, int taken, bool admits) =>
        Assert.Equal(admits, Quota.Admits("a", [new("a", share, taken)], total));

    [Theory]
    [InlineData("https://app.example.cn", true)]
    [InlineData("https://app.example.cn/", false)]
    [InlineData("https://app.example.cn; script-src *", false)]
    [InlineData("http://app.example.cn", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("*", false)]
    public void Place_to_stand_is_an_origin_and_nothing_else(string origin, bool isTaken) =>
        Assert.Equal(isTaken, new EntranceDraft("", "x", EntranceDraft.Embed, "", origin).Wrong(loopback: false).IsEmpty);
}

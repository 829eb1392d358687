using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>A protocol that is changed by a slip of the hand must fail one of the cases worked by hand.</summary>
public sealed class MutationTests
{
    public static IEnumerable<object[]> Names => Packs.Names.Select(n => new object[] { n });

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_taken_out_and_threshold_or_urgency_changed_fail_a_worked_case(string name)
    {
        var slips = Slips.Of(Shipped.Read($"{name}.json")).ToList();

        var survivors = Slips.Survivors(slips, Packs.ByFile[name], Packs.All, Packs.Cases(name), () => { }).Select(s => $"{s.Row}: {s.Says}").ToList();

        Assert.True(survivors.Count == 0, string.Join('\n', survivors));
    }
}

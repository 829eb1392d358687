using System.Globalization;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>
/// Everything that can be sent wrongly, to every endpoint, by its owner and by four who have no business there. Short and always the same in ./test;
/// with YIZHEN_FUZZ_ROUNDS=n, n rounds with other dice and every malice at every place. What was tried stands in artifacts/fuzz-*.md.
/// </summary>
public sealed class FuzzTests
{
    [Theory, OnBothDatabases]
    public async Task Whatever_is_sent_is_answered_in_words_and_loses_nothing(DatabaseKind kind)
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("YIZHEN_FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        for (var round = 0; round <= rounds; round++)
        {
            await RoundAsync(kind, new Random(round), round == 0 ? 2 : 100, round);
        }
    }

    private static async Task RoundAsync(DatabaseKind kind, Random dice, int each, int round)
    {
        await using var scene = await Scene.SetAsync(kind);
        var doors = Doors.Of(scene.Site.Services);
        var before = await scene.ReadBackAsync();
        var attack = new Attack(scene, doors, dice, each);
        var forms = new FormAttack(scene, doors, attack, each);
        await forms.ReadPagesAsync();
        await attack.OnAddressesAsync();
        await attack.OnApiAsync(ends: false);
        await forms.RunAsync(ends: false);

        // The pages once more, with everything that was taken standing in them.
        await forms.ReadPagesAsync();
        await attack.OnApiAsync(ends: true);
        await forms.RunAsync(ends: true);
        attack.Tally.Write($"fuzz-{kind}-{round}".ToLowerInvariant());
        Assert.True(attack.Tally.Wrong.Count == 0, $"{attack.Tally.Wrong.Count} of {attack.Tally.Attempts} answers are wrong:\n{string.Join('\n', attack.Tally.Wrong.Take(60))}");
        Assert.True(!forms.Unseen.Any(), $"No page shows: {string.Join(", ", forms.Unseen)}");
        Assert.All(doors, door => Assert.True(attack.Tally.At(door) >= 5, $"{door} was hardly tried: {attack.Tally.At(door)}"));
        var after = await scene.ReadBackAsync();
        Assert.All(scene.Victims, victim => Assert.Equal(before[victim], after[victim]));
        Assert.True((await scene.Site.LedgerAsync()).Holds);
        Assert.Null((await scene.Site.VerifyAsync()).Broken);
    }
}

namespace Yizhen.Web.Commands.Replay;

/// <summary>What was read back against what was sent. Lost: not there. Doubled: there more often. Misordered: there, elsewhere. Foreign: never sent here.</summary>
internal readonly record struct Comparison(int Lost, int Doubled, int Misordered, int Foreign)
{
    public static Comparison Of(IReadOnlyList<Turn> sent, IReadOnlyList<Turn> found)
    {
        var wanted = Count(sent);
        var there = Count(found);
        var lost = wanted.Sum(w => Math.Max(0, w.Value - there.GetValueOrDefault(w.Key)));
        var doubled = there.Sum(t => wanted.TryGetValue(t.Key, out var n) ? Math.Max(0, t.Value - n) : 0);
        var foreign = there.Where(t => !wanted.ContainsKey(t.Key)).Sum(t => t.Value);
        var misordered = lost + doubled + foreign == 0 ? sent.Zip(found).Count(pair => pair.First != pair.Second) : 0;
        return new Comparison(lost, doubled, misordered, foreign);
    }

    public static Comparison operator +(Comparison a, Comparison b) =>
        new(a.Lost + b.Lost, a.Doubled + b.Doubled, a.Misordered + b.Misordered, a.Foreign + b.Foreign);

    private static Dictionary<Turn, int> Count(IReadOnlyList<Turn> turns) => turns.GroupBy(t => t).ToDictionary(g => g.Key, g => g.Count());
}

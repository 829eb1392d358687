using System.Text;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>What was tried and what came back: the record of a run, and everything that was wrong in it.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, SortedDictionary<int, int>> statuses = new(StringComparer.Ordinal);
    private readonly List<string> wrong = [];

    public IReadOnlyList<string> Wrong => wrong;

    public int Attempts => statuses.Values.Sum(s => s.Values.Sum());

    public int At(Door door) => statuses.GetValueOrDefault(door.ToString())?.Values.Sum() ?? 0;

    public void Add(Door door, Person person, string tried, Reply reply, params ReadOnlySpan<string?> verdicts)
    {
        if (!statuses.TryGetValue(door.ToString(), out var counts))
        {
            statuses[door.ToString()] = counts = [];
        }

        counts[reply.Status] = counts.GetValueOrDefault(reply.Status) + 1;
        foreach (var verdict in verdicts)
        {
            if (verdict is not null)
            {
                wrong.Add($"{door} by {person.Name} with {tried}: {verdict}");
            }
        }
    }

    /// <summary>A line for each endpoint, into the folder that is never committed.</summary>
    public void Write(string name)
    {
        var table = new StringBuilder("| endpoint | attempts | answers |\n|---|---:|---|\n");
        foreach (var (door, counts) in statuses)
        {
            table.Append("| ").Append(door).Append(" | ").Append(counts.Values.Sum()).Append(" | ").AppendJoin(", ", counts.Select(c => $"{c.Key}: {c.Value}")).Append(" |\n");
        }

        table.Append('\n').AppendJoin('\n', wrong);
        Directory.CreateDirectory(Checkout.At("artifacts"));
        File.WriteAllText(Checkout.At("artifacts", $"{name}.md"), table.ToString());
    }
}

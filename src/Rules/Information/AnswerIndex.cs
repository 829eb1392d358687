using System.Collections.Immutable;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Information;

/// <summary>An entry as the search sees it.</summary>
/// <param name="Asked">The question and its variants, in any language.</param>
public sealed record Findable(string Key, ImmutableArray<string> Asked);

/// <param name="Score">0 or more; comparable within one library only.</param>
public sealed record Scored(string Entry, double Score);

/// <param name="Answers">The best first, none below the threshold.</param>
/// <param name="Silent">Nothing here covers it: a person is asked instead.</param>
/// <param name="RedFlags">Dangers that the text names; where there is one, it comes before any answer.</param>
public sealed record Found(ImmutableArray<Scored> Answers, bool Silent, ImmutableArray<Danger> RedFlags);

/// <summary>The library in memory: finds which entries answer a text, in the same order on any database. Made once for each state of the library.</summary>
public sealed class AnswerIndex
{
    private readonly SearchWords words;
    private readonly Lexicon lexicon;
    private readonly AskedText asked;
    private readonly TextFeatures features;
    private readonly ImmutableArray<(string Entry, Dictionary<string, double> Features, double Mass)> variants;
    private readonly Dictionary<string, int[]> holding;
    private readonly Dictionary<string, double> rarity;
    private readonly double unknown;
    private readonly WordFinder outside;
    private readonly WordFinder beside;

    public AnswerIndex(IReadOnlyCollection<Findable> entries, SearchWords words, Pinyin pinyin, Lexicon lexicon)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(words);
        (this.words, this.lexicon, asked) = (words, lexicon, new AskedText(words));
        features = new TextFeatures(words, pinyin, entries.SelectMany(e => e.Asked).SelectMany(a => TextFeatures.Latin(asked.Plain(a))));
        outside = new WordFinder([.. words.Outside.Both.Distinct()]);
        beside = new WordFinder([.. words.Beside.Both.Distinct()]);
        var read = entries.SelectMany(e => e.Asked.Select(a => (e.Key, Features: Whole(a)))).Where(v => v.Features.Count > 0).ToList();
        rarity = read.SelectMany(v => v.Features.Keys.Select(f => (f, v.Key))).Distinct().GroupBy(p => p.f, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => Rare(entries.Count, g.Count()), StringComparer.Ordinal);
        unknown = Rare(entries.Count, 1);
        variants = [.. read.Select(v => (v.Key, v.Features, Mass(v.Features)))];
        holding = variants.SelectMany((v, at) => v.Features.Keys.Select(f => (f, at))).GroupBy(p => p.f, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(p => p.at).ToArray(), StringComparer.Ordinal);
    }

    public Found Ask(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clauses = asked.Of(text);
        var read = clauses.Select(c => (Clause: c, Features: features.Of(c))).ToList();
        var best = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var from = 0; from < read.Count; from++)
        {
            var (merged, length, asks) = (new Dictionary<string, double>(StringComparer.Ordinal), 0, false);
            for (var to = from; to < Math.Min(read.Count, from + words.Window); to++)
            {
                length += read[to].Clause.Text.Length;
                if (to > from && length > words.WindowLength)
                {
                    break;
                }

                asks |= read[to].Clause.Asks;
                Merge(merged, read[to].Features);
                Score(merged, asks ? words.QuestionBoost : 1, best);
            }
        }

        var plain = asked.Plain(text);
        var factor = (read.Any(r => r.Features.ContainsKey(words.Covered)) ? words.CoveredFactor : 1) * (outside.Find(plain).Count > 0 ? words.OutsideFactor : 1)
            * Math.Pow(words.BesideFactor, beside.Find(plain).Select(f => f.Word).Distinct().Count());
        ImmutableArray<Scored> answers = [.. best.Select(b => new Scored(b.Key, Math.Round(b.Value * factor, 4))).Where(s => s.Score >= words.Threshold)
            .OrderByDescending(s => s.Score).ThenBy(s => s.Entry, StringComparer.Ordinal).Take(words.Most)];
        return new Found(answers, answers.IsEmpty, [.. lexicon.Dangers(text)]);
    }

    private void Score(Dictionary<string, double> text, double boost, Dictionary<string, double> best)
    {
        var shared = new Dictionary<int, double>();
        foreach (var (feature, weight) in text)
        {
            foreach (var at in holding.GetValueOrDefault(feature, []))
            {
                shared[at] = shared.GetValueOrDefault(at) + (Math.Min(weight, variants[at].Features[feature]) * rarity[feature]);
            }
        }

        var mass = Math.Pow(Mass(text), words.Power.Text);
        foreach (var (at, both) in shared)
        {
            var score = boost * both / (Math.Pow(variants[at].Mass, words.Power.Entry) * mass);
            if (score > best.GetValueOrDefault(variants[at].Entry))
            {
                best[variants[at].Entry] = score;
            }
        }
    }

    private double Mass(Dictionary<string, double> of) => of.Sum(f => f.Value * rarity.GetValueOrDefault(f.Key, unknown));

    private Dictionary<string, double> Whole(string variant)
    {
        var whole = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var clause in asked.Of(variant))
        {
            Merge(whole, features.Of(clause));
        }

        return whole;
    }

    private static double Rare(int entries, int holding) => Math.Log(1 + ((double)entries / holding));

    private static void Merge(Dictionary<string, double> into, Dictionary<string, double> more)
    {
        foreach (var (feature, weight) in more)
        {
            into[feature] = Math.Max(into.GetValueOrDefault(feature), weight);
        }
    }
}

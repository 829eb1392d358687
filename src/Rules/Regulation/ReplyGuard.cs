using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Regulation;

/// <summary>Words that look like an act which the mode does not allow everybody (notes, part B6).</summary>
/// <param name="Instead">What may be said in its place.</param>
/// <param name="Zh">Regular expressions over the reply, small letters; matched without backtracking.</param>
/// <param name="Unless">A match that lies within one of these, or directly behind one, does not count: "may I have", "not ruled out".</param>
public sealed record GuardRule(string Id, Act Act, PolicyText Instead, ImmutableArray<string> Zh, ImmutableArray<string> En, ImmutableArray<string> Unless);

/// <param name="Quote">The words of the reply that matched.</param>
/// <param name="Articles">Of the policy's act, for example CN-FV-06.</param>
public sealed record GuardFinding(string Rule, Act Act, string Quote, PolicyText What, PolicyText Instead, ImmutableArray<string> Articles);

/// <summary>
/// Reads a reply before it is sent. Whoever is not a physician cannot send what is found; a physician is warned, sees the article and may go on,
/// which is a fact. It reads patterns and understands nothing: silence is no permission.
/// </summary>
public sealed record ReplyGuard(string Id, string Version, string About, ImmutableArray<GuardRule> Rules)
{
    private ImmutableArray<Reader>? readers;

    [JsonIgnore]
    public string Stamp => $"{Id}@{Version}";

    /// <exception cref="FormatException">Not a reply guard: the sentence says what is wrong.</exception>
    public static ReplyGuard Read(string json)
    {
        var guard = PolicyFile.Read<ReplyGuard>(json, g =>
            g.Rules.IsDefaultOrEmpty || !PolicyFile.EachOnce(g.Rules.Select(r => r.Id), g.Rules.Select(r => r.Id).Distinct()) ? "each rule stands in it once."
            : g.Rules.FirstOrDefault(r => r.Instead.IsEmpty || r.Zh.IsDefaultOrEmpty || r.En.IsDefaultOrEmpty || r.Unless.IsDefault) is { } rule ? $"'{rule.Id}' needs patterns and words in both languages."
            : null);
        try
        {
            return guard with { readers = [.. guard.Rules.Select(r => new Reader(r))] };
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"A policy cannot be used: {guard.Stamp} has a pattern that is not one.", wrong);
        }
    }

    /// <summary>What in the reply this person may not say by the policy in force; empty where nothing was found.</summary>
    public IReadOnlyList<GuardFinding> Look(string text, LightConsultation policy, bool physician)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(policy);
        var small = text.ToLowerInvariant();
        return [.. (readers ?? []).Where(r => !policy.Allows(r.Rule.Act, physician)).Select(r => Finding(r, small, policy)).OfType<GuardFinding>()];
    }

    private static GuardFinding? Finding(Reader reader, string small, LightConsultation policy)
    {
        if (reader.Find(small) is not { } quote)
        {
            return null;
        }

        var act = policy.Acts.First(a => a.Act == reader.Rule.Act);
        return new GuardFinding(reader.Rule.Id, act.Act, quote, act.Text, reader.Rule.Instead, act.Articles);
    }

    private sealed class Reader(GuardRule rule)
    {
        private readonly ImmutableArray<Regex> patterns = [.. rule.Zh.Concat(rule.En).Select(Compiled)];
        private readonly ImmutableArray<Regex> unless = [.. rule.Unless.Select(Compiled)];

        public GuardRule Rule => rule;

        public string? Find(string small)
        {
            var spared = unless.SelectMany(u => u.Matches(small)).ToList();
            return patterns.SelectMany(p => p.Matches(small)).FirstOrDefault(m => !spared.Any(s => Overlap(s, m)))?.Value;
        }

        private static bool Overlap(Match spared, Match match) => spared.Index <= match.Index && spared.Index + spared.Length >= match.Index;

        private static Regex Compiled(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}

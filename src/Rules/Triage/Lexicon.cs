using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>Words of danger found in free text. They raise at once; they never decide alone.</summary>
/// <param name="Crisis">A wish to die or to harm: a human at once.</param>
/// <param name="Words">The person's own words.</param>
public sealed record Danger(string Code, bool Crisis, string Words);

/// <summary>A fact that a story seems to hold, with the person's own words, to be confirmed by them.</summary>
/// <param name="Code">An input of a protocol, "symptoms:CODE" for one of several codes, or "days" of illness.</param>
public sealed record Reading(string Code, string Value, string Quote);

/// <summary>Reads stories by the words of <see cref="LexiconFile"/>. Proposes; never decides.</summary>
public sealed class Lexicon
{
    private readonly LexiconFile file;
    private readonly ImmutableArray<(MeasureWords Words, Regex Pattern)> measures;

    private Lexicon(LexiconFile file)
    {
        this.file = file;
        measures = [.. file.Measures.Select(m => (m, m.Compiled()))];
    }

    public string Version => file.Version;

    /// <exception cref="System.Text.Json.JsonException">A member is unknown, or a list is missing.</exception>
    public static Lexicon Parse(string json) => new(LexiconFile.Parse(json));

    /// <summary>Each danger once, in the order of the file: the gravest stands first there.</summary>
    public IReadOnlyList<Danger> Dangers(string text)
    {
        var story = new Story(text, file);
        var found = new List<Danger>();
        foreach (var danger in file.Dangers)
        {
            if (danger.Zh.Concat(danger.En).Select(words => story.Find(words, denied: false, danger.Crisis)).FirstOrDefault(at => at is not null) is { } place)
            {
                found.Add(new Danger(danger.Code, danger.Crisis, story.Quote(place)));
            }
        }

        return found;
    }

    /// <summary>What the text seems to say, for confirmation. A denial is read as a denial, and what is not said is not read.</summary>
    public IReadOnlyList<Reading> Read(string text)
    {
        var story = new Story(text, file);
        var read = measures.Select(m => Measured(m.Words, m.Pattern, story)).OfType<Reading>().ToList();
        foreach (var words in file.Readings)
        {
            var all = words.Zh.Concat(words.En).ToList();
            if (all.Select(word => story.Find(word, denied: false, crisis: false)).FirstOrDefault(at => at is not null) is { } said)
            {
                read.Add(new Reading(words.Code, words.Value, story.Quote(said)));
            }
            else if (words.Negated is { } denied && all.Select(word => story.Find(word, denied: true, crisis: false)).FirstOrDefault(at => at is not null) is { } place)
            {
                read.Add(new Reading(words.Code, denied, story.Quote(place)));
            }
        }

        // Of two lists that say something about the same thing, the first in the file counts.
        return [.. read.DistinctBy(r => r.Code)];
    }

    /// <summary>The gravest of several: "38.5 yesterday, 37.2 today" is asked back as 38.5.</summary>
    private Reading? Measured(MeasureWords words, Regex pattern, Story story) =>
        pattern.Matches(story.Plain)
            .Select(m => (Match: m, Number: Number(m.Groups["whole"].Value, m.Groups["part"].Value)))
            .Where(m => m.Number is not null)
            .Select(m => (m.Match, Value: decimal.Round((m.Number.GetValueOrDefault() - words.Less) * words.Times, words.Decimals)))
            .Where(m => m.Value >= words.Min && m.Value <= words.Max)
            .OrderBy(m => words.Lowest ? m.Value : -m.Value)
            .Select(m => new Reading(words.Code, m.Value.ToString("0.############", CultureInfo.InvariantCulture), story.Quote(Place(m.Match))))
            .FirstOrDefault();

    private static (int Start, int Length) Place(Match match)
    {
        var (whole, part) = (match.Groups["whole"], match.Groups["part"]);
        return (whole.Index, (part.Success ? part.Index + part.Length : whole.Index + whole.Length) - whole.Index);
    }

    private decimal? Number(string whole, string part)
    {
        if (file.Digits.TryGetValue(whole, out var word))
        {
            return word;
        }

        var digits = part.Length == 0 ? whole : $"{whole}.{(file.Digits.TryGetValue(part, out var behind) ? behind.ToString(CultureInfo.InvariantCulture) : part)}";
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

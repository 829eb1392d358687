using System.Collections.Immutable;

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
    internal const string Yes = "yes";
    internal const string No = "no";

    private readonly LexiconFile file;

    // Made when the first story comes: no page before it should wait for that.
    private readonly Lazy<Vocabulary> vocabulary;

    private Lexicon(LexiconFile file)
    {
        this.file = file;
        vocabulary = new(() => new Vocabulary(file));
    }

    public string Version => file.Version;

    /// <exception cref="System.Text.Json.JsonException">A member is unknown, or a list is missing.</exception>
    public static Lexicon Parse(string json) => new(LexiconFile.Parse(json));

    /// <summary>Each danger once, in the order of the file: the gravest stands first there.</summary>
    public IReadOnlyList<Danger> Dangers(string text) => Dangers(new Story(text, vocabulary.Value));

    /// <summary>What the text seems to say, for confirmation. A denial is read as a denial, and what is not said is not read.</summary>
    /// <param name="written">Day on which it was written, from which "since Tuesday" is counted back; null: no such words are read.</param>
    public IReadOnlyList<Reading> Read(string text, DateOnly? written = null) => Read(new Story(text, vocabulary.Value), written);

    /// <summary>What a sign says along with itself: whoever has a dry cough coughs.</summary>
    public IEnumerable<string> SaidAlong(string code) => file.Readings.Where(r => r.Code == code).SelectMany(r => r.Implies ?? []);

    /// <summary>Both in one pass.</summary>
    /// <param name="written">As of <see cref="Read(string, DateOnly?)"/>.</param>
    public (IReadOnlyList<Danger> Dangers, IReadOnlyList<Reading> Readings) Hear(string? text, DateOnly? written)
    {
        if (string.IsNullOrEmpty(text))
        {
            return ([], []);
        }

        var story = new Story(text, vocabulary.Value);
        return (Dangers(story), Read(story, written));
    }

    private List<Danger> Dangers(Story story)
    {
        var found = new List<Danger>();
        for (var entry = 0; entry < file.Dangers.Length; entry++)
        {
            var danger = file.Dangers[entry];
            if (!story.Has(entry))
            {
                continue;
            }

            foreach (var place in story.Of(entry).Where(p => danger.Crisis ? !story.IsDeniedRightBefore(p) : story.SenseOf(p, signs: false) == Sense.Said).Take(1))
            {
                found.Add(new Danger(danger.Code, danger.Crisis, story.Quote(place.Start, place.Length)));
            }
        }

        return found;
    }

    private ImmutableArray<Reading> Read(Story story, DateOnly? written)
    {
        var said = new List<Reading>();
        var (implied, replaced) = (new List<Reading>(), new HashSet<string>(StringComparer.Ordinal));
        for (var at = 0; at < file.Readings.Length; at++)
        {
            var list = file.Readings[at];
            if (!story.Has(file.Dangers.Length + at) || story.Says(vocabulary.Value.Unless(at)) || Said(list, file.Dangers.Length + at, story) is not { } reading)
            {
                continue;
            }

            said.Add(reading);
            if (reading.Code == list.Code && reading.Value == list.Value)
            {
                implied.AddRange((list.Implies ?? []).Select(code => reading with { Code = code, Value = Yes }));
                replaced.UnionWith(list.Replaces ?? []);
            }
        }

        // Of two lists that say something about the same thing, the first in the file counts; a sign that another one implies is never denied.
        // A number that says no ("back for thirty days") takes nothing back that words say.
        var counted = vocabulary.Value.Numbers.Of(story, written).ToLookup(r => r.Value == No);
        return [.. counted[false].Concat(said.Where(r => r.Value == Yes || implied.All(i => i.Code != r.Code))).Concat(implied).Concat(counted[true])
            .DistinctBy(r => r.Code).Where(r => !replaced.Contains(r.Code))];
    }

    private static Reading? Said(ReadingWords words, int entry, Story story)
    {
        (Place? said, Place? denied, Place? past) = (null, null, null);
        foreach (var place in story.Of(entry))
        {
            var sense = story.SenseOf(place, signs: true, words.Counts);
            if (sense is Sense.Said or Sense.Earlier)
            {
                said ??= place;
            }
            else if (sense == Sense.Denied)
            {
                denied ??= place;
            }
            else if (sense == Sense.Past)
            {
                past ??= place;
            }
        }

        return said is { } now && words.Value is { } value ? new Reading(words.Code, value, story.Quote(now.Start, now.Length))
            : denied is { } no && words.Negated is { } negated ? new Reading(words.Code, negated, story.Quote(no.Start, no.Length))
            : past is { } then && words.Past is { } code ? new Reading(code, Yes, story.Quote(then.Start, then.Length))
            : null;
    }
}

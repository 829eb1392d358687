using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>Reads numbers in stories: temperatures, days, ages, in figures and in words.</summary>
internal sealed class StoryNumbers(LexiconFile file, Vocabulary words)
{
    private readonly ImmutableArray<(MeasureWords Words, Lazy<Regex> Pattern, IReadOnlySet<int>? Needs)> measures = [.. file.Measures.Select((m, at) => (m, new Lazy<Regex>(m.Compiled), words.Needs(at)))];

    /// <summary>
    /// The gravest of several: "38.5 yesterday, 37.2 today" is asked back as 38.5. A number of long ago, of somebody else, or one that is
    /// only a limit, is none.
    /// </summary>
    /// <param name="latest">Codes of which the last number counts instead: the fever is over.</param>
    public IEnumerable<Reading> Of(Story story, HashSet<string> latest)
    {
        foreach (var of in measures.Where(m => m.Needs is not { } any || story.Says(any)).SelectMany(m => Found(m.Words, m.Pattern.Value, story)).GroupBy(f => f.Words.Code))
        {
            var first = of.First().Words;
            var now = of.Where(f => f.Words.Value == first.Value && f.Sense != Sense.Earlier).DefaultIfEmpty(of.First());
            var (measure, value, place, _) = latest.Contains(of.Key) ? now.MaxBy(f => f.Place.Start) : first.Lowest ? now.MinBy(f => f.Value) : now.MaxBy(f => f.Value);
            var read = new Reading(of.Key, measure.Value ?? value.ToString("0.############", CultureInfo.InvariantCulture), story.Quote(place.Start, place.Length));
            yield return read;
            if (measure.Implies is { } sign && value >= sign.AtLeast)
            {
                yield return read with { Code = sign.Code, Value = Lexicon.Yes };
            }
        }
    }

    private IEnumerable<(MeasureWords Words, decimal Value, Place Place, Sense Sense)> Found(MeasureWords measure, Regex pattern, Story story) =>
        from match in pattern.Matches(story.Plain)
        let number = Number(match.Groups["whole"].Value, match.Groups["part"].Value)
        where number is not null
        let value = decimal.Round((number.GetValueOrDefault() - measure.Less) * measure.Times, measure.Decimals)
        where value >= measure.Min && value <= measure.Max
        let place = At(match)
        let sense = story.SenseOf(place, signs: true)
        where sense is Sense.Said or Sense.Denied or Sense.Earlier
        select (measure, value, place, sense);

    private static Place At(Match match)
    {
        var (whole, part) = (match.Groups["whole"], match.Groups["part"]);
        var end = part.Success ? part.Index + part.Length : whole.Index + whole.Length;
        return new Place(-1, whole.Index, end, whole.Index, end);
    }

    private decimal? Number(string whole, string part)
    {
        var before = file.Digits.TryGetValue(whole, out var word) ? word.ToString(CultureInfo.InvariantCulture) : whole;
        var behind = file.Digits.TryGetValue(part, out var figure) ? figure.ToString(CultureInfo.InvariantCulture) : part;
        return decimal.TryParse(behind.Length == 0 ? before : $"{before}.{behind}", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Yizhen.Rules.Triage;

/// <summary>Words beside a number, by their numbers in the vocabulary.</summary>
/// <param name="Across">A comma or another sign may stand between a word before and the number.</param>
internal readonly record struct WordsCloseBy(int Reach, FrozenSet<int> Before, FrozenSet<int> After, bool Across);

/// <summary>Reads numbers in stories: temperatures, days, ages, in figures and in words, and the days since a date.</summary>
internal sealed class StoryNumbers
{
    private readonly LexiconFile file;
    private readonly ImmutableArray<(MeasureWords Words, Lazy<Regex> Pattern, ImmutableArray<int>? Needs, WordsCloseBy? Not)> measures;
    private readonly ImmutableArray<(DayPattern Words, Lazy<Regex> Pattern, ImmutableArray<int> Needs)> days;
    private readonly ILookup<string, (DateWords Words, WordsCloseBy? Near, ImmutableArray<int> Stops, WordsCloseBy? Not)> dates;

    /// <param name="numbered">The numbers of some words.</param>
    public StoryNumbers(LexiconFile file, Func<IEnumerable<string>, ImmutableArray<int>> numbered)
    {
        this.file = file;
        WordsCloseBy Close(CloseBy words, bool across = false) => new(words.Reach, numbered(words.Before ?? []).ToFrozenSet(), numbered(words.After ?? []).ToFrozenSet(), across);
        WordsCloseBy? Not(CloseBy? words) => words is null ? null : Close(words, across: true);
        measures = [.. file.Measures.Select(m => (m, Made(m.Pattern), m.Needs is { } any ? numbered(any) : (ImmutableArray<int>?)null, Not(m.Not)))];
        days = [.. file.Calendar.Patterns.Select(p => (p, new Lazy<Regex>(() => new Regex(p.Pattern, RegexOptions.CultureInvariant)), numbered(p.Needs)))];
        dates = file.Dates.SelectMany(d => d.Of.Select(kind => (Kind: kind, Words: (d, d.Near is { } near ? Close(near) : (WordsCloseBy?)null, numbered(d.Unless ?? []), Not(d.Not)))))
            .ToList().ToLookup(d => d.Kind, d => d.Words);
    }

    /// <summary>
    /// The gravest of several, as the pages ask for the highest: "38.5 yesterday, 37.2 today" is asked back as 38.5, also where the fever is said to be over. A number of long ago, of somebody else, or one that is
    /// only a limit, is none.
    /// </summary>
    /// <param name="written">Day on which it was written; null: days that it names are not read.</param>
    public IEnumerable<Reading> Of(Story story, DateOnly? written)
    {
        foreach (var of in measures.Where(m => m.Needs is not { } any || story.Says(any)).SelectMany(m => Measured(m.Words, m.Pattern.Value, m.Not, story)).Concat(Dated(story, written)).GroupBy(f => f.Code))
        {
            var first = of.FirstOrDefault(f => f.As == Lexicon.Yes, of.First());
            var now = of.Where(f => f.As == first.As && f.Sense != Sense.Earlier).DefaultIfEmpty(first);
            var (_, text, value, place, _, measure) = first.Measure?.Lowest == true ? now.MinBy(f => f.Value) : now.MaxBy(f => f.Value);
            var read = new Reading(of.Key, text ?? value.ToString("0.############", CultureInfo.InvariantCulture), story.Quote(place.Start, place.Length));
            yield return read;
            if (measure?.Implies is { } sign && value >= sign.AtLeast)
            {
                yield return read with { Code = sign.Code, Value = Lexicon.Yes };
            }
        }
    }

    private readonly record struct Found(string Code, string? As, decimal Value, Place Place, Sense Sense, MeasureWords? Measure);

    private static Lazy<Regex> Made(string pattern) => new(() => MeasureWords.Compiled(pattern));

    private IEnumerable<Found> Measured(MeasureWords measure, Regex pattern, WordsCloseBy? not, Story story) =>
        from match in pattern.Matches(story.Plain)
        let number = Number(match.Groups["whole"].Value, match.Groups["part"].Value)
        where number is not null
        let value = decimal.Round((number.GetValueOrDefault() - measure.Less) * measure.Times, measure.Decimals)
        where value >= measure.Min && value <= measure.Max
        let place = At(match)
        where story.IsFree(place, measure.NotAfter, measure.NotBefore)
        where not is not { } other || !story.Stands(other, place)
        let sense = story.SenseOf(place, signs: true)
        where sense is Sense.Said or Sense.Denied or Sense.Earlier
        select new Found(measure.Code, measure.Value, value, place, sense, measure);

    private IEnumerable<Found> Dated(Story story, DateOnly? written) =>
        from pattern in days
        where story.Says(pattern.Needs)
        from match in pattern.Pattern.Value.Matches(story.Plain)
        let quoted = At(match)
        where story.IsFree(quoted, pattern.Words.NotAfter, pattern.Words.NotBefore)
        let place = quoted with { End = match.Index + match.Length }
        from date in dates[pattern.Words.Kind]
        where (date.Near is not { } near || story.Stands(near, place)) && !(date.Not is { } not && story.Stands(not, place)) && !story.Says(date.Stops)
        let since = file.Calendar.Since(match, written, date.Words.Max, text => Number(text, ""))
        where since >= date.Words.Min && since <= date.Words.Max
        let sense = story.SenseOf(quoted, signs: true)
        where sense is Sense.Said or Sense.Denied or Sense.Earlier
        select new Found(date.Words.Code, date.Words.Value, since.GetValueOrDefault(), quoted, Sense.Said, null);

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

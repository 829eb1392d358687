using System.Collections.Immutable;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;

namespace Yizhen.Web.Consultations;

/// <summary>A protocol's questions, and what was read from the story, in the reader's language.</summary>
internal static class AskWords
{
    public static Ask Of(Lang t, Question q, SentForm? form, IReadOnlyList<Reading> said)
    {
        var given = form?.All($"a.{q.Code}").ToImmutableArray()
            ?? [.. said.Where(r => r.Value == "yes" && r.Code == $"{q.Code}:{r.Code[(r.Code.IndexOf(':', StringComparison.Ordinal) + 1)..]}").Select(r => r.Code[(q.Code.Length + 1)..])];
        var options = q.Choices.Select(a => new Choice(a.Value, t[a.Says], a.Hint is { } hint ? t[hint] : null)).ToList();
        if (q.Kind == QuestionKind.Number)
        {
            options.Add(new Choice(Question.Unknown, t["说不清，或没量过", "Not known, or not measured"], t["没关系，这也是回答", "That is an answer too"]));
        }

        return new Ask(
            q.Code,
            q.Kind switch { QuestionKind.Choice => AskKind.One, QuestionKind.Codes => AskKind.Many, QuestionKind.Number => AskKind.Number },
            t[q.Ask], q.Hint is { } lead ? t[lead] : null, q.Why is { } reason ? t[reason] : null, Units.Of(t, q.Unit), [.. options], [], given,
            form is not null && form.Has($"n.{q.Code}") ? form[$"n.{q.Code}"] : said.FirstOrDefault(r => r.Code == q.Code && q.Kind == QuestionKind.Number)?.Value,
            null);
    }

    /// <summary>For whoever went on without choosing. Only where "not sure" stands on the page is it offered.</summary>
    public static string Choose(Lang t, Question q) => q.Kind == QuestionKind.Number || q.Choices.Any(c => c.Value == Question.Unknown)
        ? t["请选一项；说不清也可以选", "Choose one; “not sure” is an answer too"]
        : t["请选一项", "Choose one"];

    /// <summary>"376" is asked back as 37.6 where that is plausible, and never taken silently. What is counted has no decimal point to forget.</summary>
    public static string Looks(Lang t, Question q, string typed)
    {
        var meant = q.Unit != Units.Counted && AnswerText.Number(typed) is { } number && q.Max is { } max && number > max && number / 10 <= max && number / 10 >= (q.Min ?? 0)
            ? t[$"是不是 {number / 10:0.#}？", $"Is it {number / 10:0.#}?"]
            : t[$"这里收 {q.Min} 到 {q.Max} 之间的数，请再看一眼。说不清也可以选", $"A number from {q.Min} to {q.Max} is possible here; please look again. “Not known” is an answer too"];
        return t[$"填的是 {typed}。{meant}", $"You entered {typed}. {meant}"];
    }

    public static ReadBackLine? Line(Lang t, ImmutableArray<Question> questions, Reading reading)
    {
        if (Told(questions, reading) is { } told)
        {
            return new ReadBackLine(reading.Code, t[told.Says], t["有", "yes"], reading.Quote);
        }

        var (code, part) = reading.Code.Split(':') is [var whole, var inner] ? (whole, inner) : (reading.Code, null);
        if (questions.FirstOrDefault(q => q.Code == code) is not { } question)
        {
            return null;
        }

        if (part == Question.None && reading.Value == "yes" && question.Choices.FirstOrDefault(a => a.Value == part) is { } nothing)
        {
            return new ReadBackLine(reading.Code, t[question.Ask], t[nothing.Says], reading.Quote);
        }

        var label = part is null ? t[question.Ask] : question.Choices.FirstOrDefault(a => a.Value == part) is { } choice ? t[choice.Says] : null;
        if (label is null)
        {
            return null;
        }

        var value = part is not null ? reading.Value == "yes" ? t["有", "yes"] : t["没有", "no"]
            : question.Choices.FirstOrDefault(a => a.Value == reading.Value) is { } chosen ? t[chosen.Says]
            : $"{reading.Value} {Units.Of(t, question.Unit)}".Trim();
        return new ReadBackLine(reading.Code, label, value, reading.Quote);
    }

    /// <summary>A sign or a condition that was said and that no question offers; what a question offers is asked there.</summary>
    private static (string Input, string Code, Wording Says)? Told(ImmutableArray<Question> questions, Reading reading) =>
        reading.Value == "yes" && !questions.Any(q => q.Choices.Any(c => $"{q.Code}:{c.Value}" == reading.Code))
            ? ToldCodes.All.Select(codes => codes.Of(reading.Code) is { } known ? (codes.Input, known.Code, known.Says) : ((string, string, Wording)?)null).FirstOrDefault(k => k is not null)
            : null;

    /// <summary>What is stored when the person confirms everything: answers to whole questions, and what no question offers.</summary>
    public static IEnumerable<(string Code, string Value)> Whole(IReadOnlyList<Reading> readings, ImmutableArray<Question> questions)
    {
        foreach (var told in readings.Select(r => Told(questions, r)).OfType<(string Input, string Code, Wording)>().GroupBy(t => t.Input, t => t.Code))
        {
            yield return (told.Key, string.Join(Condition.Separator, told.Order(StringComparer.Ordinal)));
        }

        foreach (var reading in readings.Where(r => questions.Any(q => q.Code == r.Code)))
        {
            yield return (reading.Code, reading.Value);
            if (reading.Code == "temperature_c" && questions.Any(q => q.Code == "measured"))
            {
                yield return ("measured", "yes");
            }
        }
    }
}

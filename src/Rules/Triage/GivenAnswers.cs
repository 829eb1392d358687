using System.Globalization;

namespace Yizhen.Rules.Triage;

/// <summary>One answer, taken apart once however many conditions look at it.</summary>
internal sealed class GivenAnswer(string text)
{
    private string[]? codes;
    private (bool Read, decimal? Value) number;

    public string Text => text;

    public bool IsUnknown { get; } = text == Question.Unknown;

    /// <summary>The codes of an answer that may hold several.</summary>
    public string[] Codes => codes ??= text.Split(Condition.Separator);

    /// <summary>"Not sure" is one of them.</summary>
    public bool Doubts => Array.IndexOf(Codes, Question.Unknown) >= 0;

    /// <summary>Null where the answer is no number.</summary>
    public decimal? Number
    {
        get
        {
            if (!number.Read)
            {
                number = (true, decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : null);
            }

            return number.Value;
        }
    }
}

/// <summary>All answers of one judging. For one thread.</summary>
internal sealed class GivenAnswers
{
    /// <summary>What a question offers, and what the person told beside it and confirmed.</summary>
    private static readonly (string Asked, string Told)[] Together = [("symptoms", "signs"), ("comorbidities", "conditions")];

    private readonly Dictionary<string, GivenAnswer> given;

    /// <param name="judged">False while questions are still open: what the story told does not answer a question.</param>
    public GivenAnswers(IReadOnlyDictionary<string, string> answers, bool judged)
    {
        given = new Dictionary<string, GivenAnswer>(answers.Count, StringComparer.Ordinal);
        foreach (var (code, text) in answers)
        {
            given.Add(code, new GivenAnswer(text));
        }

        foreach (var (asked, told) in Together)
        {
            if (given.TryGetValue(told, out var also))
            {
                Join(asked, also, judged);
            }
        }
    }

    /// <summary>"None of these" denies what the question offered, not what the person had told before.</summary>
    private void Join(string code, GivenAnswer also, bool judged)
    {
        if (given.TryGetValue(code, out var asked) && asked.Text != also.Text)
        {
            given[code] = new GivenAnswer(string.Join(Condition.Separator, asked.Codes.Where(c => c != Question.None).Union(also.Codes)));
        }
        else if (asked is null && judged)
        {
            given[code] = also;
        }
    }

    public int Count => given.Count;

    public bool Has(string code) => given.ContainsKey(code);

    public GivenAnswer? Of(string code) => given.GetValueOrDefault(code);
}

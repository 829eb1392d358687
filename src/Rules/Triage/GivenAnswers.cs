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
    private readonly Dictionary<string, GivenAnswer> given;

    public GivenAnswers(IReadOnlyDictionary<string, string> answers)
    {
        given = new Dictionary<string, GivenAnswer>(answers.Count, StringComparer.Ordinal);
        foreach (var (code, text) in answers)
        {
            given.Add(code, new GivenAnswer(text));
        }
    }

    public int Count => given.Count;

    public bool Has(string code) => given.ContainsKey(code);

    public GivenAnswer? Of(string code) => given.GetValueOrDefault(code);
}

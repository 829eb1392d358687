using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>Something in a protocol that its author should look at, as one sentence.</summary>
/// <param name="Row">Id of the row it is about; null where it is about none.</param>
public sealed record Finding(string? Row, string Says);

/// <summary>How far a search goes.</summary>
/// <param name="Draw">Chance: a whole number from 0 to below its argument.</param>
/// <param name="Tries">Answers that are tried where trying all is too much.</param>
/// <param name="Most">Up to how many combinations all are tried.</param>
public sealed record SearchEffort(Func<int, int> Draw, int Tries, int Most);

/// <summary>
/// Reads a protocol beside the others of its folder for what nobody can have meant: rows that never decide or contradict each other, answers
/// that nobody asks for, questions that nobody needs, texts and sources that are not whole.
/// </summary>
/// <param name="folder">All protocols of the folder.</param>
/// <param name="codes">The common list of codes, which cases may bring.</param>
public sealed class ProtocolReview(IReadOnlyCollection<Protocol> folder, IReadOnlySet<string> codes, SearchEffort effort)
{
    /// <param name="cases">Worked by hand: a row that decides one of them needs no search.</param>
    public IReadOnlyList<Finding> Of(Protocol protocol, IReadOnlyCollection<WorkedCase> cases)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        if (protocol.Faults() is { Count: > 0 } faults)
        {
            // Rows that are not whole cannot be judged by.
            return [.. faults.Select(f => new Finding(null, Sentence(f)))];
        }

        var beside = folder.Where(p => p.From <= (protocol.To ?? DateOnly.MaxValue) && protocol.From <= (p.To ?? DateOnly.MaxValue)).Append(protocol).Distinct().ToList();
        var questions = beside.SelectMany(p => p.Questions).DistinctBy(q => q.Code).ToDictionary(q => q.Code, StringComparer.Ordinal);
        var brought = beside.SelectMany(p => p.Inputs ?? []).DistinctBy(i => i.Code).ToDictionary(i => i.Code, StringComparer.Ordinal);
        var same = SameCondition(protocol).ToList();
        return
        [
            .. protocol.Rows.SelectMany(r => NeverAsked(r, questions, brought)),
            .. protocol.Rows.SelectMany(r => NotOffered(r, questions, brought)),
            .. NeverUsed(protocol, beside),
            .. same,
            .. new RowReach(folder, effort).Of(protocol, cases, [.. same.Select(f => f.Row).OfType<string>()]),
        ];
    }

    private static IEnumerable<Finding> NeverAsked(Row row, Dictionary<string, Question> questions, Dictionary<string, Input> brought) =>
        (row.When?.Inputs() ?? []).Distinct().Where(input => !questions.ContainsKey(input) && !brought.ContainsKey(input))
            .Select(input => new Finding(row.Id, $"Row {row.Id} looks at {input}, which no question asks and inputs does not name."));

    private IEnumerable<Finding> NotOffered(Row row, Dictionary<string, Question> questions, Dictionary<string, Input> brought) =>
        from test in row.When is { } when ? Cells.Tests(when) : []
        where test.Input is not null
        let input = test.Input
        let offered = questions.TryGetValue(input, out var question) ? question.Kind switch
        {
            QuestionKind.Choice => question.Choices.Select(c => c.Value),
            QuestionKind.Codes => question.Choices.Select(c => c.Value).Concat(codes),
            QuestionKind.Number => [],
        }
        : brought.TryGetValue(input, out var outside) ? outside.Choices?.Select(c => c.Value) ?? codes
        : null
        where offered is not null
        from value in new[] { test.Is, test.Includes }.OfType<string>().Concat(test.In ?? []).Concat(test.IncludesAny ?? []).Except([Question.Unknown, Question.None]).Except(offered)
        select new Finding(row.Id, $"Row {row.Id} looks for {value} among the answers to {input}, where nobody can say it.");

    private static IEnumerable<Finding> NeverUsed(Protocol protocol, IReadOnlyCollection<Protocol> beside)
    {
        var used = beside.SelectMany(p => p.Rows.Select(r => r.When).Append(p.Covers).Concat(p.Questions.Select(q => q.AskedWhen)))
            .OfType<Condition>().SelectMany(c => c.Inputs()).ToHashSet(StringComparer.Ordinal);
        return protocol.Questions.Where(q => !q.ForClinician).Select(q => q.Code).Where(code => !used.Contains(code))
            .Select(code => new Finding(null, $"The question {code} is asked and no row uses it: leave it out, or mark it for_clinician."))
            .Concat((protocol.Inputs ?? []).Select(i => i.Code).Where(code => !used.Contains(code)).Select(code => new Finding(null, $"The input {code} is named and no row uses it.")));
    }

    /// <summary>The more acute of two such rows decides always.</summary>
    private static IEnumerable<Finding> SameCondition(Protocol protocol) =>
        from rows in protocol.Rows.Where(r => r.When is not null).GroupBy(r => Spelt(r.When), StringComparer.Ordinal)
        from other in rows.Skip(1)
        let row = rows.First()
        where (row.Disposition, row.Urgency, row.Need) != (other.Disposition, other.Urgency, other.Need)
        select new Finding(other.Id, $"Rows {row.Id} and {other.Id} have the same condition and say different things: {Outcome(row)}, and {Outcome(other)}.");

    internal static string Outcome(Row row) => $"{row.Disposition} with urgency {row.Urgency:D} for {row.Need}";

    /// <summary>The same for conditions that differ in order only.</summary>
    private static string Spelt(Condition? c) => c switch
    {
        null => "",
        { All: { } all } => $"all({Spelt(all)})",
        { Any: { } any } => $"any({Spelt(any)})",
        { None: { } none } => $"none({Spelt(none)})",
        _ => $"{c.Input}{Listed(c.Sum)} {c.Is} {Listed(c.In)} {c.Includes} {Listed(c.IncludesAny)} {c.AtLeast}>= {c.AtMost}<= {c.Below}< {c.Above}> {c.Stated}",
    };

    private static string Spelt(ImmutableArray<Condition> parts) => string.Join(';', parts.Select(p => Spelt(p)).Distinct().Order(StringComparer.Ordinal));

    private static string Listed(ImmutableArray<string>? values) => string.Join(',', (values ?? []).Order(StringComparer.Ordinal));

    private static string Sentence(string fault) => $"{char.ToUpperInvariant(fault[0])}{fault[1..]}.";
}

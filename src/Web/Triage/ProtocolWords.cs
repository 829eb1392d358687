using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Triage;

/// <summary>Conditions as a clinician reads them: the questions' own words, the codes' own words, and the protocol's names for what rows share.</summary>
public sealed class ProtocolWords(Lang t, Protocol protocol, IEnumerable<Protocol> beside)
{
    private static readonly Dictionary<string, Wording> Codes = Read();

    /// <summary>What cases may bring, by the common list.</summary>
    public static IReadOnlySet<string> CommonCodes { get; } = Codes.Keys.ToHashSet(StringComparer.Ordinal);

    private readonly Dictionary<string, Input> inputs = (protocol.Inputs ?? []).Concat(beside.SelectMany(p => p.Inputs ?? [])).DistinctBy(i => i.Code).ToDictionary(i => i.Code, StringComparer.Ordinal);

    private readonly Dictionary<string, Question> questions = protocol.Questions.Concat(beside.SelectMany(p => p.Questions)).DistinctBy(q => q.Code).ToDictionary(q => q.Code, StringComparer.Ordinal);

    public string Of(Condition? condition) => condition is null ? t["别的行都不适用", "no other row applies"] : Part(condition, whole: true);

    /// <summary>A shared name, as it stands in rows.</summary>
    public string Called(string term)
    {
        var called = protocol.Names?.GetValueOrDefault(term) is { } name ? t[name] : term;
        return t[$"〔{called}〕", $"[{called}]"];
    }

    /// <summary>What a shared name stands for.</summary>
    public string Meaning(string term) => protocol.Terms?.GetValueOrDefault(term) is { } stands ? Part(stands with { Term = null }, whole: true) : "";

    public static string Urgency(Lang t, Urgency urgency) => urgency switch
    {
        Rules.Triage.Urgency.Emergency => t["1 危急", "1 Emergency"],
        Rules.Triage.Urgency.Urgent => t["2 紧急", "2 Urgent"],
        Rules.Triage.Urgency.Soon => t["3 尽快", "3 Soon"],
        Rules.Triage.Urgency.Routine => t["4 一般", "4 Routine"],
        Rules.Triage.Urgency.Question => t["5 咨询", "5 Question"],
    };

    private string Part(Condition condition, bool whole) => condition switch
    {
        { Term: { } term } => Called(term),
        { All: { } all } => Joined(all, t["，并且", ", and "], whole),
        { Any: { } any } => Joined(any, t["，或", ", or "], whole),
        { None: { } none } => t["没有：", "none of: "] + Joined(none, t["，或", ", or "], whole: false),
        _ => Test(condition),
    };

    private string Joined(ImmutableArray<Condition> parts, string with, bool whole)
    {
        var words = string.Join(with, parts.Select(p => Part(p, whole: false)));
        return whole || parts.Length == 1 ? words : t[$"（{words}）", $"({words})"];
    }

    private string Test(Condition c)
    {
        var input = c.Input ?? "";
        var name = c.Sum is { } items ? t[$"{items.Length} 题的分数相加（从“{Name(items[0])}”起）", $"the points of {items.Length} questions together (from “{Name(items[0])}” on)"] : Name(input);
        var colon = t["：", ": "];
        return c switch
        {
            { Is: { } value } => $"{name} = {Says(input, value)}",
            { In: { } values } => $"{name} = {string.Join(" / ", values.Select(v => Says(input, v)))}",
            { Includes: { } value } => $"{name}{colon}{Says(input, value)}",
            { IncludesAny: { } values } => $"{name}{colon}{string.Join(" / ", values.Select(v => Says(input, v)))}",
            { AtLeast: { } from, AtMost: { } to } => $"{name} {from}–{to}",
            { AtLeast: { } from, Below: { } below } => $"{name} ≥ {from}, < {below}",
            { AtLeast: { } from } => $"{name} ≥ {from}",
            { AtMost: { } to } => $"{name} ≤ {to}",
            { Below: { } below } => $"{name} < {below}",
            { Above: { } above } => $"{name} > {above}",
            { Stated: { } stated } => t[$"{name}{(stated ? "说了" : "没说")}", $"{name} {(stated ? "stated" : "not stated")}"],
            _ => name,
        };
    }

    private string Says(string input, string value) =>
        (questions.GetValueOrDefault(input)?.Choices ?? inputs.GetValueOrDefault(input)?.Choices)?.FirstOrDefault(c => c.Value == value) is { } choice ? t[choice.Says]
        : Codes.TryGetValue(value, out var words) ? t[words]
        : value switch
        {
            Question.Unknown => t["说不清", "not sure"],
            Question.None => t["都没有", "none of these"],
            _ => value,
        };

    private string Name(string code) =>
        questions.GetValueOrDefault(code) is { } question ? t[question.Ask] : inputs.GetValueOrDefault(code) is { } input ? t[input.Says] : code;

    private static Dictionary<string, Wording> Read()
    {
        using var file = JsonDocument.Parse(Policies.Text("symptom-codes.json"));
        return file.RootElement.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(kind => kind.Value.EnumerateObject())
            .GroupBy(c => c.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new Wording(g.First().Value.GetProperty("zh").ToString(), g.First().Value.GetProperty("en").ToString()), StringComparer.Ordinal);
    }
}

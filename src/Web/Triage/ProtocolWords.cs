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

    private readonly Dictionary<string, Question> questions = protocol.Questions.Concat(beside.SelectMany(p => p.Questions)).DistinctBy(q => q.Code).ToDictionary(q => q.Code, StringComparer.Ordinal);

    public string Of(Condition? condition) => condition is null ? t["别的行都不适用", "no other row applies"] : Part(condition, whole: true);

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
        { Term: { } term } => $"〔{term}〕",
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
        var name = c.Sum is { } items ? string.Join(" + ", items) : questions.GetValueOrDefault(input) is { } question ? t[question.Ask] : Input(input);
        return c switch
        {
            { Is: { } value } => $"{name} = {Says(input, value)}",
            { In: { } values } => $"{name} = {string.Join(" / ", values.Select(v => Says(input, v)))}",
            { Includes: { } value } => $"{name}：{Says(input, value)}",
            { IncludesAny: { } values } => $"{name}：{string.Join(" / ", values.Select(v => Says(input, v)))}",
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
        questions.GetValueOrDefault(input)?.Choices.FirstOrDefault(c => c.Value == value) is { } choice ? t[choice.Says]
        : Codes.TryGetValue(value, out var words) ? t[words]
        : value;

    private string Input(string code) => code switch
    {
        "signs" => t["所述症状", "signs told"],
        "absent" => t["否认", "denied"],
        "danger" => t["话里的危险信号", "danger words"],
        "days_since_onset" => t["病了几天", "days since onset"],
        "respiratory_rate" => t["每分钟呼吸", "breaths a minute"],
        "heart_rate" => t["每分钟心跳", "heartbeats a minute"],
        "systolic" => t["收缩压", "systolic pressure"],
        "consciousness" => t["意识", "consciousness"],
        "implausible" => t["不可能的数", "a number that cannot be"],
        "anxiety_dominant" => t["以害怕为主", "fear leads"],
        _ => code,
    };

    private static Dictionary<string, Wording> Read()
    {
        using var file = JsonDocument.Parse(Policies.Text("symptom-codes.json"));
        return file.RootElement.EnumerateObject().Where(kind => kind.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(kind => kind.Value.EnumerateObject())
            .GroupBy(c => c.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => new Wording(g.First().Value.GetProperty("zh").ToString(), g.First().Value.GetProperty("en").ToString()), StringComparer.Ordinal);
    }
}

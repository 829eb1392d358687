using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Tests.Triage;

internal sealed record Place(string Region, DateOnly Day);

/// <summary>The protocols that ship, and persons whose answers differ in what a test names.</summary>
internal static class Packs
{
    public static readonly DateOnly Day = new(2020, 1, 26);

    public const string Wuhan = "420102";
    public const string Hangzhou = "330100";

    public static readonly string[] Names = ["RF-ADULT", "RF-CHILD", "RF-PREG", "PSY-SCREEN", "RESP-CN", "RESP-CN-2", "RESP-CN-3", "RESP-CN-WUHAN", "RESP-CN-WUHAN-2", "RESP-CN-WUHAN-3"];

    public static readonly ImmutableDictionary<string, Protocol> ByFile = Names.ToImmutableDictionary(n => n, n => Protocol.Parse(Shipped.Read($"{n}.json")));

    /// <summary>What a story may tell beside the questions.</summary>
    public static readonly HashSet<string> ToldCodes = [.. Codes("symptoms"), .. Codes("conditions")];

    public static readonly ImmutableArray<Protocol> All = [.. Names.Select(n => ByFile[n])];

    public static readonly ProtocolShelf Shelf = new(All);

    public static readonly Lexicon Lexicon = Lexicon.Parse(Shipped.Read("lexicon.json"));

    public static ImmutableArray<WorkedCase> Cases(string name) => WorkedCase.Parse(Shipped.Read($"{name}.cases.json"));

    /// <summary>A man of 34 with a cough, 37.6, breathing freely, without illness or contact; changed as named.</summary>
    public static ImmutableDictionary<string, string> Person(params (string Code, string Value)[] changed) =>
        new Dictionary<string, string>
        {
            ["red_flags"] = "none",
            ["complaint"] = "fever_or_breathing",
            ["age"] = "34",
            ["sex"] = "male",
            ["measured"] = "yes",
            ["temperature_c"] = "37.6",
            ["temperature_site"] = "axilla",
            ["symptoms"] = "cough",
            ["breathless"] = "none",
            ["spo2"] = "unknown",
            ["comorbidities"] = "none",
            ["exposure"] = "none",
            ["household_ill"] = "no",
            ["infection"] = "no",
        }.ToImmutableDictionary().SetItems(changed.Select(c => KeyValuePair.Create(c.Code, c.Value)));

    public static Outcome Judge(ImmutableDictionary<string, string> answers, Place place) => Shelf.Judge(answers, place.Day, place.Region);

    public static Outcome Judge(ImmutableDictionary<string, string> answers, string? region = Hangzhou) => Shelf.Judge(answers, Day, region);

    /// <summary>A form's answers, by the questions of a day.</summary>
    public static Decision<ImmutableDictionary<string, string>> Read(DateOnly day, string? region, IReadOnlyDictionary<string, string> stated) =>
        AnswerText.ReadAll(Shelf.InForce(day, region).SelectMany(p => p.Questions).DistinctBy(q => q.Code), stated);

    /// <summary>Codes of the common list.</summary>
    public static string[] Codes(string kind)
    {
        using var codes = JsonDocument.Parse(Shipped.Read("symptom-codes.json"));
        return [.. codes.RootElement.GetProperty(kind).EnumerateObject().Select(c => c.Name)];
    }
}

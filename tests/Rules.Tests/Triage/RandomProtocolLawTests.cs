using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Triage;
using Outcome = Yizhen.Rules.Triage.Outcome;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>
/// The laws of triage over protocols that nobody wrote: they are of the engine, whatever a clinician puts into a file. Rows that send somebody ask for signs alone;
/// rows that keep somebody at home ask that there are none. LawTests holds the same laws over the shipped ones; L6 is SourceTests, L7 SettingUrgencyTests.
/// </summary>
public sealed class RandomProtocolLawTests
{
    private const int Tries = 1000;

    private static readonly DateOnly Day = new(2020, 1, 26);
    private static readonly string[] Dangers = ["bleeding", "choking", "fainting"];
    private static readonly string[] Breaths = ["free", "short", "gasping"];
    private static readonly (string Disposition, string Urgency)[] Sends = [("d0", "emergency"), ("d1", "urgent"), ("d2", "soon"), ("d3", "soon"), ("d3", "routine"), ("d7", "routine")];

    private static readonly Gen<(Protocol Pack, ImmutableDictionary<string, string> Said, Random Chance)> Drawn =
        Gen.Choose(1, int.MaxValue - 1).Select(seed =>
        {
            var chance = new Random(seed);
            return (Pack(chance), Answers(chance), chance);
        });

    [Fact]
    public void L1_outside_its_days_a_protocol_judges_nobody() =>
        Law(x =>
        {
            var (first, after) = (x.Pack with { From = Day, To = Day }, new[] { Day.AddDays(-1), Day.AddDays(1) });
            var shelf = new ProtocolShelf([first]);
            return after.All(day => shelf.Judge(x.Said, day, null) is { JudgedBy.IsEmpty: true, Disposition: Disposition.D3 }) && shelf.Judge(x.Said, Day, null).JudgedBy.Contains(first.Pin);
        });

    [Fact]
    public void L2_a_worse_answer_never_lowers() =>
        Law(x =>
        {
            var shelf = new ProtocolShelf([x.Pack]);
            return Worse(x.Said, x.Chance).All(worse => ProtocolShelf.Acuity(shelf.Judge(worse, Day, null).Disposition) <= ProtocolShelf.Acuity(shelf.Judge(x.Said, Day, null).Disposition));
        });

    [Fact]
    public void L3_unknown_keeps_nobody_home_whom_some_answer_would_have_sent_to_somebody() =>
        Law(x =>
        {
            var shelf = new ProtocolShelf([x.Pack]);
            return x.Pack.Questions.All(question =>
                !KeptHome(shelf, x.Said.SetItem(question.Code, Question.Unknown)) || Values(question, x.Chance).All(value => KeptHome(shelf, x.Said.SetItem(question.Code, value))));
        });

    [Fact]
    public void L4_outcome_names_row_source_and_reason_in_both_languages() =>
        Law(x =>
        {
            var outcome = new ProtocolShelf([x.Pack]).Judge(x.Said, Day, null);
            return x.Pack.Rows.Any(r => r.Id == outcome.Row) && outcome.Sources.Length > 0 && outcome.DecidedBy == x.Pack.Pin
                && new[] { outcome.Reason, outcome.Headline }.All(w => w.Zh.Length > 0 && w.En.Length > 0);
        });

    [Fact]
    public void L5_same_version_gives_the_same_outcome_by_its_pins() =>
        Law(x =>
        {
            var later = x.Pack with { Version = "2", From = Day.AddDays(1), Rows = [.. x.Pack.Rows.Where(r => r.When is null)] };
            var (then, since) = (new ProtocolShelf([x.Pack]), new ProtocolShelf([later, x.Pack]));
            var said = then.Judge(x.Said, Day, null);
            return Same(said, since.Judge(x.Said, Day, null)) && Same(said, since.Judge(since.Pinned(said.JudgedBy, null).Packs, x.Said, askable: true));
        });

    [Fact]
    public void L8_number_that_cannot_be_is_refused_and_one_that_can_is_read() =>
        Law(x =>
        {
            var heat = x.Pack.Questions.Single(q => q.Code == "heat");
            var (low, high) = (heat.Min.GetValueOrDefault(), heat.Max.GetValueOrDefault());
            return Reads(low) && Reads(high) && !Reads(low - 0.1m) && !Reads(high + 0.1m);

            bool Reads(decimal number) => AnswerText.Read(heat, number.ToString(CultureInfo.InvariantCulture)).Is(out _, out var why) || (why == Refusal.AnswerImplausible ? false : throw new InvalidOperationException($"{number}: {why}"));
        });

    private static bool KeptHome(ProtocolShelf shelf, ImmutableDictionary<string, string> said) => shelf.Judge(said, Day, null).Disposition is Disposition.D4 or Disposition.D5;

    private static bool Same(Outcome one, Outcome other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    private static Protocol Pack(Random chance) => Protocol.Parse(Small.With(pack =>
    {
        var questions = pack["questions"]!.AsArray();
        questions[0]!["choices"] = new JsonArray([.. Dangers.Append("none").Select(Choice)]);
        questions[1]!["min"] = 30 + chance.Next(5);
        questions[1]!["max"] = 42 + chance.Next(5);
        questions[2]!["choices"] = new JsonArray([.. Breaths.Select(Choice)]);
        var rows = pack["rows"]!.AsArray();
        var named = rows.Where(r => r!["when"] is null).ToList();
        rows.Clear();
        for (var at = 0; at < 1 + chance.Next(6); at++)
        {
            var (disposition, urgency) = Sends[chance.Next(Sends.Length)];
            rows.Add(Small.Row($"S{at}", All(chance, [.. Enumerable.Range(0, 1 + chance.Next(3)).Select(_ => Sign(chance))]), disposition, urgency));
        }

        rows.Add(Small.Row("M", All(chance, """{ "input": "danger_sign", "is": "none" }""", $$"""{ "input": "heat", "below": {{37 + chance.Next(3)}} }""", """{ "input": "breath", "is": "free" }"""), chance.Next(2) == 0 ? "d4" : "d5", "question"));
        foreach (var row in named)
        {
            rows.Add(row);
        }
    }));

    private static string Sign(Random chance) => chance.Next(4) switch
    {
        0 => $$"""{ "input": "danger_sign", "includes": "{{Dangers[chance.Next(Dangers.Length)]}}" }""",
        1 => $$"""{ "input": "heat", "at_least": {{36 + chance.Next(5)}} }""",
        2 => """{ "input": "breath", "in": ["short", "gasping"] }""",
        _ => """{ "any": [ { "input": "breath", "is": "gasping" }, { "input": "heat", "above": 38.5 } ] }""",
    };

    private static string All(Random chance, params string[] parts) => parts is [var only] && chance.Next(2) == 0 ? only : $$"""{ "all": [ {{string.Join(", ", parts)}} ] }""";

    private static JsonNode Choice(string value) => new JsonObject { ["value"] = value, ["says"] = new JsonObject { ["zh"] = value, ["en"] = value } };

    private static ImmutableDictionary<string, string> Answers(Random chance)
    {
        var said = ImmutableDictionary.CreateBuilder<string, string>();
        Say("danger_sign", chance.Next(2) == 0 ? "none" : Dangers[chance.Next(Dangers.Length)]);
        Say("heat", (36 + (chance.Next(60) / 10m)).ToString(CultureInfo.InvariantCulture));
        Say("breath", Breaths[chance.Next(Breaths.Length)]);
        return said.ToImmutable();

        void Say(string code, string value)
        {
            if (chance.Next(8) != 0)
            {
                said[code] = chance.Next(8) == 0 ? Question.Unknown : value;
            }
        }
    }

    private static IEnumerable<string> Values(Question question, Random chance) =>
        question.Kind == QuestionKind.Number ? Enumerable.Range(0, 10).Select(_ => (36 + (chance.Next(60) / 10m)).ToString(CultureInfo.InvariantCulture)) : question.Choices.Select(c => c.Value);

    /// <summary>Of what is known, one answer worse each.</summary>
    private static IEnumerable<ImmutableDictionary<string, string>> Worse(ImmutableDictionary<string, string> said, Random chance)
    {
        if (said.GetValueOrDefault("heat") is { } heat && decimal.TryParse(heat, CultureInfo.InvariantCulture, out var degrees))
        {
            yield return said.SetItem("heat", (degrees + (chance.Next(20) / 10m)).ToString(CultureInfo.InvariantCulture));
        }

        if (said.GetValueOrDefault("breath") is { } breath && Array.IndexOf(Breaths, breath) is >= 0 and var at && at < Breaths.Length - 1)
        {
            yield return said.SetItem("breath", Breaths[at + 1]);
        }

        if (said.GetValueOrDefault("danger_sign") is { } danger && danger != Question.Unknown)
        {
            var more = Dangers[chance.Next(Dangers.Length)];
            yield return said.SetItem("danger_sign", danger == Question.None || danger == more ? more : string.Join('|', new[] { danger, more }.Order(StringComparer.Ordinal)));
        }
    }

    private static void Law(Func<(Protocol Pack, ImmutableDictionary<string, string> Said, Random Chance), bool> holds) =>
        Prop.ForAll(Drawn.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(Tries));
}

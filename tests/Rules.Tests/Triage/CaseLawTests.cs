using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;
using Outcome = Yizhen.Rules.Triage.Outcome;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>The laws over cases that cannot be asked back, drawn from every code that such a case may bring.</summary>
public sealed class CaseLawTests
{
    /// <summary>The law's exceptions, each with its reason: clearing one up may calm.</summary>
    private static readonly string[] NoSigns = Marked("no_sign");

    private const string Nobody = "A0";

    private static readonly DateOnly[] Days = [Packs.Day, new(2020, 2, 3), new(2020, 2, 6), new(2020, 3, 1), new(2020, 6, 15)];

    private static readonly string[] Signs = Packs.Codes("symptoms");

    private static readonly string[] Conditions = Packs.Codes("conditions");

    private static readonly Gen<Place> Where = from day in Gen.Elements(Days) from region in Gen.Elements(Packs.Wuhan, Packs.Hangzhou) select new Place(region, day);

    private static readonly Gen<CaseFacts> Cases =
        from signs in Some(Signs)
        from conditions in Some(Conditions)
        from age in Gen.Elements<decimal?>(null, 0.1m, 0.5m, 3, 9, 34, 66)
        from temperature in Gen.Elements<decimal?>(null, 36.5m, 37.3m, 38.1m, 39.5m)
        from days in Gen.Elements<decimal?>(null, 2, 12)
        from spo2 in Gen.Elements<decimal?>(null, 93, 94, 99)
        from contact in Gen.Elements(null, "contact_confirmed_case", "wuhan_or_hubei_travel", "none")
        from pregnant in Gen.Elements<bool?>(null, false, true)
        from fear in Gen.Elements<bool?>(null, true)
        select CaseFacts.None with
        {
            Age = age,
            TemperatureC = temperature,
            DaysSinceOnset = days,
            Spo2 = spo2,
            Pregnant = pregnant,
            AnxietyDominant = fear,
            Symptoms = signs,
            Comorbidities = conditions,
            Exposure = contact is null ? null : ImmutableSortedDictionary<string, bool?>.Empty.Add(contact, true),
        };

    [Fact]
    public void L2_another_sign_never_lowers() =>
        Law(
            from facts in Cases
            where facts.Symptoms is { IsEmpty: false } signs && signs.Except(NoSigns).Any()
            from more in Gen.Elements(Signs.Except(NoSigns).ToArray())
            from place in Where
            select (facts, facts with { Symptoms = facts.Symptoms!.Value.Add(more) }, place));

    /// <summary>Not drawn: every sign that rows can tell from others, alone, in company of every other, and under what changes most.</summary>
    [Theory]
    [InlineData("2020-01-26", Packs.Hangzhou)]
    [InlineData("2020-01-26", Packs.Wuhan)]
    [InlineData("2020-03-01", Packs.Hangzhou)]
    [InlineData("2020-06-15", Packs.Hangzhou)]
    public void L2_holds_between_each_two_signs(string day, string region)
    {
        var place = new Place(region, DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var packs = Packs.Shelf.InForce(place.Day, place.Region);
        var tests = packs.SelectMany(p => p.Rows.Select(r => r.When).Append(p.Covers)).OfType<Condition>().SelectMany(Tests).ToList();
        var apart = Signs.Except(NoSigns).GroupBy(code => string.Concat(tests.Select(t => t.Includes == code || t.IncludesAny?.Contains(code) == true ? '1' : '0'))).Select(same => same.First()).ToArray();
        Assert.True(apart.Length > 20, $"Only {apart.Length} signs are told apart.");
        var broken =
            from about in new[] { CaseFacts.None, CaseFacts.None with { Age = 70, TemperatureC = 36.5m }, CaseFacts.None with { TemperatureC = 37.8m } }
            from one in apart
            let before = Judge(about with { Symptoms = [one] }, place)
            where before.Row != Nobody
            from more in apart.Where(m => m != one)
            let after = Judge(about with { Symptoms = [one, more] }, place)
            where ProtocolShelf.Acuity(after.Disposition) > ProtocolShelf.Acuity(before.Disposition)
            select $"{one} => {before.Row} {before.Disposition}; with {more} => {after.Row} {after.Disposition}";
        Assert.Empty(broken.Take(20));
    }

    [Fact]
    public void Each_exception_to_the_law_says_why() =>
        Assert.All(NoSigns, code => Assert.True(Why(code, "zh").Length > 0 && Why(code, "en").Length > 0));

    [Fact]
    public void L2_another_illness_or_contact_never_lowers_where_there_is_a_sign() =>
        Law(
            from facts in Cases
            where facts.Symptoms is { IsEmpty: false } && facts.Exposure?.ContainsKey("none") != true
            from illness in Gen.Elements(Conditions)
            from contact in Gen.Elements(false, true)
            from place in Where
            select (
                facts,
                contact ? facts with { Exposure = (facts.Exposure ?? ImmutableSortedDictionary<string, bool?>.Empty).SetItem("contact_confirmed_case", true) } : facts with { Comorbidities = (facts.Comorbidities ?? []).Add(illness) },
                place));

    [Fact]
    public void L2_good_oxygen_takes_nothing_back() =>
        Law(
            from facts in Cases
            where facts.Spo2 is null && facts.Symptoms is not null
            from place in Where
            select (facts, facts with { Spo2 = 99 }, place));

    [Fact]
    public void Nothing_stated_and_not_sure_lead_to_a_human() =>
        Assert.All(
            from day in Days
            from facts in new[] { CaseFacts.None, CaseFacts.None with { Symptoms = [Question.Unknown] } }
            select Judge(facts, new Place(Packs.Hangzhou, day)),
            outcome => Assert.Equal(Disposition.D3, outcome.Disposition));

    /// <summary>Whom no row read went to a doctor for that alone; a sign that a row reads may say better.</summary>
    private static void Law(Gen<(CaseFacts Less, CaseFacts More, Place Place)> pairs) =>
        Prop.ForAll(
            pairs.ToArbitrary(),
            x =>
            {
                var (less, more) = (Judge(x.Less, x.Place), Judge(x.More, x.Place));
                return (less.Row == Nobody || ProtocolShelf.Acuity(more.Disposition) <= ProtocolShelf.Acuity(less.Disposition)).Label($"{Said(x.Less)} => {less.Row}; {Said(x.More)} => {more.Row}; {x.Place}");
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static string Said(CaseFacts facts) => string.Join(' ', facts.Answers().OrderBy(a => a.Key).Select(a => $"{a.Key}={a.Value}"));

    private static Outcome Judge(CaseFacts facts, Place place) => Packs.Shelf.Judge(Packs.Shelf.InForce(place.Day, place.Region), facts.Answers(), askable: false);

    private static Gen<ImmutableArray<string>?> Some(string[] codes) =>
        from count in Gen.Choose(0, 3)
        from drawn in Gen.ArrayOf(Gen.Elements(codes), count)
        select drawn.Length == 0 ? (ImmutableArray<string>?)null : [.. drawn.Distinct()];

    private static IEnumerable<Condition> Tests(Condition condition) =>
        (condition.All ?? condition.Any ?? condition.None) is { } parts ? parts.SelectMany(Tests) : [condition];

    private static string[] Marked(string mark)
    {
        using var codes = JsonDocument.Parse(Shipped.Read("symptom-codes.json"));
        return [.. codes.RootElement.GetProperty("symptoms").EnumerateObject().Where(c => c.Value.TryGetProperty(mark, out _)).Select(c => c.Name)];
    }

    private static string Why(string code, string language)
    {
        using var codes = JsonDocument.Parse(Shipped.Read("symptom-codes.json"));
        return codes.RootElement.GetProperty("symptoms").GetProperty(code).GetProperty("no_sign").GetProperty(language).ToString();
    }
}

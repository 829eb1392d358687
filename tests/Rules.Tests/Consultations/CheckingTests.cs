using System.Collections.Immutable;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Triage;
using Yizhen.Rules.Worklist;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>The numbers of asking again are data that is read strictly; a rule raises by its reasons and never to an emergency.</summary>
public sealed class CheckingTests
{
    private static readonly string Json = Shipped.Read("recheck.json");
    private static readonly RecheckPolicy Policy = RecheckPolicy.Read(Json);
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 1, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("age=65", "age")]
    [InlineData("age=64", "")]
    [InlineData("age=0", "infant")]
    [InlineData("age=unknown", "")]
    [InlineData("pregnant=yes", "pregnancy")]
    [InlineData("pregnant=unknown", "")]
    [InlineData("comorbidities=cancer,unknown", "comorbidity")]
    [InlineData("comorbidities=none", "")]
    [InlineData("comorbidities=unknown", "")]
    [InlineData("household_ill=yes", "household")]
    public void Risk_is_what_was_answered_and_unknown_is_none(string answers, string risks) =>
        Assert.Equal(risks, string.Join(',', Policy.RisksOf(Answers(answers))));

    [Theory]
    [InlineData(Urgency.Question, "comorbidities=cancer", false, Urgency.Routine)]
    [InlineData(Urgency.Question, "comorbidities=cancer", true, Urgency.Soon)]
    [InlineData(Urgency.Question, "comorbidities=cancer;pregnant=yes;household_ill=yes;age=70", true, Urgency.Soon)]
    [InlineData(Urgency.Soon, "comorbidities=cancer", true, Urgency.Soon)]
    [InlineData(Urgency.Emergency, "comorbidities=cancer", true, Urgency.Emergency)]
    [InlineData(Urgency.Question, "comorbidities=none", false, Urgency.Question)]
    public void Rule_raises_one_class_for_each_reason_and_not_beyond_the_policy(Urgency before, string answers, bool repeated, Urgency after)
    {
        var waiting = Consultation.Before(new ConsultationId(Guid.NewGuid())).After(new Answered(Answers(answers)), Now);
        var facts = waiting.RaisedByRule([new Queued(Now, before, "general", null)], Policy, repeated);
        Assert.Equal(after, Assert.IsType<Queued>(facts[^1]).Urgency);
        Assert.Equal(before != after, facts[0] is UrgencyChanged);
    }

    [Theory]
    [InlineData("\"notAbove\": \"soon\"", "\"notAbove\": \"emergency\"")]
    [InlineData("\"untilHours\": 72", "\"untilHours\": 24")]
    [InlineData("\"soon\": 30", "\"soon\": 0")]
    [InlineData("\"escalations\": 4", "\"escalations\": 0")]
    [InlineData("\"code\": \"infant\"", "\"code\": \"age\"")]
    [InlineData("\"atLeast\": 65", "\"atLeast\": null")]
    [InlineData("\"version\": \"1\"", "\"version\": \"1\", \"more\": 1")]
    public void Policy_that_makes_no_sense_is_not_read(string sense, string nonsense)
    {
        Assert.Contains(sense, Json, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => RecheckPolicy.Read(Json.Replace(sense, nonsense, StringComparison.Ordinal)));
    }

    [Fact]
    public void Entry_is_one_persons_until_it_is_late_and_ends_once()
    {
        var (me, other) = (Guid.NewGuid(), Guid.NewGuid());
        var entry = Entry.Make(EntryKind.RecheckSilent, Urgency.Urgent, Now.AddMinutes(20));
        var mine = entry.Take(me).Value;
        Assert.Equal(mine, mine.Take(me).Value);
        Assert.True(mine.Take(other).IsRefused(out _) && mine.Finish(other).IsRefused(out _) && entry.Finish(me).IsRefused(out _));
        Assert.True(mine.Escalate(TimeSpan.FromMinutes(15), 4, Now.AddMinutes(19)).IsRefused(out _));
        var late = mine.Escalate(TimeSpan.FromMinutes(15), 4, Now.AddMinutes(20)).Value;
        Assert.Equal((EntryState.Open, null, 1, Now.AddMinutes(35)), (late.State, late.Owner, late.Escalated, late.EscalateAt));
        Assert.True(late.Escalate(TimeSpan.FromMinutes(15), 4, Now.AddMinutes(34)).IsRefused(out _) && late.Escalate(TimeSpan.FromMinutes(15), 1, Now.AddMinutes(40)).IsRefused(out _));
        var done = late.Take(other).Value.Finish(other).Value;
        Assert.True(done.Take(me).IsRefused(out _) && !done.IsOverdue(Now.AddDays(1)));
    }

    private static ImmutableDictionary<string, string> Answers(string stated) =>
        stated.Split(';').Select(a => a.Split('=')).ToImmutableDictionary(a => a[0], a => a[1]);
}

using Yizhen.Rules.Dispatch;

namespace Yizhen.Rules.Tests.Dispatch;

public sealed class RosterTests
{
    private const long Hour = 3_600_000;
    private static readonly RosterRules Rules = new(LateMs: 900_000, StayMs: Hour, TogetherMs: 900_000);
    private static readonly Guid House = Guid.Parse("00000000-0000-0000-0000-0000000000aa");
    private static readonly Guid Wang = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Li = Guid.Parse("00000000-0000-0000-0000-000000000002");
    private static readonly DateTimeOffset Midnight = new(2020, 1, 26, 0, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Shift_ends_when_the_last_of_those_that_join_ends()
    {
        Rostered[] own = [Named(Wang, 8, 12), Named(Wang, 12, 14), Named(Wang, 20, 22)];
        Assert.Equal(At(14), Roster.EndOf(own, Rules, At(8), At(9)));
        Assert.Null(Roster.EndOf(own, Rules, At(7), At(7)));
        Assert.Equal(At(14), Roster.EndOf(own, Rules, At(8), At(15)));
        Assert.Null(Roster.EndOf(own, Rules, At(15), At(15)));
    }

    [Fact]
    public void Who_is_here_is_counted_once_and_who_is_late_is_not_counted_on()
    {
        Rostered[] roster = [Named(Wang, 8, 12), Named(Wang, 20, 22), Named(Li, 8, 12), Unnamed(3, 8, 16)];
        var here = Roster.Ahead([(Doctor(Wang), House, At(8))], roster, Rules, 350, At(9));
        Assert.Equal([(1, At(9), At(12), true), (1, At(20), At(22), false)], here.Select(p => (p.People, p.From, p.To, p.IsHere)).ToArray());

        // Of three without names one is here: whoever has no shift of their own is taken for one of them; within the quarter of an hour two are still to come.
        var early = Roster.Ahead([(Doctor(Guid.NewGuid()), House, At(8))], roster, Rules, 350, At(8) + 60_000);
        Assert.Equal([(1, At(12), false), (1, At(22), false), (1, At(12), false), (1, At(16), true), (2, At(16), false)], early.Select(p => (p.People, p.To, p.IsHere)).OrderBy(p => p.IsHere ? 1 : p.People == 2 ? 2 : 0).ToArray());

        // Without any roster somebody on duty is counted on for a while only.
        Assert.Equal((At(9), At(10), true), Roster.Ahead([(Doctor(Li), House, At(8))], [], Rules, 350, At(9)).Select(p => (p.From, p.To, p.IsHere)).Single());
    }

    [Fact]
    public void Next_for_somebody_is_the_first_to_come_who_may_take_them_and_nobody_who_is_here()
    {
        var fever = new PeopleAlike("fever", "zh", "42", "chat", Yizhen.Rules.Triage.Urgency.Routine, 0, 1);
        var there = Roster.Ahead([(Doctor(Wang), House, At(8))], [Named(Li, 20, 22), Unnamed(2, 12, 14)], Rules, 350, At(9));
        Assert.Equal(At(12), Ahead.Next(fever, there, At(9)));
        Assert.Equal(At(20), Ahead.Next(fever, there, At(15)));
        Assert.Null(Ahead.Next(fever with { Need = "psych", Lang = "yue" }, there, At(9)));
        Assert.Null(Ahead.Next(fever, there, At(23)));
    }

    [Fact]
    public void Sheet_is_read_in_both_languages_and_over_midnight()
    {
        var text = new RosterText();
        var lines = text.Read("\uFEFF医生,机构,人数,日期,开始,结束,专长,语言\r\n王安,,,2020-01-26,20:00,08:00,,\r\n,\"医院, 第一\",5,2020/1/27,08:00,32:00,发热、一般,普通话", Known([]));
        Assert.Empty(text.Mistakes);
        Assert.Equal([(Wang, 1, 20L, 32L), (null, 5, 32L, 56L)], lines.Select(l => (l.Shift.Clinician, l.Shift.People, (l.Shift.From - At(0)) / Hour, (l.Shift.To - At(0)) / Hour)).ToArray());
        Assert.Equal(["fever", "general"], lines[1].Shift.Skills.ToArray());
    }

    [Theory]
    [InlineData("nobody,,,2020-01-26,08:00,12:00,,", "clinician", "not_known")]
    [InlineData("wang,house,,2020-01-26,08:00,12:00,,", "organisation", "one_of_both")]
    [InlineData(",,,2020-01-26,08:00,12:00,,", "clinician", "empty")]
    [InlineData(",house,,2020-01-26,08:00,12:00,fever,", "people", "empty")]
    [InlineData(",house,2,2020-01-26,08:00,12:00,surgery,", "skills", "not_known")]
    [InlineData("wang,,,26 January,08:00,12:00,,", "date", "not_a_day")]
    [InlineData("wang,,,2020-01-26,8 am,12:00,,", "from", "not_a_time")]
    [InlineData("wang,,,2020-01-26,08:00,08:00,,", "to", "ends_before_it_begins")]
    [InlineData("wang,,,2020-01-26,00:00,26:00,,", "to", "out_of_range")]
    [InlineData("wang,,,2019-01-26,08:00,12:00,,", "date", "over")]
    [InlineData("wang,,,9999-12-31,08:00,12:00,,", "date", "out_of_range")]
    [InlineData("li,,,2020-01-26,11:00,15:00,,", "clinician", "overlaps")]
    [InlineData(",house,4,2020-01-26,08:00,16:00,fever,zh", "organisation", "already_there")]
    public void Line_that_cannot_be_taken_is_named_and_the_rest_is_read(string line, string field, string what)
    {
        var text = new RosterText();
        var lines = text.Read($"clinician,organisation,people,date,from,to,skills,langs\n{line}\nwang,,,2020-01-28,08:00,12:00,,", Known([Named(Li, 8, 12), Unnamed(4, 8, 16)]));
        Assert.Equal((2, field, what), text.Mistakes.Select(m => (m.Line, m.Field, m.What)).First());
        Assert.All(text.Mistakes, m => Assert.Equal(2, m.Line));
        Assert.Single(lines);
    }

    [Fact]
    public void Nobody_is_in_two_places_in_one_sheet()
    {
        var text = new RosterText();
        text.Read("clinician,date,from,to\nwang,2020-01-26,08:00,12:00\nwang,2020-01-26,11:00,13:00", Known([]));
        Assert.Equal((3, "overlaps"), text.Mistakes.Select(m => (m.Line, m.What)).Single());
    }

    private static RosterKnown Known(Rostered[] stored) => new(
        new Dictionary<string, (Guid, Guid)> { ["wang"] = (Wang, House), ["王安"] = (Wang, House), ["li"] = (Li, House) },
        new Dictionary<string, Guid> { ["house"] = House, ["医院, 第一"] = House },
        new Dictionary<string, string> { ["skills:fever"] = "fever", ["skills:发热"] = "fever", ["skills:一般"] = "general", ["langs:zh"] = "zh", ["langs:普通话"] = "zh", ["channels:chat"] = "chat" },
        (day, seconds) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8)).ToUnixTimeMilliseconds() + (seconds * 1000L), stored, At(6));

    private static long At(int hour) => Midnight.ToUnixTimeMilliseconds() + (hour * Hour);

    private static Rostered Named(Guid who, int from, int to) => new(who, House, 1, ["fever"], ["zh"], ["*"], ["chat"], 3, At(from), At(to));

    private static Rostered Unnamed(int people, int from, int to) => new(null, House, people, ["fever"], ["zh"], ["*"], ["chat"], 3, At(from), At(to));

    private static OnDuty Doctor(Guid id) => new(id, "", 0, ["fever"], ["zh"], ["*"], ["chat"], 3, 0, false, false, 0, 350);
}

using Yizhen.Rules.Dispatch;

namespace Yizhen.Rules.Tests.Dispatch;

/// <summary>A roster as text: what can be left out, and by which line a mistake is told.</summary>
public sealed class DayTextTests
{
    [Fact]
    public void A_roster_needs_who_what_and_when_and_takes_clock_times()
    {
        var text = new DayText();
        var shift = Assert.Single(text.Shifts("shift_end,id,skills,shift_start\n32:00,A1,general|fever,20:30\n\n"));
        Assert.Empty(text.Mistakes);
        Assert.Equal(("A1", 73_800, 115_200, 3), (shift.Name, shift.From, shift.To, shift.Seats));
        Assert.Equal("general fever", string.Join(' ', shift.Skills));
        Assert.Equal("zh", Assert.Single(shift.Langs));
        Assert.Equal("*", Assert.Single(shift.Licence));
    }

    [Theory]
    [InlineData("id,skills,shift_start\nA,fever,8", 1, "shift_end", "missing_column")]
    [InlineData("id,skills,shift_start,shift_end\nA,fever,08:00,16:00\nB,fever,8 am,16:00", 3, "shift_start", "not_a_time")]
    [InlineData("id,skills,shift_start,shift_end\nA,fever,22:00,06:00", 2, "shift_end", "ends_before_it_begins")]
    [InlineData("id,skills,shift_start,shift_end\n,fever,08:00,16:00", 2, "id", "empty")]
    [InlineData("id,skills,shift_start,shift_end,max_concurrent\nA,fever,08:00,16:00,many", 2, "max_concurrent", "not_a_number")]
    [InlineData("id,skills,shift_start,shift_end,max_concurrent\nA,fever,08:00,16:00,99", 2, "max_concurrent", "out_of_range")]
    [InlineData("", 1, "id", "missing_column")]
    public void What_cannot_be_taken_is_told_by_its_line(string roster, int line, string field, string what)
    {
        var text = new DayText();
        text.Shifts(roster);
        Assert.Equal((line, field, what), (text.Mistakes[0].Line, text.Mistakes[0].Field, text.Mistakes[0].What));
    }

    [Fact]
    public void Arrivals_stand_in_order_and_absences_name_doctors_that_are_there()
    {
        var text = new DayText();
        text.Shifts("id,skills,shift_start,shift_end\nA,fever,08:00,16:00");
        text.People("t_seconds,urgency,need,region,channel,lang,service_seconds,patience_seconds\n60,1,fever,wuhan,chat,zh,300,600\n30,9,fever,wuhan,chat,zh,300,600");
        text.Away("doctor,from_s,to_s,kind\nB,1,2,asleep");
        Assert.Equal([(3, "t_seconds", "not_in_order"), (3, "urgency", "out_of_range"), (2, "doctor", "not_known"), (2, "kind", "not_known")], text.Mistakes.Select(m => (m.Line, m.Field, m.What)));
    }

    /// <summary>Without aid.csv nobody is anybody's: the days of the bench name a hospital too.</summary>
    [Fact]
    public void Whose_everybody_is_counts_only_where_organisations_lend_by_rules()
    {
        const string Doctors = "id,hospital,skills,shift_start,shift_end\nA,H1,fever,08:00,16:00";
        const string People = "t_seconds,urgency,need,region,channel,lang,entry_hospital,service_seconds,patience_seconds\n60,1,fever,wuhan,chat,zh,H2,300,600";
        var (pooled, lending) = (new DayText(), new DayText());
        Assert.Equal((Guid.Empty, Guid.Empty, ""), (pooled.Shifts(Doctors)[0].Organisation, pooled.People(People)[0].Organisation, pooled.People(People)[0].Campaign));
        var aid = lending.Aid("organisation,keep,campaign,from,to\nH1,40,H2,08:00,20:00\nH2,10,,,");
        var (shift, person) = (lending.Shifts(Doctors)[0], lending.People(People)[0]);
        Assert.Empty(lending.Mistakes);
        Assert.NotEqual(shift.Organisation, person.Organisation);
        Assert.Equal(("H2", 40), (person.Campaign, aid.Of(shift.Organisation, 9 * 3600)?.Keep));
        Assert.Equal((100, 10), (aid.Of(shift.Organisation, 21 * 3600)?.Keep, aid.Of(person.Organisation, 21 * 3600)?.Keep));
        Assert.Equal((20 * 3600, null), (aid.Changes(shift.Organisation, 9 * 3600), aid.Changes(person.Organisation, 0)));
    }
}

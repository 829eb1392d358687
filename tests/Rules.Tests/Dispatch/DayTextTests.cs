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
}

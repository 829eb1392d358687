namespace Yizhen.Rules.Tests.Triage;

/// <summary>Days that a story names are counted back from the day on which it was written.</summary>
public sealed class DatedStoryTests
{
    private static readonly DateOnly Wednesday = new(2020, 1, 29);

    [Theory]
    [InlineData("周三开始发烧", "0")]
    [InlineData("周四开始发烧", "6")]
    [InlineData("上周三开始发烧", "7")]
    [InlineData("上周日开始发烧", "3")]
    [InlineData("星期天开始发烧", "3")]
    [InlineData("2月3日开始发烧", null)]
    [InlineData("29号开始发烧", "0")]
    [InlineData("30号开始发烧", "30")]
    [InlineData("除夕开始发烧", "5")]
    [InlineData("腊月四十开始发烧", null)]
    [InlineData("2月30日开始发烧", null)]
    [InlineData("fever since January 29", "0")]
    [InlineData("fever since Thursday", "6")]
    public void Day_is_the_last_such_day(string text, string? days) => Assert.Equal(days, Read(text, Wednesday, "days"));

    [Fact]
    public void Without_a_day_of_writing_no_date_is_read() => Assert.Null(Read("周三开始发烧", null, "days"));

    [Fact]
    public void Leap_day_is_a_day() => Assert.Equal("3", Read("2月29日开始咳嗽", new(2020, 3, 3), "days"));

    [Theory]
    [InlineData("上周三开始发烧")]
    [InlineData("1月20日开始发烧")]
    [InlineData("除夕开始发烧")]
    public void Counting_back_ends_with_the_calendar(string text) => Assert.Null(Read(text, DateOnly.MinValue, "days"));

    [Theory]
    [InlineData("1月20日去超市买菜")]
    [InlineData("我在10号楼，咳嗽")]
    [InlineData("化验结果3.5，咳嗽")]
    [InlineData("孩子上初二，咳嗽")]
    public void Day_of_something_else_is_no_onset(string text) => Assert.Null(Read(text, Wednesday, "days"));

    [Theory]
    [InlineData("1月10日从武汉回来，昨天接触了发烧的同事")]
    [InlineData("1月10日从武汉回来，同事确诊")]
    [InlineData("从武汉回来30天了，昨天接触确诊病人")]
    public void Old_journey_takes_back_no_contact(string text) => Assert.NotEqual("no", Read(text, new(2020, 2, 20), "exposure:within_14_days"));

    [Theory]
    [InlineData("隔离了14天了")]
    [InlineData("在家隔离14天左右")]
    [InlineData("输液三天了")]
    public void Days_of_lying_in_or_of_a_drug_are_no_days_of_illness(string text) => Assert.Null(Read(text, Wednesday, "days"));

    [Theory]
    [InlineData("化验白蛋白38.2，别的正常")]
    [InlineData("球蛋白 36.5g/L")]
    [InlineData("中性粒细胞百分比38.6")]
    public void Figure_of_the_laboratory_is_no_temperature(string text) => Assert.Null(Read(text, null, "temperature_c"));

    private static string? Read(string text, DateOnly? written, string code) => Packs.Lexicon.Read(text, written).FirstOrDefault(r => r.Code == code)?.Value;
}

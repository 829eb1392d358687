using System.Globalization;

namespace Yizhen.Rules.Tests.Triage;

/// <summary>How long somebody has been ill and how hot they are, in the ways in which people say it.</summary>
public sealed class TimesToldTests
{
    [Theory]
    [InlineData("近四天没劲，恶心", "4")]
    [InlineData("近两周胸闷", "14")]
    [InlineData("这两三天头疼，没胃口", "3")]
    [InlineData("一直低烧5天，嗓子干", "5")]
    [InlineData("拉肚子的毛病已经有了六天", "6")]
    [InlineData("四天前嗓子疼，现在好些", "4")]
    [InlineData("十二天前夜里发烧", "12")]
    [InlineData("两个月前，开始咳嗽", "60")]
    [InlineData("昨天有点流鼻涕，今早嗓子疼", "1")]
    [InlineData("大概有五六天了，咳得不厉害", "6")]
    [InlineData("今晚8点多出现的发烧", "0")]
    [InlineData("3小时前，开始肚子疼", "0")]
    [InlineData("发烧半个月了", "15")]
    [InlineData("咳嗽一个半月了", "45")]
    [InlineData("发烧第三天", "2")]
    [InlineData("大前天开始拉肚子", "3")]
    [InlineData("前天夜里睡前开始嗓子疼", "2")]
    [InlineData("从昨天开始，身上发烫", "1")]
    [InlineData("今天上班时突然头疼", "0")]
    [InlineData("发烧三天，吃药五天", "3")]
    [InlineData("fever for the past two weeks", "14")]
    [InlineData("I have had this cough for nearly a week now", "7")]
    [InlineData("been coughing for a couple of days", "2")]
    [InlineData("a 3-4 day history of cough", "4")]
    [InlineData("3 day fever", "3")]
    [InlineData("fever since yesterday", "1")]
    [InlineData("She woke up yesterday with a bad cough", "1")]
    [InlineData("It started this morning with a sore throat", "0")]
    [InlineData("symptoms began 5 days ago", "5")]
    [InlineData("sore throat as of last night", "1")]
    public void Length_of_the_illness_is_read(string text, string days) => Assert.Equal(days, Read(text, null, "days"));

    [Theory]
    [InlineData("从3月13号起浑身没劲", "2020-03-29", "16")]
    [InlineData("二月十三号到今天，出现了头晕", "2020-02-18", "5")]
    [InlineData("2月1、2号左右嗓子疼", "2020-02-05", "3")]
    [InlineData("1月26号晚9点左右我突然咳嗽", "2020-03-16", "50")]
    [InlineData("2月5号，拉肚子", "2020-02-26", "21")]
    [InlineData("春节前后开始咳嗽", "2020-02-14", "20")]
    [InlineData("初三晚上开始发烧", "2020-01-31", "4")]
    [InlineData("除夕开始咳嗽", "2020-01-31", "7")]
    [InlineData("coughing since Friday last week", "2020-03-28", "8")]
    [InlineData("mild cough since Chinese New Year", "2020-01-31", "6")]
    [InlineData("fever since the 25th of March", "2020-03-28", "3")]
    public void Begin_of_the_illness_is_counted_back(string text, string written, string days) =>
        Assert.Equal(days, Read(text, DateOnly.ParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture), "days"));

    [Theory]
    [InlineData("做雾化四天")]
    [InlineData("一天咳嗽三次")]
    [InlineData("14天内去过疫区吗")]
    [InlineData("今天去发热门诊")]
    [InlineData("两天前接触过一个发烧的人")]
    [InlineData("回国十天了")]
    [InlineData("连续三天没有发烧")]
    [InlineData("已经三十天没有确诊病例了")]
    [InlineData("2月9号做CT检查")]
    [InlineData("退烧药一日三次")]
    [InlineData("I returned from Spain 19 days ago")]
    [InlineData("in quarantine for 14 days")]
    [InlineData("I take it once a day for my cough")]
    [InlineData("I have 2 days left of my quarantine")]
    public void Time_of_something_else_is_not(string text) => Assert.Null(Read(text, new(2020, 3, 1), "days"));

    [Theory]
    [InlineData("体温三十八度五", "38.5")]
    [InlineData("体温三十七点八", "37.8")]
    [InlineData("烧到三十九度", "39")]
    [InlineData("体温37。8度", "37.8")]
    [InlineData("37°5，有点头疼", "37.5")]
    [InlineData("体温在36.8到37.5之间", "37.5")]
    [InlineData("37-37.2度", "37.2")]
    [InlineData("体温超过38度", "38")]
    [InlineData("昨天38.5，今天37度", "38.5")]
    [InlineData("temperature between 37.2 and 38.1", "38.1")]
    [InlineData("fever of 101", "38.3")]
    public void Highest_temperature_is_read(string text, string temperature) => Assert.Equal(temperature, Read(text, null, "temperature_c"));

    [Theory]
    [InlineData("最高没超过37.3")]
    [InlineData("超过38.5度可以口服退烧药吗")]
    [InlineData("同事发烧39度，我没事")]
    [InlineData("支原体抗体igG39.0")]
    [InlineData("fever never went over 37.5")]
    public void Limit_or_somebody_elses_temperature_is_not(string text) => Assert.Null(Read(text, null, "temperature_c"));

    private static string? Read(string text, DateOnly? written, string code) => Packs.Lexicon.Read(text, written).FirstOrDefault(r => r.Code == code)?.Value;
}

using System.Diagnostics;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Tests.Campaigns;

public sealed class PlacesTests
{
    private static readonly Places All = Places.Parse(Shipped.Read("regions.csv"));

    [Theory]
    [InlineData("武汉", "420100")]
    [InlineData("武汉市", "420100")]
    [InlineData("湖北", "420000")]
    [InlineData("江岸", "420102")]
    [InlineData("江岸区", "420102")]
    [InlineData("武汉江岸", "420102")]
    [InlineData("武汉市江岸区", "420102")]
    [InlineData("湖北省 武汉市 江岸区", "420102")]
    [InlineData("湖北江岸", "420102")]
    [InlineData("wuhan", "420100")]
    [InlineData("Wu Han", "420100")]
    [InlineData("wuhanshi", "420100")]
    [InlineData("guangz", "440100")]
    [InlineData("wuhan jiang'an", "420102")]
    [InlineData("北京", "110000")]
    [InlineData("北京朝阳", "110105")]
    [InlineData("香港", "810000")]
    [InlineData("澳门", "820000")]
    [InlineData("台北", "710100")]
    [InlineData("taibei", "710100")]
    [InlineData("恩施", "422800")]
    [InlineData("恩施州", "422800")]
    [InlineData("吕梁", "141100")]
    [InlineData("lvliang", "141100")]
    [InlineData("lüliang", "141100")]
    [InlineData("仙桃", "429004")]
    public void Search_finds_the_place_first(string typed, string code) => Assert.Equal(code, All.Search(typed, 5)[0].Code);

    [Fact]
    public void Search_by_initials_finds_the_city_among_the_first() => Assert.Contains(All.Search("wh", 12), p => p.Code == "420100");

    [Fact]
    public void Path_names_the_place_from_the_province_down()
    {
        Assert.Equal("湖北省 武汉市 江岸区", All.Find("420102")!.Path);
        Assert.Equal("北京市 东城区", All.Find("110101")!.Path);
        Assert.Equal("湖北省 仙桃市", All.Find("429004")!.Path);
        Assert.Equal("香港特别行政区", All.Find("810000")!.Path);
        Assert.Equal("42", All.Find("420102")!.Province);
    }

    [Theory]
    [InlineData("武汉", "420100")]
    [InlineData("武汉市", "420100")]
    [InlineData(" 湖北省武汉市江岸区 ", "420102")]
    [InlineData("朝阳市", "211300")]
    [InlineData("北京", "110000")]
    [InlineData("wuhan", "420100")]
    [InlineData("香港", "810000")]
    [InlineData("420102", "420102")]
    public void Whole_name_is_one_place(string typed, string code) => Assert.Equal(code, All.Resolve(typed, 8).Place?.Code);

    [Theory]
    [InlineData("朝阳区")]
    [InlineData("鼓楼")]
    [InlineData("吉林")]
    [InlineData("武")]
    public void Name_of_several_places_gives_candidates(string typed)
    {
        var meant = All.Resolve(typed, 8);

        Assert.Null(meant.Place);
        Assert.InRange(meant.Candidates.Length, 2, 8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("没有这个地方")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("🙂🙂")]
    [InlineData("\ud800")]
    [InlineData("999999")]
    public void Nonsense_means_no_place(string typed)
    {
        var meant = All.Resolve(typed, 8);

        Assert.Null(meant.Place);
        Assert.Empty(meant.Candidates);
    }

    [Fact]
    public void Very_long_input_means_no_place() => Assert.Empty(All.Search(new string('武', 100_000), 8));

    [Fact]
    public void Each_place_is_found_by_its_full_name_and_stands_in_a_province()
    {
        foreach (var province in All.Provinces)
        {
            Assert.Equal(province.Code, All.Resolve(province.Name, 8).Place?.Code);
            Assert.EndsWith("0000", province.Code, StringComparison.Ordinal);
        }

        Assert.Equal(34, All.Provinces.Count());
    }

    [Fact]
    public void Search_is_fast_enough_for_each_key()
    {
        string[] keys = ["w", "wu", "wuh", "wuhan", "武", "武汉", "武汉江", "jiang", "朝阳", "zz"];
        foreach (var key in keys)
        {
            All.Search(key, 8);
        }

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++)
        {
            All.Search(keys[i % keys.Length], 8);
        }

        // A loose bound for a busy machine; it stands at about 0.2 ms.
        Assert.True(watch.Elapsed.TotalMilliseconds / 200 < 5, $"{watch.Elapsed.TotalMilliseconds / 200} ms a search");
    }

    [Theory]
    [InlineData("")]
    [InlineData("code,name\n1,2")]
    [InlineData("code,level,name,parent_code,pinyin\n42010,city,武汉市,420000,wu han")]
    [InlineData("code,level,name,parent_code,pinyin\n420100,city,武汉市,420000,wu han")]
    [InlineData("code,level,name,parent_code,pinyin\n420000,land,湖北省,,hu bei")]
    [InlineData("code,level,name,parent_code,pinyin\n420000,province,湖北省,,hu bei\n420000,province,湖北省,,hu bei")]
    public void Broken_table_is_refused(string csv) => Assert.Throws<FormatException>(() => Places.Parse(csv));
}

using System.Text.Json;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Tests.Campaigns;

public sealed class CountriesTests
{
    private static readonly Countries All = Countries.Parse(Shipped.Read("countries.json"));

    [Theory]
    [InlineData("JP", "119")]
    [InlineData("KR", "119")]
    [InlineData("US", "911")]
    [InlineData("GB", "999")]
    [InlineData("DE", "112")]
    [InlineData("FR", "112")]
    [InlineData("IT", "112")]
    [InlineData("AU", "000")]
    [InlineData("SG", "995")]
    [InlineData("TH", "1669")]
    [InlineData("MY", "999")]
    public void Abroad_the_number_of_that_country_is_given(string country, string number)
    {
        var call = All.Emergency(null, country);

        Assert.True(call.Sure);
        Assert.Equal(number, call.Numbers[0]);
    }

    [Theory]
    [InlineData("420102", "120")]
    [InlineData("810100", "999")]
    [InlineData("820000", "999")]
    [InlineData("710100", "119")]
    public void Inside_China_the_number_goes_by_the_region(string region, string number) =>
        Assert.Equal(number, Assert.Single(All.Emergency(region, null).Numbers));

    [Theory]
    [InlineData(null)]
    [InlineData("AQ")]
    [InlineData("nonsense")]
    public void Where_no_number_is_known_it_is_112_and_not_sure(string? country)
    {
        var call = All.Emergency(null, country);

        Assert.False(call.Sure);
        Assert.Equal("112", Assert.Single(call.Numbers));
    }

    [Theory]
    [InlineData("420102", null, "120")]
    [InlineData("810100", null, "999")]
    [InlineData(null, "JP", "119")]
    [InlineData(null, "AQ", "112")]
    [InlineData(null, null, "120")]
    public void Where_there_is_room_for_one_number_it_is_the_ambulance_there(string? region, string? country, string number) => Assert.Equal(number, All.Ambulance(region, country));

    [Fact]
    public void Number_that_was_not_looked_up_is_given_with_112_behind_it_and_as_not_sure()
    {
        var call = All.Emergency(null, "EG");

        Assert.False(call.Sure);
        Assert.Equal("123 112", string.Join(' ', call.Numbers));
    }

    [Theory]
    [InlineData("日本")]
    [InlineData("日")]
    [InlineData("japan")]
    [InlineData("Jap")]
    [InlineData("riben")]
    [InlineData("ri ben")]
    [InlineData("JP")]
    public void Search_finds_Japan_first(string typed) => Assert.Equal("JP", All.Search(typed, 5)[0].Code);

    [Fact]
    public void At_least_sixty_countries_have_a_number_that_was_looked_up_and_each_says_where()
    {
        var known = All.All.Where(c => c.Ambulance.Length > 0).ToList();

        Assert.InRange(known.Count(c => c.Grade != "M"), 60, 250);
        var sources = All.Sources.Select(s => s.Id).ToHashSet();
        Assert.All(known, c => Assert.True(c.Grade == "M" ? c.Source is null : c.Source is not null && sources.Contains(c.Source), c.Code));
        Assert.All(known, c => Assert.All(c.Ambulance, n => Assert.Matches("^[0-9]{2,5}$", n)));
        Assert.All(All.All.Except(known), c => Assert.Null(c.Grade));
    }

    [Fact]
    public void Country_list_has_each_code_once_and_names_in_both_languages()
    {
        Assert.Equal(All.All.Length, All.All.Select(c => c.Code).Distinct().Count());
        Assert.All(All.All, c => Assert.True(c.Code.Length == 2 && c.Zh.Length > 0 && c.En.Length > 0 && c.Pinyin.Length > 0, c.Code));
        Assert.DoesNotContain(All.All, c => c.Code is "CN" or "HK" or "MO" or "TW");
    }

    [Fact]
    public void File_with_an_unknown_member_is_refused() =>
        Assert.Throws<JsonException>(() => Countries.Parse(Shipped.Read("countries.json").Replace("\"about\"", "\"abuot\"", StringComparison.Ordinal)));
}

using System.Collections.Immutable;
using System.Globalization;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Directories;

namespace Yizhen.Rules.Tests.Directories;

/// <summary>Nearest by district: the same district, then the same city, then by distance; never those that would not take the person first.</summary>
public sealed class NearnessTests
{
    private static readonly DateOnly Day = new(2020, 1, 26);
    private static readonly DateTimeOffset Now = new(2020, 1, 26, 4, 0, 0, TimeSpan.Zero);
    private static readonly DirectoryRules Limits = new("t", 3, 20, 150, 12, 90, 9999, 100, 10, "12320");
    private static readonly Dictionary<Guid, HospitalStatement> Nobody = [];

    private static readonly Places Places = Places.Parse(
        """
        code,level,name,parent_code,pinyin,lat_bd09,lng_bd09,coord_kind
        110000,province,北京市,,bei jing,39.91,116.41,geocoded
        110100,city,市辖区,110000,,39.91,116.41,geocoded
        110101,district,东城区,110100,dong cheng,39.93,116.42,geocoded
        110105,district,朝阳区,110100,chao yang,39.92,116.45,geocoded
        420000,province,湖北省,,hu bei,30.55,114.35,geocoded
        420100,city,武汉市,420000,wu han,30.6,114.31,geocoded
        420102,district,江岸区,420100,jiang an,30.61,114.32,geocoded
        420103,district,江汉区,420100,jiang han,30.6,114.28,geocoded
        420116,district,黄陂区,420100,huang pi,30.88,114.38,geocoded
        420900,city,孝感市,420000,xiao gan,30.92,113.92,geocoded
        420902,district,孝南区,420900,xiao nan,,,
        429000,city,省直辖县级行政区划,420000,,,,
        429004,district,仙桃市,429000,xian tao,30.36,113.45,geocoded
        429005,district,潜江市,429000,qian jiang,30.4,112.9,geocoded
        """);

    [Fact]
    public void Own_district_comes_before_own_city_and_that_before_the_nearer_one_outside_it()
    {
        var found = Near("420116", Hospital("孝感", "420902"), Hospital("江汉", "420103"), Hospital("黄陂", "420116"), Hospital("江岸", "420102"));
        Assert.Equal(["黄陂", "江岸", "江汉", "孝感"], found.Select(f => f.Hospital.Name));
        Assert.Equal([Rules.Directories.Near.SameDistrict, Rules.Directories.Near.SameCity, Rules.Directories.Near.SameCity, Rules.Directories.Near.Around], found.Select(f => f.Near));
    }

    [Fact]
    public void Beyond_the_farthest_nothing_is_called_near() => Assert.Empty(Near("110101", Hospital("江岸", "420102")));

    [Fact]
    public void Municipality_is_one_city_and_counties_under_a_province_are_none()
    {
        Assert.True(Places.SameCity("110101", "110105"));
        Assert.True(Places.SameCity("420102", "420116"));
        Assert.False(Places.SameCity("429004", "429005"));
        Assert.False(Places.SameCity("420000", "420102"));
    }

    [Fact]
    public void District_without_a_centre_is_reckoned_from_its_city() => Assert.Equal(Places.CentreOf("420900"), Places.CentreOf("420902"));

    [Fact]
    public void Who_takes_only_its_own_district_comes_last_for_everybody_else_while_the_rule_holds()
    {
        var bound = Hospital("江汉", "420103") with { OwnDistrictFrom = new(2020, 1, 25), OwnDistrictUntil = new(2020, 1, 31) };
        var far = Hospital("孝感", "420902");
        Assert.Equal(["孝感", "江汉"], Near("420102", bound, far).Select(f => f.Hospital.Name));
        Assert.False(Near("420103", bound, far)[0].Bound);
        Assert.Equal("江汉", Near("420102", bound with { OwnDistrictFrom = new(2020, 1, 27) }, far)[0].Hospital.Name);
        Assert.Equal("江汉", Near("420102", bound with { OwnDistrictUntil = new(2020, 1, 25) }, far)[0].Hospital.Name);
    }

    [Fact]
    public void Closed_by_its_own_word_comes_last_and_an_old_word_moves_nobody()
    {
        var (closed, other) = (Hospital("江岸", "420102"), Hospital("江汉", "420103"));
        var said = new Dictionary<Guid, HospitalStatement> { [closed.Key] = new(Now.AddHours(-1), false, null, null) };
        Assert.Equal("江汉", Nearest("420102", said, closed, other)[0].Hospital.Name);
        said[closed.Key] = said[closed.Key] with { At = Now.AddHours(-13) };
        var first = Nearest("420102", said, closed, other)[0];
        Assert.Equal(("江岸", true), (first.Hospital.Name, first.SaidLongAgo));
    }

    [Fact]
    public void Who_needs_a_fever_clinic_is_not_sent_to_a_hospital_without_one()
    {
        var plain = Hospital("人民", "420102") with { Kind = HospitalKind.Hospital };
        Assert.Empty(Near("420102", plain));
        Assert.Single(new[] { plain }.Nearest("420102", Sought.InPerson, Places, Nobody, Limits, Day, Now, 3));
    }

    [Fact]
    public void Sketch_keeps_its_points_inside_and_its_labels_apart()
    {
        var found = Near("420102", Hospital("a", "420102"), Hospital("b", "420103"), Hospital("c", "420116"), Hospital("d", "420902"), Hospital("e", "429004"));
        var sketch = Sketch.Of("420102", found, Places)!;
        Assert.NotNull(sketch.Here);
        Assert.Equal(4, sketch.Points.Length);
        Assert.All(sketch.Points.Append(sketch.Here), p =>
        {
            Assert.InRange(p.X, 0, Sketch.Width);
            Assert.InRange(p.Y, 0, Sketch.Height);
        });
        // 黄陂 lies north of 江岸, 仙桃 far to the west.
        Assert.True(sketch.Points.Single(p => p.Name == "黄陂区").Y < sketch.Here.Y);
        Assert.True(sketch.Points.Single(p => p.Name == "仙桃市").X < sketch.Here.X);
        Assert.Null(Sketch.Of("420102", Near("420102", Hospital("a", "420102")), Places));
    }

    [Theory]
    [InlineData("420000", "420102", true)]
    [InlineData("420100", "420902", false)]
    [InlineData("420102", "420102", true)]
    [InlineData("420102", "420100", true)]
    [InlineData("420000", "110101", false)]
    [InlineData("420000", null, false)]
    public void Campaign_covers_its_regions_and_believes_who_says_only_the_city(string covered, string? region, bool included)
    {
        var nothing = new BothWays("", "");
        var campaign = new Campaign("c", Guid.Empty, nothing, nothing, nothing, nothing, [covered], new Hours(TimeOnly.MinValue, TimeOnly.MinValue), "", [], null, CampaignState.Open);
        Assert.Equal(included, campaign.Includes(region));
        Assert.True((campaign with { Regions = [] }).Includes(region));
    }

    private static ImmutableArray<NearHospital> Near(string at, params Hospital[] hospitals) => Nearest(at, Nobody, hospitals);

    private static ImmutableArray<NearHospital> Nearest(string at, Dictionary<Guid, HospitalStatement> said, params Hospital[] hospitals) =>
        hospitals.Nearest(at, Sought.FeverClinic, Places, said, Limits, Day, Now, 10);

    private static Hospital Hospital(string name, string district) =>
        new(new Guid(name.Sum(c => c), 0, 0, [0, 0, 0, 0, 0, 0, 0, byte.Parse(district[^2..], CultureInfo.InvariantCulture)]), HospitalKind.FeverClinic, name, district, "", "", "", null, null, "p", Day);
}

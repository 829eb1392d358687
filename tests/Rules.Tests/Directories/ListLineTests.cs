using System.Security.Cryptography;
using System.Text;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Directories;

namespace Yizhen.Rules.Tests.Directories;

/// <summary>A line is read whole or its faults are named, each with its cell.</summary>
public sealed class ListLineTests
{
    private static readonly Places Places = Places.Parse("code,level,name,parent_code,pinyin\n420000,province,湖北省,,hu bei\n420100,city,武汉市,420000,wu han\n420103,district,江汉区,420100,jiang han\n");

    [Fact]
    public void Line_of_our_own_table_is_read_whole()
    {
        var hospital = Line("kind=fever_clinic;name=一院;district_code=420103;address=路 1 号;phone=027-1;hours=24小时;own_district_from=2020-01-25;publisher=委;published=2020-01-24").Hospital();
        Assert.NotNull(hospital);
        Assert.Equal((HospitalKind.FeverClinic, "一院", "420103", "路 1 号", "027-1", "24小时", new DateOnly(2020, 1, 25), "委"), (hospital.Kind, hospital.Name, hospital.District, hospital.Address, hospital.Phone, hospital.Hours, hospital.OwnDistrictFrom, hospital.Publisher));
    }

    [Fact]
    public void Lines_of_the_lists_of_2020_are_understood()
    {
        var fever = Line("name=一院;designated_hospital=yes;district_code=;city_code=420100;tel=027-1;publisher=委;published=2020-01-22").Hospital();
        Assert.Equal((HospitalKind.Designated, "420100", "027-1"), (fever?.Kind, fever?.District, fever?.Phone));
        var hubei = Line("name=二院;province_code=420000;city=武汉市;district=江汉区;landline=027-2", new("社区", null)).Hospital();
        Assert.Equal((HospitalKind.Hospital, "420103", "社区", (DateOnly?)null), (hubei?.Kind, hubei?.District, hubei?.Publisher, hubei?.Published));
        var service = Line("organisation=某平台;kind=covid_free_clinic;tel=;url=https://a;note=免费;published=2020-01-23", new("社区", null)).Service();
        Assert.Equal(("某平台", "https://a", "免费"), (service?.Name, service?.Address, service?.Note));
    }

    [Theory]
    [InlineData("name=;district_code=420103;publisher=委", ListFault.NameMissing)]
    [InlineData("name=一院;kind=clinic;district_code=420103;publisher=委", ListFault.KindUnknown)]
    [InlineData("name=一院;district_code=999999;publisher=委", ListFault.PlaceUnknown)]
    [InlineData("name=一院;publisher=委", ListFault.PlaceUnknown)]
    [InlineData("name=一院;district_code=420103", ListFault.PublisherMissing)]
    [InlineData("name=一院;district_code=420103;publisher=委;published=24.1.2020", ListFault.DateUnreadable)]
    [InlineData("name=一院;district_code=420103;publisher=委;own_district_until=2020-01-24", ListFault.DatesSwapped)]
    [InlineData("name=一院;district_code=420103;publisher=委;own_district_from=2020-01-25;own_district_until=2020-01-24", ListFault.DatesSwapped)]
    [InlineData("name=一院;district_code=420103;publisher=委;phone=没有", ListFault.PhoneUnreadable)]
    public void Fault_is_named_with_its_line(string cells, ListFault fault)
    {
        var line = Line(cells);
        Assert.Null(line.Hospital());
        Assert.Contains(line.Faults, f => f.Fault == fault && f.Line == 7);
    }

    [Fact]
    public void Same_name_in_the_same_district_is_the_same_hospital_whichever_list_names_it() =>
        Assert.Equal(Line("name=一院;district_code=420103;publisher=甲").Hospital()?.Key, Line("name=一院;kind=designated;district_code=420103;address=别处;publisher=乙").Hospital()?.Key);

    private static ListLine Line(string cells, ListDefaults? defaults = null)
    {
        var read = cells.Split(';').Select(c => c.Split('=', 2)).ToDictionary(c => c[0], c => c[1]);
        return new(7, column => read.GetValueOrDefault(column), defaults ?? new(null, null), Places, text => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)));
    }
}

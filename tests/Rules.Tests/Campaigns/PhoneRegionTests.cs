using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Tests.Campaigns;

/// <summary>Where a mobile number was first sold, from the table that ships.</summary>
public sealed class PhoneRegionTests
{
    private static readonly PhoneRegions Table = PhoneRegions.Parse(Shipped.Read("mobile-prefixes.txt"));

    // As libphonenumber's own geocoder says of them.
    [Theory]
    [InlineData("+8613800001111", "110000")]
    [InlineData("+8613971112222", "420100")]
    [InlineData("+8613700003333", "210100")]
    [InlineData("+8610100001111", null)]
    [InlineData("+861397111222", null)]
    [InlineData("+85291234567", null)]
    [InlineData("+8619999999999", null)]
    public void Number_is_from_where_it_was_sold_or_nobody_knows(string number, string? region) => Assert.Equal(region, Table.Of(number));

    [Theory]
    [InlineData("420000", "+8613971112222", PhoneSays.Here)]
    [InlineData("420102", "+8613971112222", PhoneSays.Here)]
    [InlineData("420500", "+8613971112222", PhoneSays.Elsewhere)]
    [InlineData("420000", "+8613800001111", PhoneSays.Elsewhere)]
    [InlineData("420000", "+85291234567", PhoneSays.Unknown)]
    [InlineData("420000", null, PhoneSays.NoNumber)]
    public void Number_is_held_against_the_regions_that_are_covered(string covered, string? number, PhoneSays says) =>
        Assert.Equal(says, PhoneProof.Of(Campaign(covered), number, Table).Says);

    [Fact]
    public void Every_region_of_the_table_is_one_that_we_know()
    {
        var places = Places.Parse(Shipped.Read("regions.csv"));
        Assert.All(Shipped.Read("mobile-prefixes.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.NotNull(places.Find(line[..6])));
    }

    private static Campaign Campaign(string region) =>
        new CampaignDraft("c", "", "", "", "", "", "", "", "", region, "00:00", "00:00", "", "", "").New(Guid.Empty, _ => true, rehearsal: false).Value;
}

using Yizhen.Rules.Campaigns;

namespace Yizhen.Web.Tests.Campaigns;

public sealed class ContentTests
{
    [Fact]
    public void Product_carries_places_and_countries_that_can_be_read()
    {
        Assert.Equal("湖北省 武汉市", Places.Parse(Carried("Yizhen.Web.Campaigns.Content.regions.csv")).Find("420100")?.Path);
        Assert.NotNull(Countries.Parse(Carried("Yizhen.Web.Campaigns.Content.countries.json")).Find("JP"));
    }

    private static string Carried(string name)
    {
        using var stream = typeof(Program).Assembly.GetManifestResourceStream(name);
        Assert.NotNull(stream);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

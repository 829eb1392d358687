using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Regulation;

namespace Yizhen.Web.Tests.Campaigns;

public sealed class ContentTests
{
    [Fact]
    public void Product_carries_places_countries_and_policies_that_can_be_read()
    {
        Assert.Equal("湖北省 武汉市", Places.Parse(Carried("Yizhen.Web.Campaigns.Content.regions.csv")).Find("420100")?.Path);
        Assert.NotNull(Countries.Parse(Carried("Yizhen.Web.Campaigns.Content.countries.json")).Find("JP"));
        Assert.NotEmpty(ConsentText.Read(Carried("policies/consent.json")).Items);
        Assert.NotEmpty(RetentionPolicy.Read(Carried("policies/retention.json")).Classes);
        Assert.NotEmpty(LightConsultation.Read(Carried("policies/light-consultation.json")).Acts);
    }

    private static string Carried(string name)
    {
        using var stream = typeof(Program).Assembly.GetManifestResourceStream(name);
        Assert.NotNull(stream);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

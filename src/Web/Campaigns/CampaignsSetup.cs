using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

internal static class CampaignsSetup
{
    public static void AddCampaigns(this IServiceCollection services)
    {
        // Read when first needed: each is checked by the tests that read it, and no page should wait for all of them.
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Consent, ConsentText.Read));
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Light, LightConsultation.Read));
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Timeline, Timeline.Read));
        services.AddSingleton(_ => Places.Parse(Content("regions.csv")));
        services.AddSingleton(_ => Countries.Parse(Content("countries.json")));
        // Read where a campaign asks for it: few do, and it is the largest of them.
        services.AddSingleton(_ => new Lazy<PhoneRegions>(() => PhoneRegions.Parse(Content("mobile-prefixes.txt"))));
        services.AddSingleton<CampaignShelf>();
        services.AddSingleton(_ => CampaignRules.Parse(Policies.Text("campaigns.json")));
        services.AddSingleton(_ => ForecastRules.Parse(Policies.Text("forecast.json")));
        services.AddSingleton<Doorstep>();
        services.AddSingleton<StartConsultation>();
        services.AddSingleton<LetIn>();
        services.AddSingleton<Entrances>();
        services.AddSingleton<RunEntrances>();
        services.AddSingleton<Embeds>();
        services.AddSingleton(_ => PartnerRules.Parse(Policies.Text("partners.json")));
        services.AddSingleton<Partners>();
        services.AddSingleton<RunPartners>();
        services.AddSingleton<CallByPartner>();
        services.AddSingleton(new ErasedWith((database, _, consultations, ct) => Partners.Erase(database, consultations, ct)));
        services.AddChore<SendHooks>();
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Retention, RetentionPolicy.Read));
        services.AddSingleton<Waits>();
        services.AddSingleton<Forecasts>();
        services.AddSingleton<ComingHours>();
        services.AddSingleton<CampaignFront>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<CampaignDesk>();
        services.AddSingleton<RunCampaigns>();
        services.AddSingleton<AidDesk>();
        services.AddSingleton<RunAid>();
        services.AddSingleton<AddOrganisation>();
        services.AddSingleton<BoardFigures>();
        services.AddSingleton<SeatsNow>();
        services.AddSingleton<Board>();
        services.AddSingleton<BoardTables>();
        services.AddChore<RingStandby>();
    }

    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        StartConsultation.Map(app);
        CampaignFront.Map(app);
        RunCampaigns.Map(app);
        ShowBoard.Map(app);
        RunAid.Map(app);
        RunEntrances.Map(app);
        Embeds.Map(app);
        RunPartners.Map(app);
        CallByPartner.Map(app);
        AddOrganisation.Map(app);
    }

    private static string Content(string file)
    {
        using var stream = typeof(CampaignsSetup).Assembly.GetManifestResourceStream($"Yizhen.Web.Campaigns.Content.{file}")!;
        using var reader = new StreamReader(stream, System.Text.Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

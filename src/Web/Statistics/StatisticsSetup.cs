using Yizhen.Rules.Statistics;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Statistics;

internal static class StatisticsSetup
{
    /// <param name="upload">Where counts are sent; null: nowhere.</param>
    public static void AddStatistics(this IServiceCollection services, UploadSettings? upload = null)
    {
        services.AddSingleton(_ => PictureRules.Parse(Policies.Text("picture.json")));
        services.AddSingleton<LivePicture>();
        services.AddSingleton<DailyReport>();
        services.AddSingleton<ShowPicture>();
        services.AddSingleton<Populations>();
        services.AddSingleton<BringPopulation>();
        if (upload is not null)
        {
            services.AddSingleton(upload);
        }

        services.AddHttpClient(nameof(Uploads)).ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(20));
        services.AddChore<Uploads>();
    }

    public static void MapStatistics(this IEndpointRouteBuilder app)
    {
        ShowPicture.Map(app);
        BringPopulation.Map(app);
    }
}

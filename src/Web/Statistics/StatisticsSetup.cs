using Yizhen.Rules.Statistics;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Statistics;

internal static class StatisticsSetup
{
    public static void AddStatistics(this IServiceCollection services)
    {
        services.AddSingleton(_ => PictureRules.Parse(Policies.Text("picture.json")));
        services.AddSingleton<LivePicture>();
        services.AddSingleton<ShowPicture>();
    }

    public static void MapStatistics(this IEndpointRouteBuilder app) => ShowPicture.Map(app);
}

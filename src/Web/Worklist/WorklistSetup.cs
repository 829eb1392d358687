namespace Yizhen.Web.Worklist;

internal static class WorklistSetup
{
    public static void AddWorklist(this IServiceCollection services) => services.AddSingleton<ContactWhoLeft>();

    public static void MapWorklist(this IEndpointRouteBuilder app) => ContactWhoLeft.Map(app);
}

namespace Yizhen.Web.Information;

internal static class InformationSetup
{
    public static void AddInformation(this IServiceCollection services)
    {
        services.AddSingleton<DeskTexts>();
        services.AddSingleton<ShowDesk>();
        services.AddSingleton<RunDesk>();
    }

    public static void MapInformation(this IEndpointRouteBuilder app)
    {
        ShowDesk.Map(app);
        RunDesk.Map(app);
    }
}

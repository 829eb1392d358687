namespace Yizhen.Web.Information;

internal static class InformationSetup
{
    public static void AddInformation(this IServiceCollection services)
    {
        services.AddSingleton<DeskTexts>();
        services.AddSingleton<ShowDesk>();
        services.AddSingleton<RunDesk>();
        services.AddSingleton<Library>();
        services.AddSingleton<ShowAnswer>();
        services.AddSingleton<CountDesk>();
        services.AddSingleton<RunLibrary>();
    }

    public static void MapInformation(this IEndpointRouteBuilder app)
    {
        ShowDesk.Map(app);
        RunDesk.Map(app);
        ShowAnswer.Map(app);
        RunLibrary.Map(app);
        LibraryFaces.Map(app);
    }
}

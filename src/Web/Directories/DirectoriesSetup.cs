using Yizhen.Rules.Directories;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Directories;

internal static class DirectoriesSetup
{
    public static void AddDirectories(this IServiceCollection services)
    {
        services.AddSingleton(_ => DirectoryRules.Parse(Policies.Text("directories.json")));
        services.AddSingleton<ReadLists>();
        services.AddSingleton<Shelf>();
        services.AddSingleton<BringList>();
        services.AddSingleton<HospitalLinks>();
        services.AddSingleton<StateHospital>();
        services.AddSingleton<NearHere>();
        services.AddSingleton<Elsewhere>();
        services.AddSingleton<ShowHospitals>();
        services.AddSingleton<RunHospitals>();
        services.AddSingleton<RunLists>();
    }

    public static void MapDirectories(this IEndpointRouteBuilder app)
    {
        ShowHospitals.Map(app);
        StateHospital.Map(app);
        RunHospitals.Map(app);
        RunLists.Map(app);
    }
}

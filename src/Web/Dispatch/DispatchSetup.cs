using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

internal static class DispatchSetup
{
    public static void AddDispatch(this IServiceCollection services)
    {
        services.AddSingleton<ReadPool>();
        services.AddSingleton(_ => DispatchRules.Parse(Policies.Text("dispatch.json")));
        services.AddSingleton<Leadership>();
        services.AddChore<DispatchLoop>();
        services.AddChore<TellTurn>();
        services.AddChore<MissSilent>();
    }

    public static void MapDispatch(this IEndpointRouteBuilder app)
    {
        GoOnDuty.Map(app);
        DutyForm.Map(app);
    }
}

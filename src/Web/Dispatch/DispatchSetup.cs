using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

internal static class DispatchSetup
{
    public static void AddDispatch(this IServiceCollection services)
    {
        services.AddSingleton(DispatchRules.Parse(Policies.Text("dispatch.json")));
        services.AddSingleton<Leadership>();
        services.AddSingleton<DispatchLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<DispatchLoop>());
    }

    public static void MapDispatch(this IEndpointRouteBuilder app)
    {
        GoOnDuty.Map(app);
        DutyForm.Map(app);
    }
}

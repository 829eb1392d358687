using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Dispatch;

internal static class DispatchSetup
{
    public static void AddDispatch(this IServiceCollection services)
    {
        services.AddSingleton<ReadPool>();
        services.AddSingleton<MakeOffers>();
        services.AddSingleton<RunSurge>();
        services.AddSingleton<WhyWaitedPages>();
        services.AddSingleton(_ => DispatchRules.Parse(Policies.Text("dispatch.json")));
        services.AddSingleton(_ => PlanRules.Parse(Policies.Text("plan.json")));
        services.AddSingleton(provider => provider.GetRequiredService<PlanRules>().Roster);
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Duty, DutyPolicy.Read));
        services.AddSingleton<WhoComes>();
        services.AddSingleton<Planner>();
        services.AddSingleton<RosterShelf>();
        services.AddSingleton<RunRoster>();
        services.AddSingleton<OwnShifts>();
        services.AddSingleton<SignOff>();
        services.AddSingleton(_ => SurgeRules.Parse(Policies.Text("surge.json")));
        services.AddSingleton<Leadership>();
        services.AddChore<DispatchLoop>();
        services.AddChore<TellTurn>();
        services.AddChore<MissSilent>();
    }

    public static void MapDispatch(this IEndpointRouteBuilder app)
    {
        GoOnDuty.Map(app);
        RunSurge.Map(app);
        WhyWaitedPages.Map(app);
        DutyForm.Map(app);
        RunRoster.Map(app);
        OwnShifts.Map(app);
        SignOff.Map(app);
        ShowPlan.Map(app);
    }
}

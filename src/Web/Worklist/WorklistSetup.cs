using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Worklist;

internal static class WorklistSetup
{
    public static void AddWorklist(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Recheck, RecheckPolicy.Read));
        services.AddSingleton<Letters>();
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Reporting, ReportingPolicy.Read));
        services.AddSingleton<Entries>();
        services.AddSingleton<SeeToEntries>();
        services.AddChore<AskAgain>();
        services.AddChore<TellOverdue>();
        services.AddSingleton(new ErasedWith((database, _, consultations, ct) => Entries.Erase(database, consultations, ct)));
    }

    public static void MapWorklist(this IEndpointRouteBuilder app)
    {
        SeeToEntries.Map(app);
    }
}

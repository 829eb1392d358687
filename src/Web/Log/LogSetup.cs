using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

internal static class LogSetup
{
    public static void AddLog(this IServiceCollection services)
    {
        services.AddSingleton<Bell>();
        services.AddHostedService<BellWire>();
        services.AddSingleton<FactTable>();
        services.AddSingleton<ILane>(provider => provider.GetRequiredService<IEngine>() is { Name: "postgres" } postgres
            ? new PostgresLane(postgres)
            : new SqliteLane(provider.GetRequiredService<IEngine>()));
        services.AddSingleton<Lanes>();
        services.AddHostedService(provider => provider.GetRequiredService<Lanes>());
        services.AddSingleton<ConsultationLog>();
        services.AddSingleton<Judgements>();
        services.AddSingleton<Advised>();
        services.AddSingleton<StatisticalCodes>();
        services.AddSingleton<ConsultationKeys>();
        services.AddSingleton<Unreadable>();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<Duties>();
        services.AddSingleton<Proofs>();
        services.AddSingleton<Surges>();
        services.AddSingleton<Aids>();
        services.AddSingleton<Moves>();
        services.AddSingleton<LogOrder>();
        services.AddSingleton<Strains>();
        services.AddSingleton<Recalls>();
        services.AddSingleton<Erasure>();
        services.AddSingleton<Heartbeats>();
        services.AddSingleton<Telemetry>();
    }
}

using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

internal static class AccountsSetup
{
    /// <param name="gateway">Null: in demo and drill the development outbox; in real use codes cannot be sent, and places are kept without.</param>
    public static void AddAccounts(this IServiceCollection services, Deployment deployment, GatewaySettings? gateway)
    {
        services.AddSingleton(_ => CodeLimits.Parse(Policies.Text("codes.json")));
        services.AddSingleton<DemoSecret>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<Patients>();
        services.AddSingleton<Codes>();
        services.AddSingleton<Staff>();
        services.AddSingleton<StaffDoor>();
        services.AddSingleton<ReturnByPhone>();
        services.AddSingleton<StaffRoster>();
        services.AddSingleton<Shifts>();
        services.AddSingleton<StaffOnDuty>();
        services.AddSingleton<StaffPages>();
        services.AddSingleton<InviteStaff>();
        services.AddSingleton<RunStaff>();
        services.AddSingleton<Registrations>();
        services.AddSingleton<OwnSecondFactor>();
        services.AddSingleton<Breaker>();
        services.AddChore<Messages>();
        if (gateway is not null)
        {
            services.AddHttpClient<IMessageSender, HttpGateway>().ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(10));
            services.AddSingleton(gateway);
        }
        else if (deployment.IsRehearsal)
        {
            services.AddSingleton<IMessageSender, DevelopmentOutbox>();
        }

        services.AddDataProtection();
        // The framework would read its keys before it listens. Whoever needs one first reads them.
        services.Remove(services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true));
        services.AddSingleton<ProtectionKeys>();
        services.AddOptions<KeyManagementOptions>().Configure<ProtectionKeys>((options, keys) => options.XmlRepository = keys);
    }

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        SignInStaff.Map(app);
        JoinByInvitation.Map(app);
        InviteStaff.Map(app);
        RunStaff.Map(app);
        OwnSecondFactor.Map(app);
        ReturnByCode.Map(app);
        ReturnByPhone.Map(app);
        DemoTools.Map(app);
        StaffPages.Map(app);
    }
}

using Microsoft.OpenApi;
using Yizhen.Web.Accounts;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Commands.Drill;
using Yizhen.Web.Consultations;
using Yizhen.Web.Directories;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Information;
using Yizhen.Web.Log;
using Yizhen.Web.Overload;
using Yizhen.Web.Page;
using Yizhen.Web.Statistics;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;
using Yizhen.Web.Worklist;

namespace Yizhen.Web;

/// <summary>The composition: one line a slice. Commands and tests start the same site.</summary>
internal static class Site
{
    public static WebApplication Build(Deployment deployment, string urls, Action<WebApplicationBuilder>? also = null, GatewaySettings? gateway = null, Settings? settings = null, UploadSettings? upload = null)
    {
        // No settings from whatever folder the command was started in, and no watch over all of its files.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Border.Drained;
        });
        Connections.Limit(builder, urls);
        // Only what we name is logged: our own categories, whose messages hold codes and places in the code, never words of a person.
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Logging.AddFilter("Yizhen", LogLevel.Information);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(deployment);
        builder.Services.AddSingleton(deployment.Engine);
        builder.Services.AddSingleton(deployment.Vault);
        builder.Services.AddSingleton(_ => SignedPolicies.For(deployment));
        Listening.Configure(builder, settings ?? Settings.None);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPooledDbContextFactory<Database>(deployment.Engine.Configure);
        builder.Services.AddPages(new PageSettings(deployment.IsRehearsal, deployment.Zone, deployment.Kind == DeploymentKind.Drill));
        builder.Services.AddOpenApi("v1", openApi => openApi.AddSchemaTransformer((schema, context, _) =>
        {
            // Our own reading of texts hides from the description that they are texts.
            schema.Type = context.JsonTypeInfo.Type == typeof(string) ? JsonSchemaType.String : schema.Type;
            return Task.CompletedTask;
        }));
        builder.Services.AddOverload();
        builder.Services.AddLog();
        builder.Services.AddAccounts(deployment, gateway);
        builder.Services.AddSingleton(new ErasedWith((database, account, _, ct) => Patients.Erase(database, account, ct)));
        builder.Services.AddTriage(deployment);
        builder.Services.AddCampaigns();
        builder.Services.AddDirectories();
        builder.Services.AddConsultations();
        builder.Services.AddDispatch();
        builder.Services.AddInformation();
        builder.Services.AddStatistics(upload);
        builder.Services.AddWorklist();
        builder.Services.AddDrill();
        also?.Invoke(builder);
        var app = builder.Build();
        app.UseForwardedHeaders();
        app.UseRouting();
        Embeds.Use(app);
        app.UseGate();
        app.UsePages();
        app.UseBorder();
        app.UseAllowance();
        app.MapPages();
        Health.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json")
            .AddEndpointFilter(async (call, next) => call.HttpContext.GetRouteValue("documentName") is "v1" ? await next(call) : call.HttpContext.Refuse(Rules.Refusal.NotFound))
            .Anonymous("the description of the interface, without data");
        app.MapAccounts();
        app.MapCampaigns();
        app.MapDirectories();
        ReadProtocols.Map(app);
        RecallPages.Map(app);
        app.MapConsultations();
        app.MapDispatch();
        app.MapStatistics();
        app.MapInformation();
        app.MapWorklist();
        RunDrill.Map(app);
        return app;
    }
}

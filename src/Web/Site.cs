using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web;

/// <summary>The composition: one line a slice. Commands and tests start the same site.</summary>
internal static class Site
{
    public static WebApplication Build(Deployment deployment, string urls, Action<WebApplicationBuilder>? also = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(deployment);
        builder.Services.AddSingleton(deployment.Engine);
        builder.Services.AddSingleton(deployment.Vault);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPooledDbContextFactory<Database>(deployment.Engine.Configure);
        builder.Services.AddLog();
        builder.Services.AddPages(new(deployment.Kind == DeploymentKind.Demo, deployment.Zone));
        also?.Invoke(builder);
        var app = builder.Build();
        app.UsePages();
        app.MapPages();
        return app;
    }
}

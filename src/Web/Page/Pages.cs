using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.Extensions;

namespace Yizhen.Web.Page;

/// <summary>Razor pages rendered here and sent whole: no script of a framework, no open connection, nothing hidden in comments.</summary>
internal static class Pages
{
    /// <param name="model">The page's one parameter, <c>Model</c>.</param>
    public static IResult Page<TPage>(this HttpContext http, object model, Brand? brand = null, int status = StatusCodes.Status200OK, string sos = "120")
        where TPage : IComponent => new PageResult(typeof(TPage), model, http.Frame(brand, sos), status);

    public static Frame Frame(this HttpContext http, Brand? brand = null, string sos = "120") => new(
        Lang.Of(http.Request),
        http.Request.GetEncodedPathAndQuery(),
        http.RequestServices.GetRequiredService<PageSettings>(),
        http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
        brand ?? Brand.Plain,
        () => http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http).RequestToken,
        sos)
    {
        Embed = http.Features.Get<Framed>()?.Origins,
    };

    /// <summary>A page, or a part of one for a stream.</summary>
    public static async Task<string> RenderAsync(IServiceProvider services, Type page, object model, Frame frame)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<Root>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(Root.Frame)] = frame,
                [nameof(Root.Page)] = page,
                [nameof(Root.Model)] = model,
            }));
            return root.ToHtmlString();
        });
    }
}

internal sealed class PageResult(Type page, object model, Frame frame, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = Encoding.UTF8.GetBytes(await Pages.RenderAsync(httpContext.RequestServices, page, model, frame));
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.Vary = "Accept-Language, Cookie";
        if (response.Headers.CacheControl.Count == 0)
        {
            // No form on it (a form's token forbids any keeping): the browser may ask whether it is still the same.
            response.Headers.CacheControl = "private, no-cache";
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"";
            response.Headers.ETag = tag;
            if (status == StatusCodes.Status200OK && httpContext.Request.Headers.IfNoneMatch.Contains(tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}

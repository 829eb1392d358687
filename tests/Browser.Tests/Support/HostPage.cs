using System.Net;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Browser.Tests.Support;

/// <summary>Somebody else's page, from another origin: the files of <c>examples/embed</c>.</summary>
internal sealed class HostPage : IDisposable
{
    private readonly HttpListener listener = new();

    public HostPage()
    {
        Origin = FormattableString.Invariant($"http://127.0.0.1:{Product.FreePort()}");
        listener.Prefixes.Add($"{Origin}/");
        listener.Start();
        _ = ServeAsync();
    }

    public string Origin { get; }

    public void Dispose() => listener.Close();

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            var script = call.Request.Url?.AbsolutePath == "/host.js";
            var page = call.Request.Url?.AbsolutePath == "/";
            call.Response.ContentType = script ? "text/javascript" : "text/html; charset=utf-8";
            call.Response.StatusCode = script || page ? 200 : 404;
            if (script || page)
            {
                await call.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(Checkout.At("examples", "embed", script ? "host.js" : "index.html")));
            }

            call.Response.Close();
        }
    }
}

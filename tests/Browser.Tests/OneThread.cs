using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Consultations;
using Yizhen.Web.Page;
using Thread = Yizhen.Web.Consultations.Thread;

namespace Yizhen.Browser.Tests;

/// <summary>
/// One consultation behind the product's own pipeline, pages and rules, so that a test can close it, silence its stream or put a stranger's page in its place.
/// Everything the browser sees is rendered by the product.
/// </summary>
internal sealed class OneThread : IStartupFilter
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 6, 15, 0, TimeSpan.Zero);
    private static readonly Guid Doctor = Guid.CreateVersion7(Start);
    private static readonly ConsultationId Id = new(Guid.CreateVersion7(Start));

    private readonly Lock gate = new();
    private readonly TaskCompletionSource listened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Consultation now = Consultation.Before(Id).After(
        [
            new Opened("demo", "web", Doctor, "zh", ServiceMode.LightConsultation, Doctor, Relation.Self, new("1", true, true, true, false, false, false), new(2020, 1, 26), "chat"),
            new Assigned(Doctor, "王医生", 1, "urgency_then_wait"),
        ], Start);

    /// <summary>A page of somebody else's answers 200 to everything sent.</summary>
    public bool Foreign { get; set; }

    /// <summary>The stream tells nothing.</summary>
    public bool Mute { get; set; }

    public static string Address => Id.To("talk");

    public Task Listened => listened.Task;

    public IReadOnlyList<string> Said => [.. now.Lines.Where(l => l.By == LineBy.Patient).Select(l => l.Text ?? "")];

    public void Reply(string text) => Write([new ReplySent(Guid.CreateVersion7(Start.AddSeconds(1)), Doctor, text)]);

    public void Close() => Write([new Closed(false, "advised")]);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        app.Run(http => (http.Request.Method, http.Request.Path.Value) switch
        {
            ("POST", var path) when path == Id.To("talk") => Take(http),
            ("GET", var path) when path == Id.To("talk") => Show(http),
            ("GET", var path) when path == Id.To("talk/stream") => Stream(http),
            _ => http.Problem(Rules.Refusal.NotFound).ExecuteAsync(http),
        });
    };

    private Task Show(HttpContext http) => http.Page<TalkPage>(
        new TalkModel(now, "陈女士", new("王医生", "主治医师", "示例市第一医院"), "", Guid.CreateVersion7(Start.AddMinutes(1)), Intake.StoryLength, false, [])).ExecuteAsync(http);

    private async Task Take(HttpContext http)
    {
        if (Foreign)
        {
            await http.Response.WriteAsync("<!doctype html><title>Hotel</title><h1>Welcome</h1>");
            return;
        }

        var form = await SentForm.ReadAsync(http);
        if (!form.Trusted || !Base32.TryRead(form["message"], out var message) || !now.Receive(message, form["text"], []).Is(out var facts, out _))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        Write(facts);
        await new SeeOther(Id.To("talk#latest")).ExecuteAsync(http);
    }

    private async Task Stream(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync(http.RequestAborted);
        while (!http.RequestAborted.IsCancellationRequested)
        {
            var next = changed.Task;
            listened.TrySetResult();
            await next.WaitAsync(http.RequestAborted);
            if (Mute)
            {
                continue;
            }

            var part = await Web.Page.Pages.RenderAsync(http.RequestServices, typeof(Thread), new ThreadModel(now), http.Frame());
            await http.Response.WriteAsync($"event: part\n{string.Concat(part.Split('\n').Select(l => $"data: {l}\n"))}\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private void Write(ImmutableArray<Fact> facts)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            now = now.After(facts, Start.AddMinutes(1));
            before = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.TrySetResult();
    }
}

using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;

namespace Yizhen.Web.Page;

/// <summary>
/// The one place where an exception ends. The reader gets a number, the log the number, the kind and the place in our code;
/// never a message, because a message may quote what somebody wrote.
/// </summary>
internal sealed class Faults(RequestDelegate next, ILoggerFactory logs)
{
    public const string Api = "/api/";

    private readonly ILogger log = logs.CreateLogger("Yizhen.Fault");

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response is { StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null, ContentLength: null })
            {
                await Answer(http, http.Response.StatusCode, Meaning(http.Response.StatusCode), null);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader has gone; nobody is left to be told.
        }
        catch (BadHttpRequestException malformed) when (!http.Response.HasStarted)
        {
            await Answer(http, malformed.StatusCode, Meaning(malformed.StatusCode), null);
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            var incident = Incident(http);
            log.LogError("Incident {Incident}: {Kind} at {Place} in {Endpoint}", incident, Kinds(fault), Place(fault), http.GetEndpoint()?.DisplayName);
            await (IsStorage(fault) ? Answer(http, StatusCodes.Status503ServiceUnavailable, Refusal.NotStored, incident) : Answer(http, StatusCodes.Status500InternalServerError, null, incident));
        }
    }

    /// <summary>A full disk or a database that has gone is no bug of ours: nothing was acknowledged, and the same step may be tried again.</summary>
    private static bool IsStorage(Exception fault) => fault is DbException or IOException || (fault.InnerException is { } inner && IsStorage(inner));

    /// <summary>What was typed, so that it need not be typed again. Read only where the form has been read already.</summary>
    private static ImmutableArray<(string Name, string Value)> Sent(HttpContext http) =>
        http.Features.Get<IFormFeature>()?.Form is { } form
            ? [.. form.Where(f => f.Key.Length is > 0 and < 100 && !f.Key.Contains("password", StringComparison.OrdinalIgnoreCase) && !f.Key.StartsWith("__", StringComparison.Ordinal))
                .SelectMany(f => f.Value.OfType<string>().Select(v => (f.Key, v)))]
            : [];

    private static async Task Answer(HttpContext http, int status, Refusal? why, string? incident)
    {
        http.Response.Clear();
        SecurityHeaders.Write(http.Response);
        http.Response.Headers.CacheControl = "no-store";
        if (why is { } refusal && RefusalWords.RetryAfter(refusal) is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var answer = http.Request.Path.StartsWithSegments(Api.TrimEnd('/'), StringComparison.Ordinal)
            ? Results.Problem(why is { } known ? Problems.Describe(http, known, status) : Unexpected(http, incident))
            : http.Refused(new RefusedModel(why, incident, null, status >= StatusCodes.Status500InternalServerError ? Sent(http) : default), status);
        await answer.ExecuteAsync(http);
    }

    private static ProblemDetails Unexpected(HttpContext http, string? incident) => new()
    {
        Type = "urn:yizhen:incident",
        Title = Lang.Of(http.Request)["这一步没有成功，是我们的问题。请再试一次；还是不行，打专线报编号", "This step did not work, and that is our fault. Try again; if it still fails, call the hotline and give the number"],
        Status = StatusCodes.Status500InternalServerError,
        Extensions = { ["code"] = "incident", ["incident"] = incident },
    };

    private static Refusal Meaning(int status) => status switch
    {
        StatusCodes.Status404NotFound => Refusal.NotFound,
        StatusCodes.Status401Unauthorized => Refusal.NotSignedIn,
        StatusCodes.Status403Forbidden => Refusal.NotFound,
        StatusCodes.Status413PayloadTooLarge => Refusal.TextTooLong,
        StatusCodes.Status429TooManyRequests => Refusal.TooManyAttempts,
        StatusCodes.Status503ServiceUnavailable => Refusal.Overloaded,
        _ => Refusal.Malformed,
    };

    private static string Incident(HttpContext http)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var tail = Base32.Write(Guid.CreateVersion7(now))[^6..].ToUpperInvariant();
        return $"{tail[..4]}-{tail[4..]}";
    }

    private static string Kinds(Exception fault) => fault.InnerException is { } inner ? $"{fault.GetType().Name} > {Kinds(inner)}" : fault.GetType().Name;

    private static string Place(Exception fault) =>
        string.Join(" < ", new System.Diagnostics.StackTrace(fault, fNeedFileInfo: false).GetFrames()
            .Select(f => f.GetMethod())
            .Where(m => m?.DeclaringType?.FullName?.StartsWith("Yizhen.", StringComparison.Ordinal) == true)
            .Take(6)
            .Select(m => $"{m?.DeclaringType?.FullName}.{m?.Name}"));
}

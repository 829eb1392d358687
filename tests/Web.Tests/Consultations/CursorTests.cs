using System.Text.Json;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>
/// A reader who has seen more than there is: a backup was restored under an open page. Whoever waits for "more than the last I have seen" would wait for ever.
/// </summary>
public sealed class CursorTests
{
    [Theory, OnBothDatabases]
    public async Task Reader_ahead_of_the_log_is_shown_what_there_is_and_what_comes(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site);
        await doctor.Given(patient.Id);
        await patient.Until(c => c.Bucket == "in_consultation");

        await FollowsAsync(patient, $"{patient.Consultation}/events", "9223372036854775807", "重新看到", () => SayAsync(patient, "重新看到"));
        await FollowsAsync(doctor, "/api/v1/desk/events", $"{patient.Id}:99999", "医生也看到", () => SayAsync(patient, "医生也看到"));
    }

    private static async Task FollowsAsync(Caller reader, string address, string seen, string later, Func<Task> say)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var stream = await reader.Stream(address, ("Last-Event-ID", seen));
        Assert.True(stream.IsSuccessStatusCode, $"{address}: {(int)stream.StatusCode}");
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(limit.Token));
        await UntilAsync(lines, "发烧", limit.Token);
        await say();
        await UntilAsync(lines, later, limit.Token);
    }

    private static async Task UntilAsync(StreamReader lines, string text, CancellationToken ct)
    {
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The stream ended before {text}.");
    }

    private static Task<JsonElement> SayAsync(Caller patient, string text) => patient.Put<JsonElement>($"{patient.Consultation}/messages/{Guid.CreateVersion7()}", new MessageBody(text));
}

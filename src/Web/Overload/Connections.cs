using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Yizhen.Rules.Overload;

namespace Yizhen.Web.Overload;

/// <summary>
/// How many lines may be open. Each is a file to the system, and a process that has none left can open neither its database nor another line: so whoever comes over
/// the number is told in one prepared answer where to ring, and the line is closed. Where nothing can be told, as before TLS, it is closed without.
/// </summary>
internal static class Connections
{
    /// <summary>For the database, the files and the lines of those who are being told.</summary>
    private const int Reserve = 2_000;

    /// <summary>Lines that are being closed with an answer; beyond them without.</summary>
    private const int Telling = 500;

    private const int Backlog = 4_096;

    private static readonly TimeSpan Asks = TimeSpan.FromSeconds(2);

    public static void Limit(WebApplicationBuilder builder, string urls)
    {
        var speaks = !urls.Contains("https://", StringComparison.OrdinalIgnoreCase);
        var open = 0;
        builder.WebHost.UseSockets(sockets => sockets.Backlog = Backlog);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var limits = kestrel.ApplicationServices.GetRequiredService<OverloadLimits>();
            var most = Math.Max(1, Math.Min(limits.Connections, OpenFiles() - Reserve));
            var last = WaitingRoom.Last(limits.Turns.LongestRetryS);
            kestrel.Limits.MaxConcurrentConnections = most + Telling;
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => async line =>
            {
                try
                {
                    await (Interlocked.Increment(ref open) <= most ? next(line) : speaks ? TellAsync(line, last) : Task.CompletedTask);
                }
                finally
                {
                    Interlocked.Decrement(ref open);
                }
            }));
        });
    }

    /// <summary>What the system lets this process have open; very many where it does not say.</summary>
    private static int OpenFiles()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            return line is not null && int.TryParse(line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : int.MaxValue;
        }
        catch (IOException)
        {
            return int.MaxValue;
        }
    }

    private static async Task TellAsync(ConnectionContext line, ReadOnlyMemory<byte> last)
    {
        using var limit = new CancellationTokenSource(Asks);
        try
        {
            // Read first: a line that is closed while something lies on it shows its reader an error instead of an answer.
            var asked = await line.Transport.Input.ReadAsync(limit.Token);
            line.Transport.Input.AdvanceTo(asked.Buffer.End);
            await line.Transport.Output.WriteAsync(last, limit.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // Nobody there to be told.
        }
    }
}

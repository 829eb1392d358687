using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Yizhen.Web.Tests.Support;

/// <summary>The product as a process of its own, as whoever deploys starts it.</summary>
internal static class Product
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Until the server there is ready to serve.</summary>
    public static async Task AnswersAsync(string address)
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"{address}/health/ready"), limit.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not up yet.
            }

            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A command that ends by itself, with what it said and what it complained about.</summary>
    public static async Task<(int Code, string Said, string Complained)> EndAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var (said, complained) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await said, await complained);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>A command that goes on; of what a server says nothing is kept.</summary>
    public static Process Run(params string[] arguments) => Run(arguments, outlivesFullDisks: false);

    /// <param name="outlivesFullDisks">True: a file that may not grow is an error of the write, as on a full disk, and not the end of the process.</param>
    public static Process Run(string[] arguments, bool outlivesFullDisks)
    {
        var process = Start(arguments, outlivesFullDisks ? ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"] : []);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        if (arguments[0] == "serve")
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
        }

        return process;
    }

    private static Process Start(string[] arguments, params string[] through)
    {
        string[] line = [.. through, "dotnet", Path.Combine(AppContext.BaseDirectory, "Yizhen.Web.dll"), .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start) ?? throw new InvalidOperationException("The product did not start.");
    }
}

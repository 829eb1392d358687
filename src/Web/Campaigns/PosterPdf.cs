using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// Paper from the same SVG, by Debian's rsvg-convert in a process of its own: it reads from its input, writes to its output, and gets some seconds.
/// The fonts of the machine are embedded. Where the program is not installed, there is none.
/// </summary>
internal static class PosterPdf
{
    private const string Program = "rsvg-convert";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null where the program is not installed, failed or took too long.</summary>
    public static async Task<byte[]?> OfAsync(string svg, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        var start = new ProcessStartInfo(Program, ["--format", "pdf"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start);
            if (process is null)
            {
                return null;
            }

            try
            {
                using var pdf = new MemoryStream();
                var read = process.StandardOutput.BaseStream.CopyToAsync(pdf, limit.Token);
                var complained = process.StandardError.ReadToEndAsync(limit.Token);
                await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(svg), limit.Token);
                process.StandardInput.Close();
                await read;
                await complained;
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0 ? pdf.ToArray() : null;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                process.Kill();
                return null;
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

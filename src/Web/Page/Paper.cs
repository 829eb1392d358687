using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Yizhen.Web.Page;

/// <summary>
/// Sheets of A4 drawn as SVG in millimetres, with whatever Chinese font the machine has: Noto Sans CJK (SIL Open Font Licence) where it was installed. The PDF is the same SVG, by Debian's rsvg-convert in a process of its own: it reads from its input, writes to its output, and gets some seconds.
/// The fonts of the machine are embedded. Where the program is not installed, there is none.
/// </summary>
internal static class Paper
{
    private const string Program = "rsvg-convert";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>An empty sheet: white, with the product's green at its head. Whoever draws on it closes it.</summary>
    /// <param name="attributes">Of the whole drawing.</param>
    public static StringBuilder Sheet(string attributes) => new StringBuilder().Append(
        CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\" font-family=\"'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC',sans-serif\" fill=\"#16211d\" {attributes}><rect width=\"210\" height=\"297\" fill=\"#fff\"/><rect width=\"210\" height=\"6\" fill=\"#0b6e4f\"/>");

    /// <summary>One line of words, which hold no control character then.</summary>
    /// <param name="x">Millimetres from the left; <paramref name="y"/> from the top, of the line's foot.</param>
    /// <param name="attributes">Of this line: weight, colour, end.</param>
    public static void Write(StringBuilder svg, double x, double y, string words, double size, string attributes = "") =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\"{attributes}>{Text(words)}</text>");

    public static string Text(string words) => WebUtility.HtmlEncode(new string([.. words.Where(c => !char.IsControl(c))]));

    /// <summary>Null where the program is not installed, failed or took too long.</summary>
    public static async Task<byte[]?> PdfAsync(string svg, CancellationToken ct)
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

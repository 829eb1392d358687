using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Yizhen.Browser.Tests.Support;

/// <summary>
/// Where a browser has come to, looked at again and again. The driver's own waiting misses an arrival that falls between its look
/// at the address and its listening, and then waits for nothing.
/// </summary>
internal static class Arrival
{
    private const long LongestMs = 15_000;

    /// <param name="address">With ** for anything and * for anything but a slash.</param>
    public static Task ArriveAsync(this IPage page, string address) =>
        page.ArriveAsync(new Regex($"^{Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant).IsMatch);

    public static async Task ArriveAsync(this IPage page, Func<string, bool> there)
    {
        var until = Environment.TickCount64 + LongestMs;
        while (!there(page.Url))
        {
            Assert.True(Environment.TickCount64 < until, $"After {LongestMs} ms still at {page.Url}.");
            await Task.Delay(20);
        }
    }
}

using Microsoft.Playwright;

namespace Yizhen.Browser.Tests.Support;

public enum Screen
{
    /// <summary>390 x 844, touch.</summary>
    Phone,

    /// <summary>1280 x 900.</summary>
    Desktop,
}

/// <summary>
/// Debian's Chromium, one for the whole run, gone with its process. Each <see cref="Tab"/> is a person of its own:
/// cookies and storage are not shared.
/// </summary>
public static class Chromium
{
    private const string Program = "/usr/bin/chromium";

    private static readonly Lazy<Task<IBrowser>> Shared = new(LaunchAsync);

    /// <param name="script">False: as on a phone that runs none. Patients' pages must work so.</param>
    /// <param name="language">zh-CN or en; what the browser asks for.</param>
    public static async Task<Tab> OpenAsync(Screen screen = Screen.Phone, bool script = true, string language = "zh-CN")
    {
        var browser = await Shared.Value;
        var phone = screen == Screen.Phone;
        var context = await browser.NewContextAsync(new()
        {
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            IsMobile = phone,
            HasTouch = phone,
            DeviceScaleFactor = phone ? 2 : 1,
            JavaScriptEnabled = script,
            Locale = language,
            TimezoneId = "Asia/Shanghai",
        });
        context.SetDefaultTimeout(15_000);
        return new(context, await context.NewPageAsync());
    }

    private static async Task<IBrowser> LaunchAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException($"{Program} is missing: install Debian's packages chromium and fonts-noto-cjk, or run ./test as root, which does.");
        }

        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }
}

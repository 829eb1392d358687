using System.Text.Json;
using Microsoft.Playwright;
using Yizhen.Browser.Tests.Support;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Yizhen.Browser.Tests;

/// <summary>From <c>setup</c> on an empty machine to the first real patient, by the commands and pages alone: no demo, no gateway for messages.</summary>
public sealed class SetupStoryTests
{
    private const string Password = "a sentence that is long";

    [Theory]
    [InlineData(DatabaseKind.Sqlite, "zh-CN")]
    [InlineData(DatabaseKind.Postgres, "en")]
    public async Task Empty_machine_serves_its_first_real_patient(DatabaseKind kind, string language)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var (port, name) = (Product.FreePort(), language == "zh-CN" ? "zh" : "en");
        var address = $"http://localhost:{port}";
        string[] where = [.. database.Connection is { } connection ? (string[])["--database", connection] : ["--data", Path.Combine(database.Folder, "data")],
            "--state", Path.Combine(database.Folder, "state"), "--key", Path.Combine(database.Folder, "elsewhere", "deployment.key")];
        var (_, said, _) = await Product.EndAsync(["setup", .. where, "--authority-key", Path.Combine(database.Folder, "authority", "key.pem"), "--sign-shipped",
            "--organisation-zh", "示例市卫健委", "--organisation-en", "Example Commission", "--province", "42", "--base-url", address, "--json"]);
        var join = JsonSerializer.Deserialize<JsonElement>(said).GetProperty("join").GetString()!;

        using var server = Product.Run(["serve", .. where, "--urls", address]);
        try
        {
            await Product.AnswersAsync(address);
            await using var op = await Chromium.OpenAsync(Screen.Desktop, script: true, language);
            await JoinAsync(op, join, "first", "方主任", "13700003333", $"setup-operator-{name}");
            await DraftCampaignAsync(op, address, name);
            var invitation = await InviteAsync(op, address);

            await using var doctor = await Chromium.OpenAsync(Screen.Desktop, script: true, language);
            await JoinAsync(doctor, invitation, "doctor", "李医生", "13700004444", $"setup-doctor-{name}");
            await doctor.Page.GotoAsync($"{address}/staff/desk");
            await doctor.Page.Locator("button[name=state][value=on]").ClickAsync();
            await Expect(doctor.Page.Locator("body")).ToContainTextAsync(name == "zh" ? "机构还没有核对您的执业注册" : "Your registration has not been checked yet");
            await op.Page.GotoAsync($"{address}/staff/people");
            await Expect(op.Page.Locator("input[name=registration]")).ToHaveValueAsync("110420000012345");
            await op.PictureAsync($"setup-people-{name}");
            await op.Page.Locator("button[value=checked]").ClickAsync();
            await Expect(op.Page.Locator("main")).ToContainTextAsync(name == "zh" ? "核对过" : "checked");
            await doctor.Page.GotoAsync($"{address}/staff/desk");
            await doctor.Page.Locator("button[name=state][value=on]").ClickAsync();
            await Expect(doctor.Page.Locator("button[name=state][value=off]")).ToBeVisibleAsync();
            await OpenCampaignAsync(op, address, name);

            await using var tab = await Chromium.OpenAsync(Screen.Phone, script: false, language);
            var p = tab.Page;
            await p.GotoAsync($"{address}/c/first");
            await Expect(p.Locator("body")).Not.ToContainTextAsync(name == "zh" ? "演示" : "Demo");
            await tab.PictureAsync($"setup-campaign-{name}");
            await PatientAsync(p, name);
            await doctor.Page.Locator("#list a").First.WaitForAsync(new() { Timeout = 20_000 });
            if (await doctor.Page.Locator("#reply").CountAsync() == 0)
            {
                await doctor.Page.Locator("#list a").First.ClickAsync();
            }

            await doctor.Page.Locator("#advice textarea[name=advice]").FillAsync("明天带着药盒去社区医院开药。");
            await doctor.Page.Locator("#advice button").ClickAsync();
            await doctor.Page.ArriveAsync("**/staff/desk");
            await p.GotoAsync($"{address}/q/{new Uri(p.Url).AbsolutePath.Split('/')[2]}/advice");
            await Expect(p.Locator("main")).ToContainTextAsync("明天带着药盒去社区医院开药。");
            await tab.PictureAsync($"setup-advice-{name}");

            var (code, ledger, _) = await Product.EndAsync(["ledger", .. where, "--json"]);
            var counted = JsonSerializer.Deserialize<JsonElement>(ledger);
            Assert.Equal((0, 1, 1, true), (code, counted.GetProperty("opened").GetInt32(), counted.GetProperty("served").GetInt32(), counted.GetProperty("holds").GetBoolean()));
            Assert.Equal(0, (await Product.EndAsync(["verify", .. where])).Code);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        // What was made real is never served as a demo.
        Assert.NotEqual(0, (await Product.EndAsync(["serve", "--demo", .. where, "--urls", address])).Code);
    }

    /// <summary>By the link, with an authenticator: there is no gateway that could bring a code.</summary>
    private static async Task JoinAsync(Tab tab, string link, string login, string person, string phone, string picture)
    {
        var page = tab.Page;
        await page.GotoAsync(link);
        var secret = Totp.Read(await page.Locator("input[name=secret]").InputValueAsync()) ?? throw new InvalidOperationException("No key for an authenticator.");
        foreach (var (field, value) in new[] { ("name", person), ("title", "主治医师"), ("registration", "110420000012345"), ("phone", phone), ("login", login), ("password", Password) })
        {
            if (await page.Locator($"input[name={field}]").CountAsync() > 0)
            {
                await page.Locator($"input[name={field}]").FillAsync(value);
            }
        }

        await tab.PictureAsync(picture);
        await tab.AccessibleAsync();
        // Last: on a busy machine the looking takes longer than a code lives.
        await page.Locator("input[name=code]").FillAsync(Now(secret));
        await page.Locator("button.main").ClickAsync();
        await page.ArriveAsync(url => url.Contains("/staff", StringComparison.Ordinal) && !url.Contains("/join/", StringComparison.Ordinal) && !url.Contains("sign-in", StringComparison.Ordinal));
    }

    private static async Task DraftCampaignAsync(Tab op, string address, string name)
    {
        var page = op.Page;
        await page.GotoAsync($"{address}/staff/campaigns/new");
        foreach (var (field, value) in new[]
        {
            ("slug", "first"), ("name_zh", "第一场"), ("name_en", "First"), ("owner_zh", "示例市卫健委"), ("owner_en", "Example Commission"), ("purpose_zh", "先问医生"), ("purpose_en", "Ask a doctor first"),
            ("covers_zh", "本市的人"), ("covers_en", "People of this city"), ("regions", "420100"), ("from", "00:00"), ("to", "00:00"), ("hotline", "027-12345"), ("numbers", "120"),
        })
        {
            await page.Locator($"#{field}").FillAsync(value);
        }

        await page.Locator("form button.main").First.ClickAsync();
        // Nobody is on duty yet, and the list says so.
        await Expect(page.Locator("form[action$='/open'] button")).ToBeDisabledAsync();
        await op.PictureAsync($"setup-campaign-draft-{name}");
    }

    private static async Task OpenCampaignAsync(Tab op, string address, string name)
    {
        var page = op.Page;
        await page.GotoAsync($"{address}/staff/campaigns/first");
        await page.Locator("#reason").FillAsync(name == "zh" ? "第一天，只有一个操作员" : "The first day: there is one operator");
        await page.Locator("form[action$='/open'] button").ClickAsync();
        await Expect(page.Locator("form[action$='/close'] button")).ToBeVisibleAsync();
        await op.PictureAsync($"setup-campaign-form-{name}");
    }

    private static async Task<string> InviteAsync(Tab op, string address)
    {
        var page = op.Page;
        await page.GotoAsync($"{address}/staff/invitations");
        await page.Locator("#role").SelectOptionAsync("Physician");
        foreach (var box in await page.Locator("input[name=skill], input[name=lang]").AllAsync())
        {
            await box.CheckAsync();
        }

        await page.Locator("form button.main").First.ClickAsync();
        return await page.Locator("#link").InnerTextAsync();
    }

    private static async Task PatientAsync(IPage p, string name)
    {
        await p.Locator("form[action$='/start'] button").First.ClickAsync();
        foreach (var key in new[] { "advice", "share", "keep" })
        {
            await p.Locator($"#{key}").CheckAsync();
        }

        await Next(p);
        await p.Locator("input[name=who][value=self]").CheckAsync();
        await Next(p);
        await p.Locator("#place").FillAsync("jiangan");
        await p.Locator("form[role=search] button").ClickAsync();
        await p.Locator("input[name=region][value='420102']").CheckAsync();
        await Next(p);
        await p.Locator("#story").FillAsync(name == "zh" ? "降压药吃完了，想问怎么办" : "My blood pressure pills are used up. What now?");
        await Next(p);
        for (var pages = 0; pages < 30 && (p.Url.EndsWith("/read-back", StringComparison.Ordinal) || p.Url.EndsWith("/questions", StringComparison.Ordinal)); pages++)
        {
            foreach (var asked in await p.Locator("input[name=asked]").EvaluateAllAsync<string[]>("all => all.map(i => i.value)"))
            {
                var open = p.Locator($"[name='a.{asked}'][value={(asked == "red_flags" ? "none" : "unknown")}]");
                await (await open.CountAsync() > 0 ? open.First : p.Locator($"[name='a.{asked}']").Last).CheckAsync();
            }

            await Next(p);
        }

        await p.ArriveAsync("**/outcome");
        await p.GotoAsync(p.Url.Replace("/outcome", "/contact", StringComparison.Ordinal));
        await p.Locator("button[name=recovery]").ClickAsync();
        await p.Locator("a.btn[href$='/waiting']").ClickAsync();
        await p.ArriveAsync("**/q/*/*");
    }

    private static Task Next(IPage p) => p.Locator("form.flow .actions button.btn").First.ClickAsync();

    private static string Now(byte[] secret) => Totp.Code(secret, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
}

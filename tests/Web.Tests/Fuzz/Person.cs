using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>
/// Somebody at a browser that takes no cookie but the form's: what they are stays the same however often they are offered to become somebody else.
/// </summary>
internal sealed partial class Person : IDisposable
{
    private readonly HttpClient browser;
    private string cookie = "";

    private Person(TestSite site, string name, string? token, string language, IReadOnlyList<string> foreign)
    {
        browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = site.Address, Timeout = TimeSpan.FromSeconds(30) };
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        browser.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        (Name, Language, Foreign) = (name, language, foreign);
    }

    public string Name { get; }

    public string Language { get; }

    /// <summary>Words of others that this one may never read.</summary>
    public IReadOnlyList<string> Foreign { get; }

    public string FormToken { get; private set; } = "";

    public static async Task<Person> AtAsync(TestSite site, string name, string? token, string language, IReadOnlyList<string> foreign)
    {
        var person = new Person(site, name, token, language, foreign);
        using var page = await person.browser.GetAsync(new Uri("/staff/sign-in", UriKind.Relative));
        person.cookie = page.Headers.GetValues("Set-Cookie").First(c => c.StartsWith("form=", StringComparison.Ordinal)).Split(';')[0];
        person.FormToken = System.Net.WebUtility.HtmlDecode(Token().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);
        Assert.NotEmpty(person.FormToken);
        return person;
    }

    /// <param name="stream">Reads the first event only, and no longer than a moment.</param>
    public async Task<Reply> SendAsync(HttpRequestMessage request, bool stream = false)
    {
        if (!request.Headers.Contains("Cookie"))
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        using var answer = await browser.SendAsync(request, stream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
        var isEvents = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var body = isEvents ? await FirstEventAsync(answer) : await answer.Content.ReadAsStringAsync();
        var headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}"));
        return new Reply((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", body, headers, answer.Headers.Location?.OriginalString, answer.Headers.Contains("X-Content-Type-Options"));
    }

    public async Task<Reply> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        return await SendAsync(request, stream: true);
    }

    public void Dispose() => browser.Dispose();

    private static async Task<string> FirstEventAsync(HttpResponseMessage answer)
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var text = "";
        try
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(moment.Token));
            while (await reader.ReadLineAsync(moment.Token) is { Length: > 0 } line)
            {
                text += line + "\n";
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing to say yet: an open stream is an answer.
        }

        return text;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

internal sealed record Reply(int Status, string MediaType, string Body, string Headers, string? Location, bool NoSniff);

using System.Net.Sockets;
using System.Text;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Fuzz;

/// <summary>Headers and cookies as no browser sends them, over a bare connection.</summary>
public sealed class HeaderTests
{
    [Fact]
    public async Task Headers_that_are_none_are_answered_and_the_next_one_is_served()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        string[] tried =
        [
            $"Cookie: yz-device={new string('a', 8000)}; form={new string('b', 8000)}",
            "Cookie: form=CfDJ8; form=; =; lang=\"<script>yz9()</script>\"; yz-staff=%00%ff",
            "Authorization: Bearer " + new string('x', 20_000),
            "Authorization: Bearer \u00ff\u00fe",
            "Accept-Language: " + string.Concat(Enumerable.Repeat("xx-YY;q=0.0001,", 600)),
            "Accept-Language: ;;;q=q,*;q=-1",
            "X-Forwarded-For: ' or 1=1 --, ::ffff:999.1.1.1, [",
            "X-Forwarded-Proto: javascript\r\nX-Forwarded-Host: evil.example",
            "X-Demo-Secret: x\r\nX-Demo-Network: not an address",
            "If-None-Match: \"" + new string('e', 5000),
            "Range: bytes=-1-,9-2",
            "Accept-Encoding: nothing;q=9, br;q=",
            "Content-Length: 5\r\nContent-Encoding: gzip",
            "Expect: 100-continue\r\nContent-Length: 0",
            "Last-Event-ID: 18446744073709551616",
        ];
        foreach (var header in tried)
        {
            foreach (var path in new[] { "/", "/c/wuhan", "/mine", "/staff", "/assets/patient.css", "/api/v1/consultations", "/api/v1/desk/events", "/lang/en?back=%2F%2Fevil.example" })
            {
                var answer = await AskAsync(site.Address, $"GET {path} HTTP/1.1\r\nHost: {site.Address.Authority}\r\nConnection: close\r\n{header}\r\n\r\n{(header.Contains("Length: 5", StringComparison.Ordinal) ? "abcde" : "")}");
                var status = Status(answer);
                Assert.True(status is >= 200 and < 500, $"{header[..Math.Min(40, header.Length)]} at {path}: {answer[..Math.Min(200, answer.Length)]}");
                Assert.DoesNotContain("evil.example", answer, StringComparison.Ordinal);
                Assert.DoesNotContain("<script>yz9", answer, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>These never reach the product: the server refuses them by itself, without a page.</summary>
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("POST /api/v1/staff/sign-in HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n")]
    [InlineData("TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\r\n\r\n")]
    public async Task Request_that_is_none_is_refused(string request)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        Assert.InRange(Status(await AskAsync(site.Address, request)), 400, 499);
        using var person = site.NewPerson();
        Assert.True((await person.GetAsync(new Uri("/", UriKind.Relative))).IsSuccessStatusCode);
    }

    private static int Status(string answer) => answer.Split(' ') is [_, var code, ..] && int.TryParse(code, out var status) ? status : 0;

    private static async Task<string> AskAsync(Uri address, string request)
    {
        using var connection = new TcpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await connection.ConnectAsync(address.Host, address.Port, patience.Token);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(patience.Token);
    }
}

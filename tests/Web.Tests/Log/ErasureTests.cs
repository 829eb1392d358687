using System.Net;
using System.Text;
using System.Text.Json;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>A person who asks to be forgotten is found in no byte of the database's own files, and the ledger still holds.</summary>
public sealed class ErasureTests
{
    private const string Canary = "canary-7f3a9c-鸟";
    private const string Number = "13900007777";

    /// <summary>A picture of one dot; its image data lies from byte 41 to 54.</summary>
    private static readonly byte[] Dot = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Theory, OnBothDatabases]
    public async Task An_erased_person_is_in_no_byte_and_the_chain_still_holds(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var site = await TestSite.StartAsync(database);
        using var kept = await Caller.PatientAsync(site, "留下来的人");
        using var patient = await (await Caller.PatientAsync(site, $"{Canary} 病情", label: Canary)).InQueueAsync();
        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.NewGuid()}", new MessageBody($"{Canary} 消息"));
        await patient.Post<JsonElement>($"{patient.Consultation}/contact/phone", new { phone = Number });
        using var photo = new ByteArrayContent(Dot);
        Assert.True((await patient.Send(HttpMethod.Put, $"{patient.Consultation}/photos/{Guid.NewGuid()}", photo)).IsSuccessStatusCode);
        using var doctor = await Caller.DoctorAsync(site);
        var epoch = (await doctor.Given(patient.Id)).Epoch;
        await doctor.Put<Stored>($"{patient.Consultation}/replies/{Guid.NewGuid()}", new ReplyBody($"{Canary} 回复", epoch));
        using var desk = new Operator(site.NewPerson());
        desk.Browser.DefaultRequestHeaders.Authorization = new("Bearer", doctor.Token);
        await desk.SendAsync("/staff/desk", $"/staff/desk/{patient.Id}/draft", ("text", $"{Canary} 草稿"));
        using var looker = Operator.Nobody(site);
        Assert.Contains(Number, await looker.ReadAsync("/demo/outbox.json"), StringComparison.Ordinal);
        Assert.Contains($"{Canary} 草稿", WebUtility.HtmlDecode(await desk.ReadAsync($"/staff/desk?c={patient.Id}")), StringComparison.Ordinal);
        Assert.Equal(1, await site.CountAsync("select count(*) from draft"));

        var erased = await patient.Delete<JsonElement>("/api/v1/me");
        Assert.Equal(1, erased.GetProperty("consultations").GetInt32());

        Assert.Equal(HttpStatusCode.Unauthorized, (await patient.Refused(HttpMethod.Get, patient.Consultation)).Status);
        Assert.NotEmpty(await File.ReadAllTextAsync(Path.Combine(database.Folder, "erasures.log")));
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((2, 1), (ledger.Opened, ledger.Left));
        Assert.Null((await site.VerifyAsync()).Broken);
        Assert.Equal("留下来的人", (await kept.Look()).Story);
        Assert.Equal(0, await site.CountAsync("select count(*) from draft"));
        foreach (var page in new[] { await desk.ReadAsync($"/staff/desk?c={patient.Id}"), await looker.ReadAsync("/demo/outbox.json"), await looker.ReadAsync("/demo/outbox") }.Select(WebUtility.HtmlDecode))
        {
            Assert.DoesNotContain(Canary, page, StringComparison.Ordinal);
            Assert.DoesNotContain(Number, page, StringComparison.Ordinal);
        }

        var traces = new[] { Encoding.UTF8.GetBytes(Canary), Encoding.UTF8.GetBytes(Number), Dot[41..54] };
        foreach (var file in Directory.EnumerateFiles(database.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await ReadShared(file);
            Assert.All(traces, trace => Assert.False(Holds(bytes, trace), $"{Path.GetFileName(file)} still holds what was erased"));
        }

        if (kind == DatabaseKind.Postgres)
        {
            await site.RunAsync("checkpoint");
            Assert.True(await FilesHoldingAsync(site, "wuhan"u8.ToArray()) > 0, "What is not secret is found, so the search searches.");
            foreach (var trace in traces)
            {
                Assert.Equal(0, await FilesHoldingAsync(site, trace));
            }
        }

        Assert.Empty(await site.RowsHoldingAsync(Canary, Number));
    }

    /// <summary>How many of the database's own files on the server, and of its write-ahead log, hold these bytes.</summary>
    private static Task<long> FilesHoldingAsync(TestSite site, byte[] trace) => site.CountAsync($"""
        select count(*) from (
            select 'base/' || oid || '/' || pg_ls_dir('base/' || oid) as file from pg_database where datname = current_database()
            union all select 'pg_wal/' || name from pg_ls_waldir()) f
        where position('\x{Convert.ToHexStringLower(trace)}'::bytea in pg_read_binary_file(file, 0, 100000000, true)) > 0
        """);

    private static async Task<byte[]> ReadShared(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var held = new MemoryStream();
        await stream.CopyToAsync(held);
        return held.ToArray();
    }

    private static bool Holds(byte[] haystack, byte[] needle) => haystack.AsSpan().IndexOf(needle) >= 0;
}

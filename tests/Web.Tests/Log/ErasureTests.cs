using System.Text;
using System.Text.Json;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>A person who asks to be forgotten is found in no byte of the database's own files, and the ledger still holds.</summary>
public sealed class ErasureTests
{
    private const string Canary = "canary-7f3a9c-鸟";

    [Theory, OnBothDatabases]
    public async Task An_erased_person_is_in_no_byte_and_the_chain_still_holds(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        await using var site = await TestSite.StartAsync(database);
        using var kept = await Caller.PatientAsync(site, "留下来的人");
        using var patient = await (await Caller.PatientAsync(site, $"{Canary} 病情")).InQueueAsync();
        await patient.Put<Stored>($"{patient.Consultation}/messages/{Guid.NewGuid()}", new MessageBody($"{Canary} 消息"));
        await patient.Post<JsonElement>($"{patient.Consultation}/contact/phone", new { phone = "13900007777" });

        var erased = await patient.Delete<JsonElement>("/api/v1/me");
        Assert.Equal(1, erased.GetProperty("consultations").GetInt32());

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await patient.Refused(HttpMethod.Get, patient.Consultation)).Status);
        Assert.NotEmpty(await File.ReadAllTextAsync(Path.Combine(database.Folder, "erasures.log")));
        var ledger = await site.LedgerAsync();
        Assert.True(ledger.Holds);
        Assert.Equal((2, 1), (ledger.Opened, ledger.Left));
        Assert.Null((await site.VerifyAsync()).Broken);
        Assert.Equal("留下来的人", (await kept.Look()).Story);
        foreach (var file in Directory.EnumerateFiles(database.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await ReadShared(file);
            Assert.False(Holds(bytes, Encoding.UTF8.GetBytes(Canary)), $"{Path.GetFileName(file)} still holds the canary");
            Assert.False(Holds(bytes, "13900007777"u8.ToArray()), $"{Path.GetFileName(file)} still holds the number");
        }

        Assert.Empty(await site.RowsHoldingAsync(Canary, "13900007777"));
    }

    private static async Task<byte[]> ReadShared(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var held = new MemoryStream();
        await stream.CopyToAsync(held);
        return held.ToArray();
    }

    private static bool Holds(byte[] haystack, byte[] needle) => haystack.AsSpan().IndexOf(needle) >= 0;
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>Entries for the lane, made as the log makes them, so that a test can hold one back, or spoil it.</summary>
internal sealed class Craft(TestSite site)
{
    private readonly FactTable table = site.Services.GetRequiredService<FactTable>();
    private readonly Vault vault = site.Services.GetRequiredService<Vault>();

    /// <summary>One message at the version that is on disk now.</summary>
    /// <param name="payload">Another JSON than the message's own, and its kind.</param>
    public async Task<Entry> MessageAsync(Guid id, string text, (string Kind, string Json)? payload = null)
    {
        var rows = await table.OfAsync(id, CancellationToken.None);
        var keys = await KeysAsync(id);
        var before = Payloads.Fold(id, rows, keys);
        var fact = new MessageReceived(Guid.CreateVersion7(), text);
        var after = before.After(fact, before.ChangedAt);
        var header = Header.Of(fact, after, "patient:test");
        var salted = Payloads.Write(fact);
        if (payload is { } other)
        {
            header = header with { Kind = other.Kind };
            salted = [.. salted[..FactRow.SaltBytes], .. Encoding.UTF8.GetBytes(other.Json)];
        }

        var key = keys[FactRow.RetentionCode(header.Retention)];
        var row = FactRow.From(header, rows[^1].Hash, salted, Vault.Seal(key, salted, id, after.Version));
        return new Entry(id, before.Version, Heads.Of(after, row.Hash), [row], [], [], [], null, false);
    }

    /// <summary>The head as the log makes it, from nothing but what is on disk.</summary>
    public async Task<Head> HeadAsync(Guid id)
    {
        var rows = await table.OfAsync(id, CancellationToken.None);
        return Heads.Of(Payloads.Fold(id, rows, await KeysAsync(id)), rows[^1].Hash);
    }

    private async Task<ConcurrentDictionary<string, byte[]>> KeysAsync(Guid id) =>
        new((await table.KeysAsync(id, CancellationToken.None)).Select(k => KeyValuePair.Create(k.Retention, vault.Unwrap(k.Wrapped, id))));
}

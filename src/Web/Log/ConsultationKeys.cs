using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>
/// The key for what is kept beside a consultation's log: the one that seals its payloads. Read from the disk each time and never held,
/// so that nothing outlives an erasure.
/// </summary>
internal sealed class ConsultationKeys(FactTable facts, Vault vault)
{
    /// <summary>Null where the key has been destroyed.</summary>
    public async Task<byte[]?> Of(Guid consultation, CancellationToken ct) =>
        (await facts.KeysAsync(consultation, ct)).FirstOrDefault(k => k.Retention == FactRow.RetentionCode(RetentionClass.Process)) is { } key
            ? vault.Unwrap(key.Wrapped, consultation)
            : null;
}

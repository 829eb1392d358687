using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Codes by message. Limits count per number, device and network together, and a global breaker watches the share of wrong codes:
/// per-number limits alone lose to somebody who tries many numbers. Another breaker watches the gateway. The reply is the same for known and unknown numbers.
/// </summary>
internal sealed class Codes(IDbContextFactory<Database> databases, Vault vault, Messages messages, CodeLimits limits)
{
    /// <summary>Purpose of a code that brings somebody back to a place.</summary>
    public const string ComingBack = "return";

    /// <param name="purpose">patient, <see cref="ComingBack"/> or second_factor.</param>
    /// <param name="person">Whose key seals the message.</param>
    /// <param name="tell">False: everything counts as if a message went out, and none does.</param>
    public async Task<Decision<bool>> Send(string purpose, Guid person, byte[] personKey, PhoneNumber number, Guid device, string network, string lang, DateTimeOffset now, bool tell = true)
    {
        // A code to come back is never the trial of a failing gateway: for a number that is not known here nothing is sent, and the outcome would tell.
        if (purpose == ComingBack ? !messages.CanSend : !messages.MayOffer(now))
        {
            return Refusal.CodesNotSent;
        }

        var id = Guid.CreateVersion7(now);
        await using var database = await databases.CreateDbContextAsync();
        var code = Tokens.NewCode(await Attacked(database, now) ? limits.DigitsUnderAttack : limits.Digits);
        var row = new CodeRow
        {
            Id = id,
            Purpose = purpose,
            Person = person,
            NumberDigest = vault.Digest("phone", number.E164),
            NumberSealed = Vault.Seal(personKey, System.Text.Encoding.UTF8.GetBytes(number.E164), id, 0),
            Device = device,
            Network = network,
            CodeDigest = Digest(id, code),
            CreatedAt = now.Ms(),
            ExpiresAt = (now + limits.ValidFor).Ms(),
            Tries = 0,
        };
        // Stored first and counted with itself: of two at once, each sees the other.
        database.Add(row);
        await database.SaveChangesAsync();
        var tooMany = await TooMany(database, row, now);
        if (tooMany || (purpose != ComingBack && !messages.Promise(now)))
        {
            database.Remove(row);
            await database.SaveChangesAsync();
            return tooMany ? Refusal.CodesUsedUp : Refusal.CodesNotSent;
        }

        if (tell)
        {
            database.Add(Messages.Sealed(person, personKey, purpose == ComingBack ? Messages.CodeToComeBack : "code", number.E164, limits.Text(lang, code), now));
            await database.SaveChangesAsync();
            messages.Ring();
        }

        return true;
    }

    private async Task<bool> TooMany(Database database, CodeRow row, DateTimeOffset now)
    {
        var since = (now - limits.Window).Ms();
        var sent = database.Set<CodeRow>().AsNoTracking().Where(c => c.CreatedAt > since);
        return await sent.CountAsync(c => c.NumberDigest == row.NumberDigest) > limits.PerNumber
            || await sent.CountAsync(c => c.Device == row.Device) > limits.PerDevice
            || await sent.CountAsync(c => c.Network == row.Network) > limits.PerNetwork;
    }

    /// <summary>The number that the newest code of this person and purpose went to; null where none did.</summary>
    public async Task<PhoneNumber?> LastNumber(string purpose, Guid person, byte[] personKey, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await database.Set<CodeRow>().AsNoTracking().Where(c => c.Purpose == purpose && c.Person == person).OrderByDescending(c => c.CreatedAt).FirstOrDefaultAsync(ct);
        return row is not null && Number(row, personKey).Is(out var number, out _) ? number : null;
    }

    /// <summary>The number that has been proven, when the newest code of this person and purpose comes back right.</summary>
    public async Task<Decision<PhoneNumber>> Check(string purpose, Guid person, byte[] personKey, string? typed, DateTimeOffset now)
    {
        var digits = new string([.. (typed ?? "").Where(char.IsDigit).Select(c => (char)('0' + char.GetNumericValue(c)))]);
        await using var database = await databases.CreateDbContextAsync();
        var row = await database.Set<CodeRow>().AsNoTracking()
            .Where(c => c.Purpose == purpose && c.Person == person && c.UsedAt == null)
            .OrderByDescending(c => c.CreatedAt).FirstOrDefaultAsync();
        if (row is null || row.ExpiresAt <= now.Ms())
        {
            return Refusal.CodeExpired;
        }

        // The try is counted before the comparison, in one statement: two at once cannot share a try.
        var counted = await database.Set<CodeRow>().Where(c => c.Id == row.Id && c.Tries < limits.Tries && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Tries, c => c.Tries + 1));
        if (counted == 0)
        {
            return Refusal.CodesUsedUp;
        }

        if (!CryptographicOperations.FixedTimeEquals(row.CodeDigest, Digest(row.Id, digits)))
        {
            return Refusal.CodeWrong;
        }

        await database.Set<CodeRow>().Where(c => c.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now.Ms()));
        return Number(row, personKey);
    }

    /// <summary>More wrong tries than people make by themselves: somebody guesses.</summary>
    private async Task<bool> Attacked(Database database, DateTimeOffset now)
    {
        var since = (now - limits.BreakerWindow).Ms();
        var recent = database.Set<CodeRow>().AsNoTracking().Where(c => c.CreatedAt > since);
        var wrong = await recent.SumAsync(c => (int?)(c.UsedAt == null ? c.Tries : c.Tries - 1)) ?? 0;
        return wrong >= limits.BreakerWrongTries;
    }

    private static Decision<PhoneNumber> Number(CodeRow row, byte[] personKey) =>
        PhoneNumber.Read(System.Text.Encoding.UTF8.GetString(Vault.Open(personKey, row.NumberSealed, row.Id, 0)));

    private byte[] Digest(Guid id, string code) => vault.Digest("code", $"{id:N} {code}");
}

using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Accounts of people who ask for help: made with the first Start, without any sign-in; found again by phone code or recovery code.
/// What is personal is sealed under the account's own key.
/// </summary>
internal sealed class Patients(IDbContextFactory<Database> databases, Vault vault)
{
    /// <summary>A new account with its first device. The token is returned once and kept by the device alone.</summary>
    public async Task<(Guid Account, string Token)> Arrive(string lang, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var arrived = Arrival(database, lang, now);
        await database.SaveChangesAsync();
        return arrived;
    }

    /// <summary>A new device and its account, to be stored with whatever else this context holds.</summary>
    public (Guid Account, string Token) Arrival(Database database, string lang, DateTimeOffset now)
    {
        var (account, token) = (Guid.CreateVersion7(now), Tokens.New());
        database.Add(new AccountRow { Id = account, Wrapped = vault.Wrap(Vault.NewKey(), account), Lang = lang, CreatedAt = now.Ms() });
        database.Add(Device(account, token, now));
        return (account, token);
    }

    /// <summary>The person who is ill, under the account that writes.</summary>
    /// <param name="label">What the writer calls this person, for the list of own consultations; sealed.</param>
    public async Task<Guid> Add(Guid account, string relation, string? label, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var id = Guid.CreateVersion7(now);
        var key = await Key(database, account);
        database.Add(new PatientRow { Id = id, Account = account, Relation = relation, LabelSealed = string.IsNullOrWhiteSpace(label) ? null : Vault.Seal(key, System.Text.Encoding.UTF8.GetBytes(label), id, 0), CreatedAt = now.Ms() });
        await database.SaveChangesAsync();
        return id;
    }

    /// <summary>A printed code that brings the place back on any device. Older ones stay good: a sheet in a drawer must work.</summary>
    public async Task<string> NewRecovery(Guid account, DateTimeOffset now)
    {
        var code = Tokens.NewRecovery();
        await using var database = await databases.CreateDbContextAsync();
        database.Add(new RecoveryRow { Digest = Tokens.RecoveryDigest(code), Account = account, CreatedAt = now.Ms() });
        await database.SaveChangesAsync();
        return code;
    }

    /// <summary>Another device at the same place, or null where the code is not one of ours.</summary>
    public async Task<string?> ComeBack(string recoveryCode, DateTimeOffset now)
    {
        var digest = Tokens.RecoveryDigest(recoveryCode);
        await using var database = await databases.CreateDbContextAsync();
        var recovery = await database.Set<RecoveryRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Digest == digest);
        if (recovery is null)
        {
            return null;
        }

        var token = Tokens.New();
        database.Add(Device(recovery.Account, token, now));
        await database.SaveChangesAsync();
        return token;
    }

    /// <summary>
    /// The phone has been verified on this device. If it belongs to an account already, this device and its people move there: nothing is lost,
    /// and the person finds everything in one place.
    /// </summary>
    public async Task Verified(Guid account, string number, DateTimeOffset now)
    {
        var digest = vault.Digest("phone", number);
        await using var database = await databases.CreateDbContextAsync();
        var known = await database.Set<AccountRow>().FirstOrDefaultAsync(a => a.PhoneDigest == digest);
        if (known is null)
        {
            var mine = await database.Set<AccountRow>().FirstAsync(a => a.Id == account);
            mine.PhoneDigest = digest;
            mine.PhoneSealed = Vault.Seal(vault.Unwrap(mine.Wrapped, account), System.Text.Encoding.UTF8.GetBytes(number), account, 0);
            mine.VerifiedAt = now.Ms();
            await database.SaveChangesAsync();
            return;
        }

        if (known.Id == account)
        {
            return;
        }

        foreach (var device in await database.Set<DeviceRow>().Where(d => d.Account == account).ToListAsync())
        {
            device.Account = known.Id;
        }

        foreach (var recovery in await database.Set<RecoveryRow>().Where(r => r.Account == account).ToListAsync())
        {
            recovery.Account = known.Id;
        }

        var (from, to) = (await Key(database, account), await Key(database, known.Id));
        foreach (var patient in await database.Set<PatientRow>().Where(p => p.Account == account).ToListAsync())
        {
            patient.Account = known.Id;
            patient.LabelSealed = patient.LabelSealed is { } label ? Vault.Seal(to, Vault.Open(from, label, patient.Id, 0), patient.Id, 0) : null;
        }

        // What still lies at the door comes along; of the account itself nothing is left that an erasure would not find.
        await database.Database.ExecuteSqlAsync($"update door set account = {known.Id} where account = {account}");
        database.RemoveRange(await database.Set<CodeRow>().Where(c => c.Person == account).ToListAsync());
        database.RemoveRange(await database.Set<OutboxRow>().Where(o => o.Person == account).ToListAsync());
        database.RemoveRange(await database.Set<AccountRow>().Where(a => a.Id == account).ToListAsync());
        await database.SaveChangesAsync();
    }

    /// <summary>Whether this number was verified by somebody. Said to nobody outside.</summary>
    public async Task<bool> Knows(string number, CancellationToken ct)
    {
        var digest = vault.Digest("phone", number);
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<AccountRow>().AnyAsync(a => a.PhoneDigest == digest, ct);
    }

    /// <summary>The number where this account can be reached, or null.</summary>
    public async Task<string?> Number(Guid account, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await database.Set<AccountRow>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == account, ct);
        return row?.PhoneSealed is { } number ? System.Text.Encoding.UTF8.GetString(Vault.Open(vault.Unwrap(row.Wrapped, account), number, account, 0)) : null;
    }

    /// <summary>Where whoever writes for this person can be reached: account, number and language; null where no phone was verified.</summary>
    public async Task<(Guid Account, byte[] Key, string Number, string Lang)?> Reach(Guid patient, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var row = await (from p in database.Set<PatientRow>().AsNoTracking()
                         join a in database.Set<AccountRow>().AsNoTracking() on p.Account equals a.Id
                         where p.Id == patient
                         select a).FirstOrDefaultAsync(ct);
        if (row is not { PhoneSealed: { } number })
        {
            return null;
        }

        var key = vault.Unwrap(row.Wrapped, row.Id);
        return (row.Id, key, System.Text.Encoding.UTF8.GetString(Vault.Open(key, number, row.Id, 0)), row.Lang);
    }

    /// <summary>The account that writes for this person; null where it has been erased.</summary>
    public async Task<Guid?> AccountOf(Guid patient, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return (await database.Set<PatientRow>().AsNoTracking().FirstOrDefaultAsync(p => p.Id == patient, ct))?.Account;
    }

    /// <summary>The account's own key.</summary>
    public async Task<byte[]> Key(Guid account)
    {
        await using var database = await databases.CreateDbContextAsync();
        return await Key(database, account);
    }

    /// <summary>What the writer called each person who is ill.</summary>
    public async Task<IReadOnlyDictionary<Guid, (string Relation, string? Label)>> Labels(Guid account, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var key = await Key(database, account);
        var rows = await database.Set<PatientRow>().AsNoTracking().Where(p => p.Account == account).ToListAsync(ct);
        return rows.ToDictionary(p => p.Id, p => (p.Relation, p.LabelSealed is { } label ? System.Text.Encoding.UTF8.GetString(Vault.Open(key, label, p.Id, 0)) : null));
    }

    /// <summary>The part of an erasure that plain rows have: everything of this account goes, its key first.</summary>
    public static async Task Erase(Database database, Guid account, CancellationToken ct)
    {
        await database.Set<AccountRow>().Where(a => a.Id == account).ExecuteDeleteAsync(ct);
        await database.Set<DeviceRow>().Where(d => d.Account == account).ExecuteDeleteAsync(ct);
        await database.Set<RecoveryRow>().Where(r => r.Account == account).ExecuteDeleteAsync(ct);
        await database.Set<PatientRow>().Where(p => p.Account == account).ExecuteDeleteAsync(ct);
        await database.Set<CodeRow>().Where(c => c.Person == account).ExecuteDeleteAsync(ct);
        await database.Set<OutboxRow>().Where(o => o.Person == account).ExecuteDeleteAsync(ct);
    }

    private async Task<byte[]> Key(Database database, Guid account) =>
        vault.Unwrap(await database.Set<AccountRow>().Where(a => a.Id == account).Select(a => a.Wrapped).FirstAsync(), account);

    private static DeviceRow Device(Guid account, string token, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Account = account, TokenDigest = Tokens.Digest(token), CreatedAt = now.Ms(), LastSeenAt = now.Ms() };
}

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>Password first, then the second factor: a code by message, or the app where one was set up.</summary>
internal sealed class StaffDoor(IDbContextFactory<Database> databases, Vault vault, Codes codes)
{
    private const int MostFailures = 5;

    /// <summary>In units of <see cref="FirstLock"/>.</summary>
    private const int LongestLock = 15;

    private static readonly TimeSpan FirstLock = TimeSpan.FromMinutes(1);

    /// <summary>The password is right: a sign-in that still lacks its second factor. The code has been sent.</summary>
    public async Task<Decision<string>> SignIn(string? login, string? password, string network, string lang, DateTimeOffset now)
    {
        var name = (login ?? "").Trim().ToLowerInvariant();
        await using var database = await databases.CreateDbContextAsync();
        var row = name.Any(char.IsControl) ? null : await database.Set<StaffRow>().FirstOrDefaultAsync(s => s.Login == name && s.Active);
        if (row is null)
        {
            // As long as for a name that is known, so that the time tells nothing.
            Staff.Hasher.VerifyHashedPassword("", Staff.NobodysHash, password ?? "");
            return Refusal.SignInFailed;
        }

        if (row.LockedUntil > now.Ms())
        {
            return Refusal.SignInLocked;
        }

        if (!await Counted(database, row.Id, now))
        {
            return Refusal.SignInLocked;
        }

        if (Staff.Hasher.VerifyHashedPassword("", row.PasswordHash, password ?? "") == PasswordVerificationResult.Failed)
        {
            return Refusal.SignInFailed;
        }

        if (row.TotpSealed is null)
        {
            await Forgiven(database, row.Id);
        }

        var token = Tokens.New();
        var signIn = NewSignIn(row.Id, token, null, now);
        database.Add(signIn);
        await database.SaveChangesAsync();
        if (row.TotpSealed is not null)
        {
            return token;
        }

        var key = vault.Unwrap(row.Wrapped, row.Id);
        var phone = PhoneNumber.Read(System.Text.Encoding.UTF8.GetString(Vault.Open(key, row.PhoneSealed, row.Id, 0)));
        return (await codes.Send("second_factor", row.Id, key, phone.Value, signIn.Id, network, lang, now)).Then<string>(_ => token);
    }

    /// <summary>The second factor is right: from now on the token signs in.</summary>
    public async Task<Decision<Guid>> SecondFactor(string token, string? code, DateTimeOffset now)
    {
        var digest = Tokens.Digest(token);
        await using var database = await databases.CreateDbContextAsync();
        var signIn = await database.Set<StaffSignInRow>().FirstOrDefaultAsync(s => s.TokenDigest == digest && s.EndedAt == null);
        if (signIn is null)
        {
            return Refusal.SignInFailed;
        }

        var row = await database.Set<StaffRow>().AsNoTracking().FirstAsync(s => s.Id == signIn.Staff);
        var key = vault.Unwrap(row.Wrapped, row.Id);
        var check = row.TotpSealed is { } totp ? await ByApp(database, row, Vault.Open(key, totp, row.Id, 1), code ?? "", now) : (await codes.Check("second_factor", row.Id, key, code, now)).Then<bool>(_ => true);
        if (check.IsRefused(out var why))
        {
            return why;
        }

        signIn.SecondFactorAt = now.Ms();
        await database.SaveChangesAsync();
        return row.Id;
    }

    /// <summary>Each code once, and as few wrong ones as passwords.</summary>
    private static async Task<Decision<bool>> ByApp(Database database, StaffRow row, byte[] secret, string code, DateTimeOffset now)
    {
        if (row.LockedUntil > now.Ms() || !await Counted(database, row.Id, now))
        {
            return Refusal.SignInLocked;
        }

        if (Totp.Step(secret, code, now, row.TotpStep) is not { } step
            || await database.Set<StaffRow>().Where(s => s.Id == row.Id && (s.TotpStep == null || s.TotpStep < step)).ExecuteUpdateAsync(set => set.SetProperty(s => s.TotpStep, step)) == 0)
        {
            return Refusal.AuthenticatorCodeWrong;
        }

        await Forgiven(database, row.Id);
        return true;
    }

    /// <summary>
    /// Counts a try before it is looked at, in one statement: many at once cannot share one. After the most that may be wrong there is one more each time
    /// the lock has run out, and the lock grows.
    /// </summary>
    private static async Task<bool> Counted(Database database, Guid id, DateTimeOffset now)
    {
        var mine = database.Set<StaffRow>().Where(s => s.Id == id);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(s => s.Failures, s => s.Failures + 1));
        var tries = await mine.Select(s => s.Failures).FirstAsync();
        var until = (now + (FirstLock * Math.Clamp(tries - MostFailures, 1, LongestLock))).Ms();
        return tries <= MostFailures
            || await mine.Where(s => s.LockedUntil == null || s.LockedUntil <= now.Ms()).ExecuteUpdateAsync(set => set.SetProperty(s => s.LockedUntil, until)) > 0;
    }

    private static Task<int> Forgiven(Database database, Guid id) =>
        database.Set<StaffRow>().Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Failures, 0).SetProperty(s => s.LockedUntil, (long?)null));

    /// <summary>Whoever has just joined with a password and the code of an app is signed in by that.</summary>
    public async Task<string> SignInJoined(Guid staff, DateTimeOffset now)
    {
        var token = Tokens.New();
        await using var database = await databases.CreateDbContextAsync();
        database.Add(NewSignIn(staff, token, now.Ms(), now));
        await database.SaveChangesAsync();
        return token;
    }

    /// <summary>A sign-in without asking, for rehearsals only; the caller has checked the demo secret.</summary>
    public async Task<string> SignInForRehearsal(StaffRow row, bool add, DateTimeOffset now)
    {
        var token = Tokens.New();
        await using var database = await databases.CreateDbContextAsync();
        if (add)
        {
            database.Add(row);
        }

        database.Add(NewSignIn(row.Id, token, now.Ms(), now));
        await database.SaveChangesAsync();
        return token;
    }

    private static StaffSignInRow NewSignIn(Guid staff, string token, long? secondFactorAt, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Staff = staff, TokenDigest = Tokens.Digest(token), CreatedAt = now.Ms(), LastSeenAt = now.Ms(), SecondFactorAt = secondFactorAt };
}

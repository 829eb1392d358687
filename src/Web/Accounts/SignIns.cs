using System.Net;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Finds out who is asking: a staff token or a device token, from a cookie or as bearer, with the account's state in the database
/// at each request. A revoked account is out at its next request, and its streams within seconds.
/// </summary>
internal sealed class SignIns(IDbContextFactory<Database> databases, Deployment deployment, TimeProvider clock, DemoSecret demo)
{
    public const string DeviceCookie = "yz-device";
    public const string StaffCookie = "yz-staff";

    private static readonly TimeSpan StaffAge = TimeSpan.FromHours(12);
    private static readonly TimeSpan StaffIdle = TimeSpan.FromHours(1);
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    public async Task<Subject> Ask(HttpContext http)
    {
        var bearer = http.Request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
        if (bearer?.StartsWith(PartnerKeys.Prefix, StringComparison.Ordinal) == true)
        {
            return await Partner(bearer, http.RequestAborted);
        }

        var staffToken = bearer ?? http.Request.Cookies[StaffCookie];
        if (staffToken is not null && await Staff(staffToken, http.RequestAborted) is { } staff)
        {
            return staff;
        }

        var deviceToken = bearer ?? http.Request.Cookies[DeviceCookie];
        return deviceToken is not null && await Patient(deviceToken, http.RequestAborted) is { } patient ? patient : Subject.Nobody;
    }

    /// <summary>The network that this request counts as. A rehearsal's tool may state one for each virtual person.</summary>
    public string NetworkOf(HttpContext http) =>
        demo.Holds(http) && IPAddress.TryParse(http.Request.Headers["X-Demo-Network"], out var stated)
            ? Tokens.Network(stated)
            : Tokens.Network(http.Connection.RemoteIpAddress);

    /// <summary>Asked by streams every few seconds.</summary>
    public async Task<bool> IsLive(Subject who, CancellationToken ct)
    {
        if (!who.IsClinician && !who.IsOperator)
        {
            return true;
        }

        await using var database = await databases.CreateDbContextAsync(ct);
        return await Live(database, clock.GetUtcNow()).AnyAsync(s => s.SignIn.Id == who.SignIn, ct);
    }

    public async Task End(Subject who, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        await database.Set<StaffSignInRow>().Where(s => s.Id == who.SignIn).ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, now.Ms()));
    }

    public static CookieOptions Cookie(HttpContext http, TimeSpan age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        MaxAge = age,
        Path = "/",
        IsEssential = true,
    };

    private async Task<Subject?> Staff(string token, CancellationToken ct)
    {
        var digest = Tokens.Digest(token);
        var now = clock.GetUtcNow();
        await using var database = await databases.CreateDbContextAsync(ct);
        var found = await Live(database, now).Where(s => s.SignIn.TokenDigest == digest).FirstOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        if (now - found.SignIn.LastSeenAt.Utc() > TouchEvery)
        {
            await database.Set<StaffSignInRow>().Where(s => s.Id == found.SignIn.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.LastSeenAt, now.Ms()), ct);
        }

        return new Subject(Enum.Parse<Role>(found.Staff.Role), found.Staff.Id, found.SignIn.Id, found.Staff.Organisation, [], found.Staff.Name);
    }

    private async Task<Subject?> Patient(string token, CancellationToken ct)
    {
        var digest = Tokens.Digest(token);
        await using var database = await databases.CreateDbContextAsync(ct);
        var device = await database.Set<DeviceRow>().AsNoTracking().FirstOrDefaultAsync(d => d.TokenDigest == digest, ct);
        if (device is null)
        {
            return null;
        }

        var patients = await database.Set<PatientRow>().AsNoTracking().Where(p => p.Account == device.Account).Select(p => p.Id).ToListAsync(ct);
        return new Subject(Role.Patient, device.Account, device.Id, Guid.Empty, [.. patients], "");
    }

    private async Task<Subject> Partner(string key, CancellationToken ct)
    {
        var digest = Tokens.Digest(key);
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<PartnerKeyRow>().AsNoTracking().FirstOrDefaultAsync(k => k.Digest == digest && k.RevokedAt == null, ct) is { } partner
            ? new Subject(Role.Partner, partner.Id, partner.Id, partner.Organisation, [], partner.Name)
            : Subject.Nobody;
    }

    private IQueryable<LiveSignIn> Live(Database database, DateTimeOffset now)
    {
        var oldest = (now - (StaffAge * deployment.Times)).Ms();
        var idle = (now - (StaffIdle * deployment.Times)).Ms();
        return from signIn in database.Set<StaffSignInRow>().AsNoTracking()
               join staff in database.Set<StaffRow>().AsNoTracking() on signIn.Staff equals staff.Id
               where staff.Active && signIn.EndedAt == null && signIn.SecondFactorAt != null && signIn.CreatedAt > oldest && signIn.LastSeenAt > idle
               select new LiveSignIn { SignIn = signIn, Staff = staff };
    }

    private sealed class LiveSignIn
    {
        public required StaffSignInRow SignIn { get; init; }

        public required StaffRow Staff { get; init; }
    }
}

/// <summary>The demo secret, in a file of the data folder. It exists in demo and drill only.</summary>
internal sealed class DemoSecret(Deployment deployment)
{
    public const string File = "demo-secret.txt";

    private readonly byte[]? digest = deployment.IsRehearsal ? Tokens.Digest(Read(deployment.Place.Folder)) : null;

    public bool Holds(HttpContext http) =>
        digest is not null
        && http.Request.Headers["X-Demo-Secret"].ToString() is { Length: > 0 } shown
        && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(digest, Tokens.Digest(shown));

    private static string Read(string folder)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, File);
        if (!System.IO.File.Exists(file))
        {
            System.IO.File.WriteAllText(file, Tokens.New() + "\n");
        }

        return System.IO.File.ReadAllText(file).Trim();
    }
}

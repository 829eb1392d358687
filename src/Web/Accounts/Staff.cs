using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>
/// Staff join by invitation; how they sign in stands in <see cref="StaffDoor"/>.
/// </summary>
internal sealed class Staff(IDbContextFactory<Database> databases, Vault vault)
{
    /// <summary>In characters.</summary>
    public const int ShortestPassword = 12;

    private const int LongestName = 60;

    public static readonly PasswordHasher<string> Hasher = new();

    private static readonly Lazy<string> Unknown = new(() => Hashed(Tokens.New()));

    /// <summary>Of a password that nobody knows.</summary>
    public static string NobodysHash => Unknown.Value;

    /// <summary>Slow on purpose, some fifty milliseconds: whoever makes many accounts with one password asks once.</summary>
    public static string Hashed(string password) => Hasher.HashPassword("", password);

    /// <summary>The token of a one-time link. Only its digest is kept.</summary>
    public async Task<string> Invite(Post post, Guid? by, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        var (row, token) = InviteStaff.NewInvitation(post, by, now);
        database.Add(row);
        await database.SaveChangesAsync();
        return token;
    }

    /// <summary>The key that seals what is this person's own.</summary>
    public async Task<byte[]> Key(Guid id)
    {
        await using var database = await databases.CreateDbContextAsync();
        return vault.Unwrap(await database.Set<StaffRow>().Where(s => s.Id == id).Select(s => s.Wrapped).FirstAsync(), id);
    }

    public async Task<InvitationRow?> Invitation(string token, DateTimeOffset now, CancellationToken ct)
    {
        var digest = Tokens.Digest(token);
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<InvitationRow>().AsNoTracking().FirstOrDefaultAsync(i => i.TokenDigest == digest && i.SpentAt == null && i.ExpiresAt > now.Ms(), ct);
    }

    /// <summary>Spends the invitation and makes the account; the first sign-in still asks for the second factor.</summary>
    /// <param name="authenticator">Secret of an app whose code was right just now, and the step of that code; null where codes come by message.</param>
    public async Task<Decision<Guid>> Join(string token, Joining joining, DateTimeOffset now, (byte[] Secret, long Step)? authenticator = null)
    {
        if (!PhoneNumber.Read(joining.Phone).Is(out var phone, out var why))
        {
            return why;
        }

        var title = joining.Title ?? "";
        var registration = joining.Registration?.Trim() ?? "";
        if (string.IsNullOrWhiteSpace(joining.Login) || string.IsNullOrWhiteSpace(joining.Name) || joining.Name.Length > LongestName || joining.Login.Length > LongestName || title.Length > LongestName
            || (joining.Login + joining.Name + title).Any(char.IsControl))
        {
            return Refusal.Malformed;
        }

        if (registration.Length > 0 && !Registrations.IsNumber(registration))
        {
            return Refusal.RegistrationUnreadable;
        }

        if (joining.Password is not { Length: >= ShortestPassword })
        {
            return Refusal.PasswordTooWeak;
        }

        var login = joining.Login.Trim().ToLowerInvariant();
        var id = Guid.CreateVersion7(now);
        var digest = Tokens.Digest(token);
        await using var database = await databases.CreateDbContextAsync();
        if (await database.Set<StaffRow>().AnyAsync(s => s.Login == login))
        {
            return Refusal.Conflict;
        }

        var invitation = await database.Set<InvitationRow>().FirstOrDefaultAsync(i => i.TokenDigest == digest && i.SpentAt == null && i.ExpiresAt > now.Ms());
        if (invitation is null || await database.Set<InvitationRow>().Where(i => i.Id == invitation.Id && i.SpentAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.SpentAt, now.Ms())) == 0)
        {
            return Refusal.InvitationSpent;
        }

        var key = Vault.NewKey();
        var row = New(id, login, joining.Name.Trim(), title.Trim(), phone, Hashed(joining.Password), new Post(invitation.Organisation, Enum.Parse<Role>(invitation.Role), invitation.Skills, invitation.Langs, invitation.Licence), key, now);
        row.Registration = registration.Length > 0 ? registration : null;
        if (authenticator is var (secret, step))
        {
            (row.TotpSealed, row.TotpStep) = (Vault.Seal(key, secret, id, 1), step);
        }

        database.Add(row);
        await database.SaveChangesAsync();
        return id;
    }

    public StaffRow New(Guid id, string login, string name, string title, PhoneNumber phone, string passwordHash, Post post, byte[] key, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Organisation = post.Organisation,
            Role = post.Role.ToString(),
            Login = login,
            Name = name,
            Title = title,
            Wrapped = vault.Wrap(key, id),
            PhoneSealed = Vault.Seal(key, System.Text.Encoding.UTF8.GetBytes(phone.E164), id, 0),
            PasswordHash = passwordHash,
            Skills = post.Skills,
            Langs = post.Langs,
            Licence = post.Licence,
            Channels = "chat",
            Active = true,
            Failures = 0,
            CreatedAt = now.Ms(),
        };
}

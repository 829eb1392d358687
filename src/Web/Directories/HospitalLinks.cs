using Microsoft.EntityFrameworkCore;
using Yizhen.Rules;
using Yizhen.Rules.Directories;
using Yizhen.Web.Accounts;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Directories;

/// <summary>
/// A hospital speaks for itself by a link of its own: one at a time, revoked by an operator, and good for nothing but its own statement. Only a digest of it is kept.
/// </summary>
internal sealed class HospitalLinks(IDbContextFactory<Database> databases, IEngine engine, Shelf shelf, DirectoryRules rules)
{
    /// <summary>The token of the new link; the one before is good no more.</summary>
    public async Task<Decision<string>> Make(Guid hospital, Subject who, DateTimeOffset now)
    {
        if (await shelf.FindAsync(hospital, CancellationToken.None) is null)
        {
            return Refusal.NotFound;
        }

        var token = Tokens.New();
        await using var database = await databases.CreateDbContextAsync();
        using var turn = await engine.WriterAsync(CancellationToken.None);
        await using var both = await database.Database.BeginTransactionAsync();
        await RevokeAll(database, hospital, who, now);
        database.Add(new LinkRow { Id = Guid.CreateVersion7(now), Hospital = hospital, Digest = Tokens.Digest(token), Organisation = who.Organisation, At = now.Ms(), Actor = who.Actor });
        await database.SaveChangesAsync();
        await both.CommitAsync();
        return token;
    }

    /// <summary>Revoking twice is revoking once.</summary>
    public async Task<Decision<bool>> Revoke(Guid hospital, Subject who, DateTimeOffset now)
    {
        await using var database = await databases.CreateDbContextAsync();
        await RevokeAll(database, hospital, who, now);
        return true;
    }

    public async Task<IReadOnlySet<Guid>> WithLink(IReadOnlyCollection<Guid> of, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<LinkRow>().AsNoTracking().Where(l => l.RevokedAt == null && of.Contains(l.Hospital)).Select(l => l.Hospital).ToHashSetAsync(ct);
    }

    /// <summary>Whose link this is; null where it is nobody's, was revoked, or its hospital stands in no list any more.</summary>
    public async Task<Hospital?> Whose(string token, CancellationToken ct) => await Find(token, ct) is { } link ? await shelf.FindAsync(link.Hospital, ct) : null;

    /// <summary>One more dated statement. The same one twice within a moment is stored twice: each says that it still holds.</summary>
    public async Task<Decision<HospitalStatement>> State(string token, HospitalStatement statement, CancellationToken ct)
    {
        if (await Find(token, ct) is not { } link || await shelf.FindAsync(link.Hospital, ct) is null)
        {
            return Refusal.NotFound;
        }

        if (!statement.Check(rules).Is(out var said, out var why))
        {
            return why;
        }

        await using var database = await databases.CreateDbContextAsync(CancellationToken.None);
        database.Add(new StatementRow { Hospital = link.Hospital, At = said.At.Ms(), Actor = $"hospital:{link.Id:N}", Open = said.Open, Room = said.Room, Waiting = said.Waiting });
        await database.SaveChangesAsync(CancellationToken.None);
        return said;
    }

    private async Task<LinkRow?> Find(string token, CancellationToken ct)
    {
        var digest = Tokens.Digest(token);
        await using var database = await databases.CreateDbContextAsync(ct);
        return await database.Set<LinkRow>().AsNoTracking().FirstOrDefaultAsync(l => l.Digest == digest && l.RevokedAt == null, ct);
    }

    private static Task<int> RevokeAll(Database database, Guid hospital, Subject who, DateTimeOffset now)
    {
        var (at, by) = (now.Ms(), who.Actor);
        return database.Set<LinkRow>().Where(l => l.Hospital == hospital && l.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.RevokedAt, at).SetProperty(l => l.RevokedBy, by));
    }
}

using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>How many people of a campaign were believed by what, from headers alone.</summary>
internal sealed class Proofs(IEngine engine, IDbContextFactory<Database> databases)
{
    public async Task<IReadOnlyDictionary<string, int>> OfAsync(string campaign, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var own = await database.Set<Head>().AsNoTracking().Where(h => h.Campaign == campaign).Select(h => h.Id).ToHashSetAsync(ct);
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select consultation, reason from fact where kind = 'proof_given'";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var counted = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await rows.ReadAsync(ct))
        {
            if (own.Contains(engine.ReadId(rows, 0)))
            {
                counted[rows.GetString(1)] = counted.GetValueOrDefault(rows.GetString(1)) + 1;
            }
        }

        return counted;
    }
}

using System.Globalization;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>Who came first of those who came in the same millisecond: the order in which the log has them in the queue.</summary>
internal sealed class LogOrder(IEngine engine)
{
    /// <summary>Ids in one statement.</summary>
    private const int AtOnce = 400;

    /// <summary>For each consultation that has had a place its position in the log; only the order of these numbers says anything.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> Of(IEnumerable<Guid> consultations, CancellationToken ct)
    {
        var places = new Dictionary<Guid, long>();
        await using var connection = await engine.OpenAsync(ct);
        foreach (var some in consultations.Chunk(AtOnce))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select consultation, min(seq) from fact where bucket = '{Bucket.Waiting.Code()}' and consultation in ({string.Join(',', some.Select((_, n) => $"@c{n}"))}) group by consultation";
            foreach (var (id, n) in some.Select((id, n) => (id, n)))
            {
                FactTable.Add(command, string.Create(CultureInfo.InvariantCulture, $"c{n}"), engine.Id(id));
            }

            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                places[engine.ReadId(rows, 0)] = rows.GetInt64(1);
            }
        }

        return places;
    }
}

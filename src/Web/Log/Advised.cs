using System.Globalization;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>When somebody was last advised, by triage, a correction, a doctor's sheet or a referral.</summary>
/// <param name="Said">What triage last said, corrections counted; a doctor's sheet is sealed and not opened. Null: triage said nothing.</param>
internal sealed record AdvisedAt(DateTimeOffset At, Disposition? Said);

/// <summary>How often a notice reached somebody, and how often somebody said that they had read it.</summary>
internal sealed record NoticeTold(int Told, int Seen);

/// <summary>What headers alone tell of advice and of notices: no key is used, and nothing is opened.</summary>
internal sealed class Advised(IEngine engine)
{
    private const char Between = '/';

    public async Task<IReadOnlyDictionary<Guid, AdvisedAt>> AllAsync(CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select consultation, kind, at, reason from fact where kind in ('triaged', 'advice_corrected', 'advice_written', 'referred') order by consultation, version";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var advised = new Dictionary<Guid, AdvisedAt>();
        while (await rows.ReadAsync(ct))
        {
            var (id, reason) = (engine.ReadId(rows, 0), rows.IsDBNull(3) ? null : rows.GetString(3));
            Disposition? said = rows.GetString(1) switch
            {
                "triaged" => Read(reason?.Split(Between)[0]),
                "advice_corrected" => Read(CorrectionCode.Read(reason).To),
                _ => advised.GetValueOrDefault(id)?.Said,
            };
            advised[id] = new AdvisedAt(rows.GetInt64(2).Utc(), said);
        }

        return advised;
    }

    /// <summary>By notice.</summary>
    public async Task<IReadOnlyDictionary<Guid, NoticeTold>> NoticesAsync(CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select reason, sum(case when kind = 'notice_given' then 1 else 0 end), sum(case when kind = 'notice_seen' then 1 else 0 end) from fact where kind in ('notice_given', 'notice_seen') group by reason";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var told = new Dictionary<Guid, NoticeTold>();
        while (await rows.ReadAsync(ct))
        {
            told[Guid.ParseExact(rows.GetString(0), "N")] = new NoticeTold(Number(1), Number(2));
        }

        return told;

        int Number(int column) => Convert.ToInt32(rows[column], CultureInfo.InvariantCulture);
    }

    private static Disposition? Read(string? code) => Enum.TryParse<Disposition>(code, out var known) ? known : null;
}

using System.Globalization;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>When somebody was last advised, by triage, a correction, a doctor's sheet or a referral.</summary>
/// <param name="Said">What triage last said, corrections counted; a doctor's sheet is sealed and not opened. Null: triage said nothing.</param>
internal sealed record AdvisedAt(DateTimeOffset At, Disposition? Said);

/// <summary>A consultation at some moment.</summary>
/// <param name="Bucket">Its code.</param>
/// <param name="Advised">Null: not advised by then.</param>
internal sealed record StoodAt(string Bucket, AdvisedAt? Advised);

/// <summary>How often a notice reached somebody, and how often somebody said that they had read it.</summary>
internal sealed record NoticeTold(int Told, int Seen);

/// <summary>What headers alone tell of advice and of notices: no key is used, and nothing is opened.</summary>
internal sealed class Advised(IEngine engine)
{
    private const char Between = '/';

    /// <summary>How consultations stood at a moment; whoever had not opened one by then is not among them.</summary>
    /// <param name="from">The first of them, in the order of ids.</param>
    /// <param name="to">The last of them, itself included.</param>
    public async Task<IReadOnlyDictionary<Guid, StoodAt>> BetweenAsync(Guid from, Guid to, DateTimeOffset at, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select consultation, kind, at, reason, bucket from fact where consultation >= @from and consultation <= @to and at <= @at order by consultation, version";
        FactTable.Add(command, "from", engine.Id(from));
        FactTable.Add(command, "to", engine.Id(to));
        FactTable.Add(command, "at", at.Ms());
        await using var rows = await command.ExecuteReaderAsync(ct);
        var stood = new Dictionary<Guid, StoodAt>();
        while (await rows.ReadAsync(ct))
        {
            var (id, reason) = (engine.ReadId(rows, 0), rows.IsDBNull(3) ? null : rows.GetString(3));
            var before = stood.GetValueOrDefault(id)?.Advised;
            stood[id] = new StoodAt(rows.GetString(4), rows.GetString(1) switch
            {
                "triaged" => new AdvisedAt(rows.GetInt64(2).Utc(), Read(reason?.Split(Between)[0])),
                "advice_corrected" => new AdvisedAt(rows.GetInt64(2).Utc(), Read(CorrectionCode.Read(reason).To)),
                "advice_written" or "referred" => new AdvisedAt(rows.GetInt64(2).Utc(), before?.Said),
                _ => before,
            });
        }

        return stood;
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

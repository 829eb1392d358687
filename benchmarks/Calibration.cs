using System.Globalization;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// The forecast of production, told everybody who came on a finished day as it would have been told live, against how long they then waited.
/// </summary>
internal static class Calibration
{
    /// <param name="truth">Folder of the scenario, with the urgencies that the dispatcher saw.</param>
    /// <param name="assignments">What became of each patient.</param>
    public static Hits Of(string truth, string assignments)
    {
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal);
        var comings = new List<(int At, int Kind, Dictionary<string, string> Row)>();
        foreach (var row in DispatchDay.Rows(Path.Combine(truth, "arrivals.csv")))
        {
            ids[row["id"]] = new Guid(ids.Count + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
            comings.Add((Number(row["t_seconds"]), Came, row));
        }

        // A second start after a clinician was lost is not another wait for the first.
        foreach (var row in DispatchDay.Rows(assignments).GroupBy(r => r["patient"], (_, rows) => rows.MinBy(r => Number(r["start_s"].Length == 0 ? r["end_s"] : r["start_s"]))))
        {
            if (row is not null)
            {
                comings.Add(row["start_s"].Length == 0 ? (Number(row["end_s"]), Went, row) : (Number(row["start_s"]), Began, row));
            }
        }

        var forecast = new Forecast(ForecastRules.Parse(Policies.Text("forecast.json")));
        foreach (var (at, kind, row) in comings.OrderBy(c => c.At).ThenBy(c => c.Kind).ThenBy(c => c.Row.GetValueOrDefault("id") ?? c.Row["patient"], StringComparer.Ordinal))
        {
            var now = at * 1000L;
            switch (kind)
            {
                case Came:
                    forecast.Joined(ids[row["id"]], (Urgency)Number(row["urgency"]), row["need"], row["channel"], now);
                    break;
                case Began:
                    forecast.Started(ids[row["patient"]], now);
                    break;
                default:
                    forecast.Left(ids[row["patient"]], now);
                    break;
            }
        }

        return forecast.Hits.All;
    }

    private const int Came = 0;
    private const int Began = 1;
    private const int Went = 2;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

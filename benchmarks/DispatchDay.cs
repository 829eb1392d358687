using System.Globalization;

namespace Yizhen.Benchmarks;

/// <summary>A scenario's day with what a dispatcher made of it, counted from the files alone, by the true urgency of each patient.</summary>
internal sealed class DispatchDay
{
    private static readonly double[] Weights = [50, 15, 5, 2, 1];
    private const double AbandonedCosts = 1800;
    private const double DeflectedCosts = 1200;
    private const int SmallestGroup = 100;
    private const int Hour = 3600;

    private readonly List<Patient> patients;
    private readonly Dictionary<string, List<(int From, int To)>> silent = new(StringComparer.Ordinal);

    private DispatchDay(List<Patient> patients) => this.patients = patients;

    /// <summary>"Weighted seconds of waiting per patient": see the simulator's README.</summary>
    public double J => patients.Sum(p => p.Weight * (p.Waited + (p.Outcome == "abandoned" ? AbandonedCosts : p.Outcome == "deflected" ? DeflectedCosts : 0))) / patients.Sum(p => p.Weight);

    public double GaveUp => Share(patients, p => p.Outcome == "abandoned");

    public double Deflected => Share(patients, p => p.Outcome == "deflected");

    /// <summary>Of urgency 1, those served within 60 s of their first arrival; whoever gave up counts.</summary>
    public double FirstInAMinute => Share(patients.Where(p => p.Urgency == 1), p => p.Outcome == "served" && p.FirstWait <= 60);

    public int FirstP95
    {
        get
        {
            var waits = patients.Where(p => p is { Urgency: 1, Outcome: "served" }).Select(p => p.FirstWait).Order().ToList();
            return waits.Count == 0 ? 0 : waits[(int)Math.Ceiling(0.95 * waits.Count) - 1];
        }
    }

    /// <summary>Regions, channels and languages of a hundred and more among those whom somebody on shift could have served in time: who loses most against the mean.</summary>
    /// <returns>AgainstHour: against as many as would have lost if each had lost as often as all who came in the same hour. Whoever comes when everybody comes loses more than the mean of the day by that alone.</returns>
    public IReadOnlyList<(string Group, int Count, double Lost, double AgainstMean, double AgainstHour)> Groups()
    {
        var served = patients.Where(p => p.Servable).ToList();
        var mean = Share(served, Lost);
        var ofHour = served.GroupBy(p => p.Came / Hour).ToDictionary(g => g.Key, g => Share(g, Lost));
        return [.. served.SelectMany(p => new[] { $"region {p.Region}", $"channel {p.Channel}", $"language {p.Lang}" }, (p, group) => (p, group))
            .GroupBy(x => x.group, x => x.p, StringComparer.Ordinal)
            .Where(g => g.Count() >= SmallestGroup)
            .Select(g => (g.Key, g.Count(), Share(g, Lost), mean == 0 ? 0 : Share(g, Lost) / mean, g.Average(p => ofHour[p.Came / Hour]) is > 0 and var expected ? Share(g, Lost) / expected : 0))
            .OrderByDescending(g => g.Item4)];
    }

    /// <param name="truth">Folder of the scenario with the true urgencies.</param>
    public static DispatchDay Read(string truth, string assignments)
    {
        var patients = Rows(Path.Combine(truth, "arrivals.csv")).Select(r => new Patient(
            r["id"], Number(r["t_seconds"]), Number(r["urgency"]), r["region"], r["need"], r["channel"], r["lang"], Number(r["patience_seconds"]))).ToList();
        var day = new DispatchDay(patients);
        foreach (var absence in Rows(Path.Combine(truth, "absences.csv")).Where(r => r["kind"] == "silent"))
        {
            if (!day.silent.TryGetValue(absence["doctor"], out var list))
            {
                day.silent[absence["doctor"]] = list = [];
            }

            list.Add((Number(absence["from_s"]), Number(absence["to_s"])));
        }

        day.MarkServable(truth);
        var byId = patients.ToDictionary(p => p.Id, StringComparer.Ordinal);
        foreach (var row in Rows(assignments).OrderBy(r => Number(r["end_s"])).ThenBy(r => r["start_s"].Length == 0 ? 0 : Number(r["start_s"])))
        {
            day.Take(byId[row["patient"]], row);
        }

        return day;
    }

    private void Take(Patient patient, Dictionary<string, string> row)
    {
        var end = Number(row["end_s"]);
        if (row["doctor"].Length == 0)
        {
            patient.Waited += end - patient.Since;
            patient.Outcome = row["outcome"];
            return;
        }

        var start = Number(row["start_s"]);
        patient.Waited += start - patient.Since;
        patient.FirstWait = patient.FirstWait < 0 ? patient.Waited : patient.FirstWait;
        patient.Waited += silent.GetValueOrDefault(row["doctor"], []).Sum(s => Math.Max(0, Math.Min(s.To, end) - Math.Max(s.From, start)));
        patient.Since = end;
        patient.Outcome = row["outcome"] == "served" ? "served" : patient.Outcome;
    }

    private void MarkServable(string truth)
    {
        var left = Rows(Path.Combine(truth, "absences.csv")).Where(r => r["kind"] == "left").GroupBy(r => r["doctor"]).ToDictionary(g => g.Key, g => g.Min(r => Number(r["from_s"])), StringComparer.Ordinal);
        var shifts = Rows(Path.Combine(truth, "doctors.csv")).Select(d => (
            Skills: d["skills"].Split('|'), Langs: d["langs"].Split('|'), Licence: d["licence"].Split('|'), Channels: d["channels"].Split('|'),
            From: Number(d["shift_start"]), To: left.GetValueOrDefault(d["id"], Number(d["shift_end"])))).ToList();
        foreach (var kind in patients.GroupBy(p => (p.Need, p.Lang, p.Region, p.Channel)))
        {
            var (need, lang, region, channel) = kind.Key;
            var times = shifts.Where(s => s.Skills.Contains(need) && s.Langs.Contains(lang) && (s.Licence.Contains("*") || s.Licence.Contains(region)) && s.Channels.Contains(channel)).Select(s => (s.From, s.To)).ToList();
            foreach (var patient in kind)
            {
                patient.Servable = times.Any(t => t.From <= patient.Came + patient.Patience && t.To > patient.Came);
            }
        }
    }

    private static bool Lost(Patient patient) => patient.Outcome != "served";

    private static double Share(IEnumerable<Patient> of, Func<Patient, bool> which)
    {
        var list = of.ToList();
        return list.Count == 0 ? 0 : list.Count(which) / (double)list.Count;
    }

    public static IEnumerable<Dictionary<string, string>> Rows(string file)
    {
        if (!File.Exists(file))
        {
            yield break;
        }

        using var reader = new StreamReader(file);
        var head = reader.ReadLine()?.Split(',') ?? [];
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            yield return head.Zip(line.Split(',')).ToDictionary(x => x.First, x => x.Second, StringComparer.Ordinal);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Patient(string Id, int Came, int Urgency, string Region, string Need, string Channel, string Lang, int Patience)
    {
        public double Weight => Weights[Urgency - 1];

        public int Since { get; set; } = Came;

        public int Waited { get; set; }

        public int FirstWait { get; set; } = -1;

        public string Outcome { get; set; } = "abandoned";

        public bool Servable { get; set; }
    }
}

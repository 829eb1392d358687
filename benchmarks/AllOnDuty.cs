using System.Globalization;

namespace Yizhen.Benchmarks;

/// <summary>A scenario changed so that it asks how long one decision takes with the whole roster on duty.</summary>
internal static class AllOnDuty
{
    /// <summary>Everybody on duty all day, and who comes from 10:00 to 11:00.</summary>
    public static string Write(string folder, string to)
    {
        Directory.CreateDirectory(to);
        File.Copy(Path.Combine(folder, "meta.json"), Path.Combine(to, "meta.json"));
        File.WriteAllLines(Path.Combine(to, "absences.csv"), ["doctor,from_s,to_s,kind"]);
        Rewrite("doctors.csv", (head, cells) => (cells[head("shift_start")], cells[head("shift_end")]) = ("0", "86400"));
        Rewrite("arrivals.csv", (_, _) => { }, (head, cells) => int.Parse(cells[head("t_seconds")], CultureInfo.InvariantCulture) is >= 36_000 and < 39_600);
        return to;

        void Rewrite(string file, Action<Func<string, int>, string[]> change, Func<Func<string, int>, string[], bool>? keep = null)
        {
            var lines = File.ReadAllLines(Path.Combine(folder, file));
            var names = lines[0].Split(',');
            int Head(string name) => Array.IndexOf(names, name);
            var rows = lines.Skip(1).Select(l => l.Split(',')).Where(cells => keep?.Invoke(Head, cells) ?? true).ToList();
            rows.ForEach(cells => change(Head, cells));
            File.WriteAllLines(Path.Combine(to, file), rows.Select(cells => string.Join(',', cells)).Prepend(lines[0]));
        }
    }
}

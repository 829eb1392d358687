using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Benchmarks;

/// <summary>
/// <c>./bench dispatch</c>: days of the reference simulator with the dispatcher of production, driven on its standard input, beside the
/// simulator's own policies; the same with part of the urgencies wrong, at surge level 0, and with half of the offers declined.
/// </summary>
internal static class DispatchBench
{
    private static readonly string[] References = ["leastload", "fifo-open", "strict-open", "surge-deflect"];

    public static async Task<int> RunAsync(string[] told)
    {
        if (told.Contains("--help"))
        {
            Console.WriteLine("usage: ./bench dispatch [FOLDER...] [--alone] [--all-on-duty] [--json]   folders of scenarios; without any, the five of third_party/dispatch/scenarios.");
            Console.WriteLine("--alone: only the dispatcher of production at level 2, with the seconds that the whole day took: driven, and played in one process, without and with asking. --all-on-duty: everybody on the roster is on duty,");
            Console.WriteLine("and only who comes from 10:00 to 11:00 does: how long one decision takes.");
            Console.WriteLine("Make others: python3 third_party/dispatch/gen.py jan26 FOLDER --seed 7 --scale 0.1   (full days: without --scale)");
            return 0;
        }

        var root = Root();
        await Sh(root, $"dotnet build third_party/dispatch -c Release -o artifacts/dispatchsim -v:quiet -nologo -p:UseArtifactsOutput=false -p:BaseIntermediateOutputPath={root}/artifacts/dispatchsim-obj/ 1>&2");
        var folders = told.Where(a => !a.StartsWith("--", StringComparison.Ordinal)).Select(Path.GetFullPath).DefaultIfEmpty("").ToList();
        folders = folders is [""] ? [.. Directory.GetDirectories(Path.Combine(root, "third_party", "dispatch", "scenarios")).Order(StringComparer.Ordinal)] : folders;
        var lines = new List<Line>();
        foreach (var folder in folders)
        {
            await Console.Error.WriteLineAsync($"{Path.GetFileName(folder)} ...");
            lines.AddRange(told.Contains("--alone") || told.Contains("--all-on-duty") ? await Alone(root, folder, told.Contains("--all-on-duty")) : await Day(root, folder));
        }

        Console.WriteLine(told.Contains("--json") ? JsonSerializer.Serialize(lines, JsonSerializerOptions.Web) : Table(lines));
        return lines.All(l => l.Feasible) ? 0 : 1;
    }

    private static async Task<List<Line>> Day(string root, string folder)
    {
        var scratch = Directory.CreateTempSubdirectory("yizhen-dispatch-").FullName;
        try
        {
            var lines = new List<Line>();
            var sim = $"dotnet {root}/artifacts/dispatchsim/dispatchsim.dll";
            await Sh(root, $"{sim} run {folder} {string.Join(',', References)} --out {scratch} >/dev/null");
            foreach (var policy in References)
            {
                lines.Add(Count(folder, folder, policy, Directory.GetFiles(scratch, $"*.{policy}.csv").Single(), true, null));
            }

            lines.Add(await Drive(root, folder, folder, scratch, "yizhen", ""));
            lines.Add(Planned(folder));
            lines.Add(Planned(folder, asked: true));
            lines.Add(await Drive(root, folder, folder, scratch, "yizhen, level 0", "--level 0"));
            lines.Add(await Drive(root, folder, folder, scratch, "yizhen, half decline", "--decline 50"));
            foreach (var wrong in new[] { 5, 15 })
            {
                var mistaken = Mistaken(folder, Path.Combine(scratch, $"wrong{wrong}"), wrong);
                lines.Add(await Drive(root, mistaken, folder, scratch, $"yizhen, {wrong} % of urgencies wrong", "") with { Feasible = true });
            }

            return lines;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<List<Line>> Alone(string root, string folder, bool allOnDuty)
    {
        var scratch = Directory.CreateTempSubdirectory("yizhen-dispatch-").FullName;
        try
        {
            var from = allOnDuty ? AllOnDuty.Write(folder, Path.Combine(scratch, Path.GetFileName(folder))) : folder;
            var began = Stopwatch.GetTimestamp();
            var line = await Drive(root, from, from, scratch, "", "");
            line = line with { Policy = string.Create(CultureInfo.InvariantCulture, $"yizhen{(allOnDuty ? ", all on duty" : "")}, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s with checks") };
            began = Stopwatch.GetTimestamp();
            var alone = Planned(from);
            return [line, alone with { Policy = string.Create(CultureInfo.InvariantCulture, $"  in one process, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s") }, Planned(from, asked: true)];
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<Line> Drive(string root, string folder, string truth, string scratch, string name, string options)
    {
        var result = Path.Combine(scratch, "driven.csv");
        var product = Environment.GetEnvironmentVariable("YIZHEN_PRODUCT") ?? Path.Combine(AppContext.BaseDirectory, "Yizhen.Web.dll");
        var text = await Sh(root, $"dotnet {root}/artifacts/dispatchsim/dispatchsim.dll drive {folder} --cmd 'dotnet {product} dispatch --stdio {options} 2>/dev/null' --out {result} | sed -n 1p");
        var said = JsonDocument.Parse(text).RootElement;
        var checks = folder != truth || await Exit(root, $"python3 third_party/dispatch/check.py {truth} {result} >/dev/null") == 0;
        return Count(truth, folder, name, result, checks && said.GetProperty("rejected").GetInt64() == 0, said.GetProperty("reply_p99_ms").GetDouble());
    }

    private static Line Count(string folder, string seen, string name, string file, bool feasible, double? reply)
    {
        var day = DispatchDay.Read(folder, file);
        var told = Calibration.Of(seen, file);
        var worst = day.Groups() is [var first, ..] ? first : default;
        return new Line(
            Path.GetFileName(folder), name, Math.Round(day.J, 1), 100 * day.FirstInAMinute, day.FirstP95, 100 * day.GaveUp, 100 * day.Deflected, worst.Group ?? "", Math.Round(worst.AgainstMean, 2), reply, feasible, told,
            [.. day.Groups().Select(g => new GroupLine(g.Group, g.Count, Math.Round(100 * g.Lost, 1), Math.Round(g.AgainstMean, 2), Math.Round(g.AgainstHour, 2)))]);
    }

    /// <summary>The same day as the planner plays it, in this process: it must come to the same but for ties.</summary>
    /// <param name="asked">And as it is live: for urgency 1 and calls the doctor is asked, one who is there answers after some seconds, and a silent one lets it lapse. The driver's protocol knows no asking.</param>
    private static Line Planned(string folder, bool asked = false)
    {
        var plan = PlanRules.Parse(Policies.Text("plan.json"));
        var day = DayFolder.Read(folder, null, plan);
        day = day with { Rules = day.Rules with { AnswerSeconds = asked ? plan.Day.AnswerSeconds : null } };
        var figures = DayFigures.Of(DayRun.Play(day, DispatchRules.Parse(Policies.Text("dispatch.json")), 2));
        var first = figures.Groups.FirstOrDefault(g => g is { Of: DayFigures.Urgencies, Name: "1" });
        return new Line(
            Path.GetFileName(folder), asked ? $"yizhen, asked, {plan.Day.AnswerSeconds} s to answer" : "yizhen, as the planner plays it", Math.Round(figures.J, 1), 100 * (first?.InTarget ?? 0), first?.P95 ?? 0, 100 * figures.Whole.GaveUp, 100 * figures.Whole.Offered, "", 0, null, true, Hits.None, []);
    }

    /// <summary>A share of the urgencies is one class off, half of them up and half down, as a dispatcher would see them; the truth stays where it is.</summary>
    private static string Mistaken(string folder, string to, int percent)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }

        var lines = File.ReadAllLines(Path.Combine(folder, "arrivals.csv"));
        var column = Array.IndexOf(lines[0].Split(','), "urgency");
        for (var n = 1; n < lines.Length; n++)
        {
            // Spread evenly and the same at each run: 7919 is prime to 100.
            var draw = n * 7919 % 100;
            var cells = lines[n].Split(',');
            var urgency = int.Parse(cells[column], CultureInfo.InvariantCulture);
            cells[column] = Math.Clamp(draw < percent ? urgency + (n / 100 % 2 == 0 ? 1 : -1) : urgency, 1, 5).ToString(CultureInfo.InvariantCulture);
            lines[n] = string.Join(',', cells);
        }

        File.WriteAllLines(Path.Combine(to, "arrivals.csv"), lines);
        return to;
    }

    private static string Table(List<Line> lines)
    {
        string Row(Line l) => string.Create(CultureInfo.InvariantCulture,
            $"{l.Scenario,-10} {l.Policy,-32} {l.J,8:0.0} {l.FirstInAMinute,7:0.0} {l.FirstP95,6} {l.GaveUp,7:0.0} {l.Deflected,7:0.0}  {$"{l.WorstGroup} x{l.AgainstMean:0.00}",-28} {(l.ReplyP99 is { } ms ? $"{ms:0.0}" : ""),6} {(l.Told.InsidePercent is { } inside ? $"{inside:0.0}" : ""),6} {l.Told.Ranges,7} {(l.Told.AtOnce >= Hits.AtLeast ? $"{100.0 * l.Told.Kept / l.Told.AtOnce:0.0}" : ""),6} {(l.Feasible ? "" : "NOT FEASIBLE")}");
        return string.Join('\n', lines.Select(Row).Prepend($"{"",-10} {"",-32} {"J",8} {"u1<60s",7} {"u1 p95",6} {"gave up",7} {"offered",7}  {"loses most, against the mean",-28} {"ms p99",6} {"told %",6} {"ranges",7} {"<1min",6}"));
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Yizhen.slnx")))
        {
            at = at.Parent ?? throw new InvalidOperationException("./bench dispatch runs in a checkout.");
        }

        return at.FullName;
    }

    private static async Task<string> Sh(string root, string command)
    {
        using var process = Start(root, command);
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"This ended with {process.ExitCode}: {command}");
    }

    private static async Task<int> Exit(string root, string command)
    {
        using var process = Start(root, command);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static Process Start(string root, string command) =>
        Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "set -o pipefail; " + command]) { WorkingDirectory = root, RedirectStandardOutput = true })!;

    /// <param name="FirstInAMinute">Percent of urgency 1.</param>
    /// <param name="ReplyP99">Of a decision, in milliseconds, as the driver measured it; null for the simulator's own policies.</param>
    /// <param name="Told">How long people would have been told that they wait, against how long they did.</param>
    /// <param name="Feasible">The checker found no rule broken and no assignment was rejected.</param>
    private sealed record Line(
        string Scenario, string Policy, double J, double FirstInAMinute, int FirstP95, double GaveUp, double Deflected, string WorstGroup, double AgainstMean, double? ReplyP99, bool Feasible, Hits Told, IReadOnlyList<GroupLine> Groups);

    private sealed record GroupLine(string Group, int Patients, double LostPercent, double AgainstMean, double AgainstHour);
}

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen plan</c>: plays a day of a folder as it is and with a change, with the dispatcher of production.</summary>
internal static class PlanCommand
{
    public static Command Build()
    {
        var from = new Option<string>("--from") { Description = "Folder with arrivals.csv and doctors.csv (third_party/dispatch/README.md); aid.csv beside them says what organisations lend each other.", Required = true };
        var roster = new Option<string?>("--roster") { Description = "Another list of doctors than the folder's: id, skills, shift_start, shift_end, and what else doctors.csv may hold." };
        var level = new Option<int>("--level") { Description = "Surge level as it is, for everybody: the people of a folder come to no campaign that has a part of the ladder of its own.", DefaultValueFactory = _ => 0 };
        var to = new Option<int?>("--to-level") { Description = "Surge level to compare with." };
        var add = new Option<string[]>("--add") { Description = "More doctors, for example fever:06:00-10:00:5; fewer with a number below 0.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        var train = new Option<string[]>("--train") { Description = "So many of those who lack it learn a skill, for example fever:10.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        var pool = new Option<string?>("--pool") { Description = "Folder of a hospital that joins the pool with its doctors and its people." };
        var hours = new Option<string?>("--hours") { Description = "Only who comes in these hours, for example 06:00-12:00." };
        var most = new Option<int?>("--most") { Description = "Above so many people the day is played with one in so many of people and doctors; 0: never." };
        var json = new Option<bool>("--json") { Description = "The answer as one JSON object." };
        var command = new Command("plan", "Plays a day as it is and as it would be.") { from, roster, level, to, add, train, pool, hours, most, json };
        command.SetAction((parsed, _) => Sentence.OrAsync(parsed, async () =>
        {
            var rules = PlanRules.Parse(Policies.Text("plan.json"));
            var read = DayFolder.Read(parsed.GetRequiredValue(from), parsed.GetValue(roster), rules);
            var day = Within(read with { Rules = read.Rules with { Fatigue = SignedPolicies.OfNoPlace.Read(SignedPolicies.Duty, DutyPolicy.Read).Fatigue, Promise = SurgeRules.Parse(Policies.Text("surge.json")).Promise } }, parsed.GetValue(hours));
            var joins = parsed.GetValue(pool) is { } other ? Within(DayFolder.Read(other, null, rules), parsed.GetValue(hours)) : null;
            var now = parsed.GetValue(level);
            var change = new WhatIf(
                parsed.GetValue(to) ?? now, [.. (parsed.GetValue(add) ?? []).Select(PlanWords.Add)], [.. (parsed.GetValue(train) ?? []).Select(PlanWords.Train)], joins?.Shifts ?? [], joins?.People ?? []);
            Possible(day, now, change);
            var began = Stopwatch.GetTimestamp();
            var limit = parsed.GetValue(most) ?? rules.MostPeople;
            var answer = Plan.Answer(day, DispatchRules.Parse(Policies.Text("dispatch.json")), now, change, limit <= 0 ? day.People.Length + 1 : limit);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new PlanReport(answer, Math.Round(seconds, 2), PlanWords.Call(Lang.Zh, answer.Calls, 0), PlanWords.Call(Lang.En, answer.Calls, 0)), Faces.Json)
                : Table(answer, change, seconds));
            return await Task.FromResult(0);
        }));
        return command;
    }

    private static string Promises(PromisesKept kept) => $"{kept.Promised} promised, {kept.InTime} in time, {kept.Late} late, {kept.Missed} overdue at the end, {kept.Open} not yet due";

    private static PlannedDay Within(PlannedDay day, string? hours)
    {
        if (hours is null)
        {
            return day;
        }

        var (from, to) = PlanWords.Hours(hours) ?? throw new StorageException($"--hours: {hours} are not hours. Write them like 06:00-12:00.");
        return day with { People = [.. day.People.Where(p => p.At >= from && p.At < to)] };
    }

    /// <summary>Of people of whom nobody was taken, nobody knows how long they would have waited.</summary>
    private static string Waited(GroupFigures group, double seconds) => group.People > 0 && group.Lost < 1 ? seconds.ToString("0", CultureInfo.InvariantCulture) : "-";

    /// <summary>What is played must be what was meant: a slip would be answered with "no change".</summary>
    private static void Possible(PlannedDay day, int level, WhatIf change)
    {
        if (level is < 0 or > Surge.Highest || change.Level is < 0 or > Surge.Highest)
        {
            throw new StorageException("--level and --to-level are 0 to 4.");
        }

        if (day.People.IsEmpty)
        {
            throw new StorageException("Nobody comes in these hours: there is nothing to play. Choose others with --hours.");
        }

        var known = day.People.Concat(change.Brought).Select(p => p.Need).Concat(day.Shifts.Concat(change.Lent).SelectMany(s => s.Skills)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (change.More.Select(m => m.Skill).Concat(change.Trained.Select(t => t.Skill)).FirstOrDefault(skill => !known.Contains(skill)) is { } unknown)
        {
            throw new StorageException($"{unknown} is no skill of this day. It knows {string.Join(", ", known)}.");
        }
    }

    private static string Table(PlanAnswer answer, WhatIf change, double seconds)
    {
        var lines = new List<string> { $"{"",-20} {"people",7} {"mean s",14} {"P50 s",12} {"P95 s",12} {"in target %",14} {"gave up %",13} {"offered %",13}" };
        foreach (var (now, then, how) in answer.Groups)
        {
            string Both(double a, double b, string format) => $"{a.ToString(format, CultureInfo.InvariantCulture)} > {b.ToString(format, CultureInfo.InvariantCulture)}";
            string Waits(double a, double b) => $"{Waited(now, a)} > {Waited(then, b)}";
            lines.Add($"{(now.Of == DayFigures.All ? "all" : $"{now.Of} {now.Name}"),-20} {now.People,7} {Waits(now.Mean, then.Mean),14} {Waits(now.P50, then.P50),12} {Waits(now.P95, then.P95),12} "
                + $"{Both(100 * now.InTarget, 100 * then.InTarget, "0.0"),14} {Both(100 * now.GaveUp, 100 * then.GaveUp, "0.0"),13} {Both(100 * now.Offered, 100 * then.Offered, "0.0"),13} {(how < 0 ? "better" : how > 0 ? "worse" : "")}");
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"J {answer.Now.J:0.0} > {answer.Then.J:0.0}; in {seconds:0.0} s{(answer.OneIn > 1 ? $", with one in {answer.OneIn} of people and doctors" : "")}."));
        if (answer.KeptThen.Promised + answer.KeptNow.Promised > 0)
        {
            lines.Add($"Dated answers: {Promises(answer.KeptNow)} > {Promises(answer.KeptThen)}.");
        }

        if (answer.OneIn > 1 && !change.More.IsEmpty)
        {
            lines.Add("Added doctors were played as " + string.Join(", ", change.More.Select(m => $"{Plan.Scaled(m.Count, answer.OneIn) * answer.OneIn} of {m.Skill}")) + ".");
        }

        lines.Add("");
        lines.Add("Worth of one more doctor-hour, weighted minutes of waiting, by skill and hour (an order to go by, no forecast):");
        lines.Add($"{"",-12}" + string.Concat(Enumerable.Range(0, answer.Hours).Select(h => $"{h,6:00}")));
        lines.AddRange(answer.Skills.Select(s => $"{s,-12}" + string.Concat(answer.Worth.Where(c => c.Skill == s).OrderBy(c => c.Hour).Select(c => $"{c.Minutes.ToString("0", CultureInfo.InvariantCulture),6}"))));
        lines.Add("");
        lines.Add(PlanWords.Call(Lang.Zh, answer.Calls, 0));
        lines.Add(PlanWords.Call(Lang.En, answer.Calls, 0));
        return string.Join('\n', lines);
    }
}

/// <param name="CallZh">Text of a call for volunteers.</param>
internal sealed record PlanReport(PlanAnswer Answer, double Seconds, string CallZh, string CallEn);

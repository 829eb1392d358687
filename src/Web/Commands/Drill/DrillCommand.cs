using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Accounts;
using Yizhen.Web.Dispatch;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Drill;

/// <summary>
/// <c>./yizhen drill DIR</c>: serves an instance of its own that is marked as a drill on every page, lets the people and doctors of a scenario come to
/// its public interface, and says how long they waited beside what the planner says of the same day.
/// </summary>
internal static class DrillCommand
{
    private const int Day = 24 * 3600;

    public static Command Build()
    {
        var folder = new Argument<string>("dir") { Description = "Folder of a scenario: arrivals.csv and doctors.csv." };
        var speed = new Option<double>("--speed") { Description = "How many times faster than the clock, at most: the drill goes slower where the machine does not keep up.", DefaultValueFactory = _ => 60 };
        var hours = new Option<string?>("--hours") { Description = "Only who comes in these hours, for example 18:50-19:40." };
        var oneIn = new Option<int>("--one-in") { Description = "One in so many of people and doctors.", DefaultValueFactory = _ => 1 };
        var listens = new Option<string>("--urls") { Description = "Where the drill instance listens.", DefaultValueFactory = _ => "http://localhost:8090" };
        var data = new Option<string?>("--data") { Description = "A new folder, which is kept, for ledger, verify and other commands. Without it a folder that is deleted at the end." };
        var level = new Option<int>("--level") { Description = "Level of the surge ladder, 0 to 4; from 2 on a dated answer is offered, and taken. The campaigns of a drill are its own and stand on the whole ladder." };
        var stay = new Option<bool>("--stay") { Description = "Serves on when the day is over, until it is stopped." };
        var json = new Option<bool>("--json") { Description = "The figures as one JSON object." };
        var command = new Command("drill", "Rehearses a day with virtual people and doctors on an instance of its own.") { folder, speed, hours, oneIn, listens, data, level, stay, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var (times, many) = (parsed.GetValue(speed), parsed.GetValue(oneIn));
            if (times is not (> 0 and <= 1000) || many < 1 || parsed.GetValue(level) is < 0 or > Surge.Highest)
            {
                throw new StorageException("--speed is above 0 and at most 1000, --one-in is 1 or more, --level is 0 to 4.");
            }

            var within = parsed.GetValue(hours) is { } text ? PlanWords.Hours(text) ?? throw new StorageException($"--hours: {text} are not hours. Write them like 18:50-19:40.") : (0, Day);
            var rules = PlanRules.Parse(Policies.Text("plan.json"));
            var day = DrillDay.Of(DayFolder.Read(parsed.GetRequiredValue(folder), null, rules), within, many, rules, DispatchRules.Parse(Policies.Text("dispatch.json")), SignedPolicies.OfNoPlace.Read(SignedPolicies.Duty, DutyPolicy.Read), SurgeRules.Parse(Policies.Text("surge.json")));
            if (day.People.IsEmpty || day.Shifts.IsEmpty)
            {
                throw new StorageException("Nobody comes in these hours, or nobody is on duty. Choose others with --hours.");
            }

            var urls = ServeCommand.Addresses(parsed.GetRequiredValue(listens));
            var own = parsed.GetValue(data) is null;
            var place = parsed.GetValue(data) ?? Directory.CreateTempSubdirectory("yizhen-drill-").FullName;
            try
            {
                var report = await Run(place, urls, new DrillPlan(day, within.Item1, times, parsed.GetValue(level)), parsed.GetValue(stay), parsed.GetValue(json), ct);
                return report.People == day.People.Length ? 0 : 1;
            }
            finally
            {
                if (own)
                {
                    Directory.Delete(place, recursive: true);
                }
            }
        }));
        return command;
    }

    private static async Task<DrillReport> Run(string folder, string urls, DrillPlan plan, bool stay, bool json, CancellationToken ct)
    {
        await using var instance = await DrillInstance.StartAsync(folder, urls, plan, ct);
        var first = instance.Address.ToString().TrimEnd('/');
        await Console.Error.WriteLineAsync($"DRILL on {first}: {plan.Day.People.Length} virtual people, {plan.Day.Shifts.Length} virtual doctors, {plan.Speed.ToString(CultureInfo.InvariantCulture)} times faster than the clock. Nothing here is real.");
        await Console.Error.WriteLineAsync($"Board: {first}{StaffPlaces.Board}   sign in as operator / {DemoCampaign.Password}, codes: {first}/demo/outbox");
        var report = await instance.PlayAsync(ct);
        Console.WriteLine(json ? JsonSerializer.Serialize(report, Faces.Json) : Table(report));
        if (stay)
        {
            await instance.WaitAsync(ct);
        }

        return report;
    }

    private static string Table(DrillReport r) => string.Join('\n', [
        string.Create(CultureInfo.InvariantCulture, $"{r.People} people, {r.Doctors} doctors, {Pace(r)}; {r.LatePercent:0.0} % came late, because the machine could not keep up."),
        Line("drill", r.Drill),
        Line("plan", r.Plan),
        .. r.ByUrgency.Select(u => string.Create(CultureInfo.InvariantCulture, $"urgency {u.Urgency}: {u.People} people, mean wait {u.DrillMean:0.0} s in the drill, {u.PlanMean:0.0} s in the plan")),
        string.Create(CultureInfo.InvariantCulture, $"Drill against plan: mean wait {r.DifferencePercent:+0.0;-0.0;0.0} %, J {r.JDifferencePercent:+0.0;-0.0;0.0} %. A seat became free {r.SeatLate:0.0} s after the work was done."),
        .. r.LevelChanged ? ["The surge level was changed while it ran; the plan knows that of the beginning only, and the difference says nothing."] : Array.Empty<string>(),
        TellsOfWaits("What people are told about the wait", r.Told),
        TellsOfWaits("The same told in the plan", r.PlanTold),
    ]);

    private static string TellsOfWaits(string what, Hits told) => told.InsidePercent is { } inside
        ? string.Create(CultureInfo.InvariantCulture, $"{what}: {inside:0.0} % of {told.Ranges} within their range, \"within a minute\" held for {told.Kept} of {told.AtOnce}.")
        : $"{what}: only {told.Ranges} ranges, too few to say; \"within a minute\" held for {told.Kept} of {told.AtOnce}.";

    /// <summary>The drill slows its own clock where the machine does not keep up.</summary>
    private static string Pace(DrillReport r) => string.Create(CultureInfo.InvariantCulture, $"{r.Kept:0.0} times faster than the clock of the {r.Speed} asked for");

    private static string Line(string name, DrillFigures f) =>
        string.Create(CultureInfo.InvariantCulture, $"{name,-6} mean {f.Mean:0.0} s, half {f.P50:0.0} s, 95 % {f.P95:0.0} s, {f.Taken} taken, nobody took {f.GaveUpPercent:0.0} %, J {f.J:0.0}");
}

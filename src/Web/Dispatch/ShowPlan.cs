using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Yizhen.Rules;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Accounts;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Act = Yizhen.Web.Accounts.Act;

namespace Yizhen.Web.Dispatch;

/// <param name="Typed">What stands in the fields.</param>
/// <param name="Mistakes">What cannot be taken; then there is no plan.</param>
public sealed record PlanModel(
    string Me, ImmutableArray<(string Href, string Words)> Places, IReadOnlyDictionary<string, string> Typed, ImmutableArray<Mistake> Mistakes, PlanSheet? Sheet);

/// <param name="Seconds">That the answer took.</param>
/// <param name="Call">Text for volunteers.</param>
public sealed record PlanSheet(PlanAnswer Answer, int Lately, int LookBack, int Waiting, int OnDuty, int ToCome, int FirstHour, DateTimeOffset From, int Ahead, double Seconds, string Call);

/// <summary>"What if", as page and as JSON. It reads and plays; nothing is written.</summary>
internal static class ShowPlan
{
    private const int Hour = 3600;
    private const int MostCount = 1000;
    private const int LongestRoster = 500_000;
    private const int MostMistakes = 8;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StaffPlaces.Plan, async (string? to, Planner planner, Surges surges, HttpContext http, CancellationToken ct) =>
        {
            // As it stands now; and from the ladder, as it would be at the level that was looked at there.
            var (typed, level) = (Blank(planner), await surges.Level(ct));
            typed["level"] = $"{level}";
            typed["to_level"] = $"{(int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked <= Surge.Highest ? asked : level)}";
            return http.Page<PlanPage>(await Answer(planner, http, typed, [], ct));
        }).Allow(Resource.Plan, Act.Read);

        app.MapPost(StaffPlaces.Plan, async (Planner planner, HttpContext http, CancellationToken ct) =>
        {
            var form = await SentForm.ReadAsync(http);
            var typed = Blank(planner).Keys.ToDictionary(name => name, name => form[name], StringComparer.Ordinal);
            typed["roster"] = form.Files["roster_file"] is { Length: > 0 and <= LongestRoster } file ? await Text(file, ct) : typed["roster"];
            var model = await Answer(planner, http, typed, form.Trusted ? [] : [new Mistake("level", RefusalWords.Words(Refusal.Malformed).Zh)], ct);
            return http.Page<PlanPage>(model, status: model.Sheet is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
        }).Allow(Resource.Plan, Act.Read);

        app.MapPost("/api/v1/plan", async (PlanBody body, Planner planner, HttpContext http, CancellationToken ct) =>
        {
            var typed = Blank(planner);
            foreach (var (name, value) in body.Fields ?? [])
            {
                typed[name] = value;
            }

            return Read(planner, typed, Lang.Of(http.Request)) is (var asked, { IsEmpty: true }) && typed.Count == Blank(planner).Count
                ? Results.Json(await planner.Answer(asked, ct))
                : http.Problem(Refusal.Malformed);
        }).Allow(Resource.Plan, Act.Read);
    }

    private static async Task<PlanModel> Answer(Planner planner, HttpContext http, Dictionary<string, string> typed, ImmutableArray<Mistake> mistakes, CancellationToken ct)
    {
        var t = Lang.Of(http.Request);
        var (asked, wrong) = Read(planner, typed, t);
        wrong = [.. mistakes, .. wrong];
        var sheet = wrong.IsEmpty && await planner.Answer(asked, ct) is { } plan
            ? new PlanSheet(plan.Answer, plan.Lately, planner.LookBack, plan.Waiting, plan.OnDuty, plan.ToCome, plan.FirstHour, plan.From, asked.Hours, plan.Seconds, PlanWords.Call(t, plan.Answer.Calls, plan.FirstHour))
            : null;
        return new PlanModel(http.Subject().Name, StaffPlaces.Operator(t), typed, wrong, sheet);
    }

    private static Dictionary<string, string> Blank(Planner planner)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["level"] = "0", ["to_level"] = "0", ["ahead"] = $"{planner.Hours}", ["stay"] = $"{planner.Hours}",
            ["train_skill"] = "fever", ["train"] = "0", ["roster"] = "", ["lent"] = "", ["brought"] = "0",
        };
        foreach (var skill in PoolWords.Skills)
        {
            (fields[$"more_{skill}"], fields[$"from_{skill}"], fields[$"to_{skill}"]) = ("0", "0", "24");
        }

        return fields;
    }

    private static (PlanQuestion Asked, ImmutableArray<Mistake> Wrong) Read(Planner planner, Dictionary<string, string> typed, Lang t)
    {
        var wrong = new List<Mistake>();
        var more = PoolWords.Skills.Select(skill => new MoreDoctors(skill, Number($"from_{skill}", 0, 24) * Hour, Number($"to_{skill}", 0, 24) * Hour, Number($"more_{skill}", -MostCount, MostCount))).Where(m => m.Count != 0).ToImmutableArray();
        var train = Number("train", 0, MostCount);
        if (!PoolWords.Skills.Contains(typed["train_skill"]))
        {
            wrong.Add(new Mistake("train_skill", t["专长选一项", "Choose a skill"]));
        }

        Roster("roster");
        Roster("lent");
        return (new PlanQuestion(
            Number("ahead", 1, 24), Number("stay", 0, 24), Number("level", 0, Surge.Highest), Number("to_level", 0, Surge.Highest), more,
            train == 0 ? [] : [new Training(typed["train_skill"], train)], typed["roster"], typed["lent"], Number("brought", 0, MostCount * 10)), [.. wrong]);

        int Number(string field, int least, int most)
        {
            var text = typed[field].Length == 0 ? "0" : typed[field];
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            wrong.Add(new Mistake(field, t[$"要写 {least} 到 {most} 的整数", $"Write a whole number from {least} to {most}"]));
            return least;
        }

        void Roster(string field)
        {
            if (typed[field].Length == 0)
            {
                return;
            }

            var text = new DayText();
            if (typed[field].Length <= LongestRoster)
            {
                text.Shifts(typed[field]);
            }

            wrong.AddRange(typed[field].Length > LongestRoster
                ? [new Mistake(field, t["排班表太长", "The roster is too long"])]
                : text.Mistakes.Take(MostMistakes).Select(m => new Mistake(field, DayFolder.Words(t, m))));
        }
    }

    private static async Task<string> Text(IFormFile file, CancellationToken ct)
    {
        using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
        return (await reader.ReadToEndAsync(ct)).Replace("\0", "", StringComparison.Ordinal);
    }
}

/// <param name="Fields">As on the page: level, to_level, ahead, stay, more_fever, from_fever, to_fever, train_skill, train, roster, lent, brought.</param>
internal sealed record PlanBody(Dictionary<string, string>? Fields);

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Triage;

namespace Yizhen.Benchmarks;

/// <summary>Of what was read in a field: how much is right (precision), and how much of what there is was found (recall).</summary>
internal sealed record FieldFound(string Field, int Right, int Read, int There, double Precision, double Recall);

/// <param name="Low">Ids of cases labelled emergency or fever_clinic_now that came out below in_person_visit.</param>
internal sealed record Agreement(string From, int Cases, int Agreed, double Share, IReadOnlyList<string> Low);

/// <summary><c>./bench triage</c>: labelled real texts against what the lexicon reads in them and what the protocols then say. Prints no text.</summary>
internal static class TriageBench
{
    private static readonly string[] Urgent = ["emergency", "fever_clinic_now"];
    private static readonly string[] Seen = ["emergency", "fever_clinic_now", "in_person_visit"];
    private static readonly JsonSerializerOptions AsJson = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Task<int> RunAsync(string[] args)
    {
        var labels = new Option<string>("--labels") { Description = "Labels, one JSON object a line.", Required = true };
        var consultations = new Option<string>("--consultations") { Description = "Folder of the texts.", Required = true };
        var date = new Option<string>("--date") { Description = "Day whose rules judge.", DefaultValueFactory = _ => "2020-03-01" };
        var region = new Option<string>("--region") { Description = "Region code, or none.", DefaultValueFactory = _ => "none" };
        var only = new Option<string[]>("--fields") { Description = "Only these fields, of labels that say nothing else.", DefaultValueFactory = _ => [.. CaseFactsOf.Fields], AllowMultipleArgumentsPerToken = true };
        var json = new Option<bool>("--json") { Description = "As one JSON object." };
        var misses = new Option<bool>("--misses") { Description = "Ids and codes of every reading that differs, and of every other disposition." };
        var command = new Command("triage", "Agreement with labelled texts.") { labels, consultations, date, region, only, json, misses };
        command.SetAction(parsed =>
        {
            var day = DateOnly.ParseExact(parsed.GetValue(date) ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture);
            var place = parsed.GetValue(region) is { } code and not "none" ? code : null;
            var files = new ProtocolFiles(ProtocolFiles.Shipped, acceptDemo: true, null);
            var triage = new BatchTriage(files.Shelf(), "RESP-CN", day, place, Lexicon.Parse(files.LexiconText));
            var cases = Labelled.Read(parsed.GetRequiredValue(labels), parsed.GetRequiredValue(consultations));
            var text = cases.Select(c => (Case: c, Result: triage.Judge(new CaseLine(c.Id, c.Text, CaseFacts.None, []), c.Written))).ToList();
            var asked = parsed.GetRequiredValue(only);
            var fields = asked.Select(f => Found(f, [.. text.Select(t => (t.Case.Facts, new CaseFactsOf(t.Result.FactsRead)))])).ToList();
            Agreement[] agreed = cases.All(c => c.Label.Length == 0) ? [] :
            [
                Agreed("facts", cases, c => triage.Judge(new CaseLine(c.Id, null, c.Facts.Facts, [])).Disposition),
                Agreed("text", cases, c => text.First(t => t.Case.Id == c.Id).Result.Disposition),
                Agreed("facts and text", cases, c => triage.Judge(new CaseLine(c.Id, c.Text, c.Facts.Facts, []), c.Written).Disposition),
                Agreed("thirty lines of keywords", cases, c => KeywordRule.Of(c.Text)),
            ];
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(new { fields, agreed }, AsJson) : Table(fields, agreed));
            if (parsed.GetValue(misses))
            {
                Misses(text, asked);
            }
        });
        return command.Parse(args).InvokeAsync();
    }

    private static FieldFound Found(string field, List<(CaseFactsOf There, CaseFactsOf Read)> cases)
    {
        var right = cases.Sum(c => c.Read.Of(field).Count(r => c.There.Of(field).Any(t => CaseFactsOf.Same(field, r, t))));
        var (read, there) = (cases.Sum(c => c.Read.Of(field).Count), cases.Sum(c => c.There.Of(field).Count));
        return new FieldFound(field, right, read, there, Share(right, read), Share(right, there));
    }

    private static Agreement Agreed(string from, IReadOnlyList<Labelled> cases, Func<Labelled, string> disposition)
    {
        var said = cases.Select(c => (Case: c, Disposition: disposition(c))).ToList();
        var agreed = said.Count(s => s.Case.Agrees(s.Disposition));
        var low = said.Where(s => Urgent.Contains(s.Case.Label) && !Seen.Contains(s.Disposition)).Select(s => $"{s.Case.Id} {s.Disposition}").ToList();
        return new Agreement(from, said.Count, agreed, Share(agreed, said.Count), low);
    }

    private static double Share(int part, int whole) => whole == 0 ? 1 : Math.Round((double)part / whole, 3);

    private static string Table(List<FieldFound> fields, Agreement[] agreed)
    {
        static string Number(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);
        var found = fields.Select(f => $"{f.Field,-18} {Number(f.Precision),10} {Number(f.Recall),10} {f.Right,8} {f.Read,8} {f.There,8}");
        var same = agreed.Select(a => $"{a.From,-26} {Number(a.Share),10} {a.Agreed,8} of {a.Cases}   too low: {(a.Low.Count == 0 ? "none" : string.Join(", ", a.Low))}");
        return string.Join('\n', found.Prepend($"{"",-18} {"precision",10} {"recall",10} {"right",8} {"read",8} {"there",8}").Append("").Concat(same));
    }

    private static void Misses(List<(Labelled Case, CaseResult Result)> text, string[] fields)
    {
        foreach (var (one, result) in text)
        {
            var read = new CaseFactsOf(result.FactsRead);
            var differ = fields.SelectMany(f => read.Of(f).Where(r => !one.Facts.Of(f).Any(t => CaseFactsOf.Same(f, r, t))).Select(r => $"+{f}:{r}")
                .Concat(one.Facts.Of(f).Where(t => !read.Of(f).Any(r => CaseFactsOf.Same(f, r, t))).Select(t => $"-{f}:{t}"))).ToList();
            var other = one.Label.Length == 0 || one.Agrees(result.Disposition) ? "" : $" {one.Label} -> {result.Disposition} ({result.Row})";
            if (differ.Count > 0 || other.Length > 0)
            {
                Console.WriteLine($"{one.Id}{other} {string.Join(' ', differ)}");
            }
        }
    }
}

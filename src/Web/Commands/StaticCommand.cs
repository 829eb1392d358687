using System.CommandLine;
using System.Net;
using System.Text.Json;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen static DIR</c>: danger signs and the numbers to ring as plain files, for a proxy's error page or any web server.</summary>
internal static class StaticCommand
{
    private const string End = "</main>";

    private static readonly string[] Languages = ["zh", "en"];

    public static Command Build()
    {
        var to = new Argument<string>("dir") { Description = "Folder for the files; made where it is missing." };
        var data = new Option<string?>("--data") { Description = "Folder of the embedded database: its campaigns' hotlines are written too." };
        var database = new Option<string?>("--database") { Description = "PostgreSQL connection: its campaigns' hotlines are written too." };
        var json = new Option<bool>("--json") { Description = "The names of the files as a JSON list." };
        var command = new Command("static", "Writes the pages that must be there when nothing else is.") { to, data, database, json };
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var (folder, conn) = (parsed.GetValue(data), parsed.GetValue(database));
            var engine = folder is null && conn is null ? null : Place.From(folder, conn, null, null).ExistingEngine();
            var written = await WriteAsync(Path.GetFullPath(parsed.GetRequiredValue(to)), engine, ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(written) : string.Join('\n', written));
            return 0;
        }));
        return command;
    }

    /// <summary>One page a language, and index.html, which is the Chinese one with its link to the other.</summary>
    internal static async Task<IReadOnlyList<string>> WriteAsync(string folder, IEngine? engine, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var hotlines = engine is null ? [] : await HotlinesAsync(engine, ct);
        var written = new List<string>();
        foreach (var (name, lang) in Languages.Select(l => ($"danger.{l}.html", l)).Append(("index.html", "zh")))
        {
            var page = Asset.Text($"danger.{lang}.html");
            var lines = string.Concat(hotlines.Select(h => $"<li>{WebUtility.HtmlEncode(lang == "zh" ? h.Zh : h.En)} <a href=\"{WebUtility.HtmlEncode(Frame.Tel(h.Number))}\">{WebUtility.HtmlEncode(h.Number)}</a></li>"));
            var section = lines.Length == 0 ? "" : $"<section class=\"o\"><h2>{(lang == "zh" ? "网页打不开时，打专线" : "While the pages do not open, call")}</h2><ul>{lines}</ul></section>";
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, page.Replace(End, section + End, StringComparison.Ordinal), ct);
            written.Add(file);
        }

        foreach (var b in engine is null ? [] : await BriefingsAsync(engine, ct))
        {
            foreach (var (lang, title, body) in new[] { ("zh", b.TitleZh, b.BodyZh), ("en", b.TitleEn, b.BodyEn) })
            {
                var lines = string.Concat(body.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => $"<p>{WebUtility.HtmlEncode(l)}</p>"));
                var file = Path.Combine(folder, $"briefing.{b.Campaign}.{lang}.html");
                await File.WriteAllTextAsync(file, Asset.Text($"danger.{lang}.html").Replace(End, $"<section class=\"o\"><h2>{WebUtility.HtmlEncode(title)}</h2>{lines}</section>{End}", StringComparison.Ordinal), ct);
                written.Add(file);
            }
        }

        return written;
    }

    /// <summary>The newest briefing of each campaign that has one: under the danger signs, for when the pages themselves do not open.</summary>
    private static async Task<IReadOnlyList<(string Campaign, string TitleZh, string TitleEn, string BodyZh, string BodyEn)>> BriefingsAsync(IEngine engine, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select campaign, title_zh, title_en, body_zh, body_en, withdrawn from desk_text d where key = 'briefing' and seq = (select max(seq) from desk_text n where n.campaign = d.campaign and n.key = d.key) order by campaign";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var briefings = new List<(string, string, string, string, string)>();
        while (await rows.ReadAsync(ct))
        {
            if (!rows.GetBoolean(5))
            {
                briefings.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4)));
            }
        }

        return briefings;
    }

    private static async Task<IReadOnlyList<(string Zh, string En, string Number)>> HotlinesAsync(IEngine engine, CancellationToken ct)
    {
        await using var connection = await engine.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "select name_zh, name_en, hotline from campaign where hotline <> '' and state <> 'draft' order by slug";
        await using var rows = await command.ExecuteReaderAsync(ct);
        var hotlines = new List<(string, string, string)>();
        while (await rows.ReadAsync(ct))
        {
            hotlines.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        }

        return hotlines;
    }
}

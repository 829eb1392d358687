using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Triage;
using Yizhen.Web.Log;
using Yizhen.Web.Page;

namespace Yizhen.Web.Triage;

/// <param name="Why">Null when it serves here; else one sentence.</param>
public sealed record ProtocolLine(string File, Protocol Protocol, string? Why);

/// <param name="Versions">All of the same id and overlay, newest first.</param>
/// <param name="Changes">Against the version before; empty where there is none.</param>
public sealed record ProtocolModel(ProtocolLine Line, ImmutableArray<ProtocolLine> Versions, ImmutableArray<RowChange> Changes, ProtocolWords Words)
{
    /// <summary>When and by what it was recalled; empty where it was not, or where nobody asked the database.</summary>
    public ImmutableArray<Recall> Recalls { get; init; } = [];
}

/// <param name="Serves">Signed by an authority of this deployment.</param>
public sealed record ProtocolView(string Id, string Version, DateOnly From, DateOnly? To, string? Overlay, bool Serves, string Status);

/// <summary>The rules by which people are judged, open to everybody who wants to read them (CN-PI-11): as tables, with versions and what changed.</summary>
internal static class ReadProtocols
{
    public static void Map(IEndpointRouteBuilder app)
    {
        const string Why = "whoever is judged by a rule may read it";
        app.MapGet("/protocols", (ProtocolFiles files, HttpContext http) => http.Page<ProtocolListPage>(Lines(files))).Anonymous(Why);
        app.MapGet("/protocols/{id}", async (string id, string? version, ProtocolFiles files, Recalls recalls, HttpContext http, CancellationToken ct) =>
            Find(Lines(files), id, version) is { } line
                ? http.Page<ProtocolPage>(Model(Lang.Of(http.Request), files, line) with { Recalls = [.. (await recalls.All(ct)).Where(r => r.Recalled == line.Protocol.Pin)] })
                : http.Refuse(Refusal.NotFound)).Anonymous(Why);
        app.MapGet("/api/v1/protocols", (ProtocolFiles files) => TypedResults.Ok(Lines(files).Select(l =>
            new ProtocolView(l.Protocol.Id, l.Protocol.Version, l.Protocol.From, l.Protocol.To, l.Protocol.Overlay, l.Why is null, l.Protocol.Status)))).Anonymous(Why);
    }

    /// <summary>By id, newest version first.</summary>
    public static ImmutableArray<ProtocolLine> Lines(ProtocolFiles files) =>
        [.. (from file in files.All where file.Protocol is not null let protocol = file.Protocol select new ProtocolLine(file.Name, protocol, file.Why))
            .OrderBy(l => l.Protocol.Id, StringComparer.Ordinal).ThenByDescending(l => l.Protocol.From)];

    /// <summary>The version that was asked for, else the newest.</summary>
    public static ProtocolLine? Find(IEnumerable<ProtocolLine> lines, string id, string? version) =>
        lines.FirstOrDefault(l => l.Protocol.Id == id && (version is null || l.Protocol.Version == version));

    public static ProtocolModel Model(Lang t, ProtocolFiles files, ProtocolLine line)
    {
        var lines = Lines(files);
        var versions = lines.Where(l => l.Protocol.Id == line.Protocol.Id && l.Protocol.Overlay == line.Protocol.Overlay).ToImmutableArray();
        var words = new ProtocolWords(t, line.Protocol, lines.Select(l => l.Protocol));
        var before = versions.FirstOrDefault(l => l.Protocol.From < line.Protocol.From);
        return new ProtocolModel(line, versions, before is null ? [] : Changes(t, before.Protocol, line.Protocol, lines.Select(l => l.Protocol)), words);
    }

    /// <summary>Rows that came, went, or say something else.</summary>
    public static ImmutableArray<RowChange> Changes(Lang t, Protocol before, Protocol after, IEnumerable<Protocol> beside)
    {
        var (old, now) = (before.Rows.ToDictionary(r => r.Id), after.Rows.ToDictionary(r => r.Id));
        var (was, become) = (new ProtocolWords(t, before, beside), new ProtocolWords(t, after, beside));
        return
        [
            .. after.Rows.Where(r => !old.ContainsKey(r.Id)).Select(r => new RowChange(r.Id, null, Line(t, become, r))),
            .. before.Rows.Where(r => !now.ContainsKey(r.Id)).Select(r => new RowChange(r.Id, Line(t, was, r), null)),
            .. after.Rows.Where(r => old.TryGetValue(r.Id, out var o) && Line(t, was, o) != Line(t, become, r)).Select(r => new RowChange(r.Id, Line(t, was, old[r.Id]), Line(t, become, r))),
        ];
    }

    public static string Line(Lang t, ProtocolWords words, Row row) =>
        $"{words.Of(row.When)} → {row.Disposition} {t[row.Headline]}, {ProtocolWords.Urgency(t, row.Urgency)}, {row.Need}{(row.Flags.IsEmpty ? "" : " +" + string.Join('+', row.Flags))}";
}

/// <param name="Before">Null for a row that is new.</param>
/// <param name="After">Null for a row that is gone.</param>
public sealed record RowChange(string Row, string? Before, string? After);

using System.CommandLine;
using System.Text.Json;
using Yizhen.Rules;
using Yizhen.Rules.Triage;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen recall</c>: whose advice another version of a protocol changes; with <c>--send</c>, the corrections. Exit 1 while somebody is left to be told.</summary>
internal static class RecallCommand
{
    public static Command Build()
    {
        var protocol = new Argument<string>("protocol") { Description = "For example RESP-CN, or the overlay RESP-CN-WUHAN." };
        var version = new Argument<string>("version") { Description = "The version that is recalled, for example national-v1." };
        var with = new Option<string?>("--with") { Description = "Version in its place, or a protocol file to try. Without it the version in force today." };
        var send = new Option<bool>("--send") { Description = "Recalls: from then on the version judges nobody, and whoever it has judged is corrected by an entry in the worklist, a fact and a message. Sent twice, nothing is made twice." };
        var json = new Option<bool>("--json") { Description = "The list as one JSON object." };
        var where = new Where();
        var command = new Command("recall", "Lists everybody whose advice another version of a protocol would change, the most urgent first. Exit 1 while somebody is left to be told.") { protocol, version, with, send, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var (place, sending) = (where.Read(parsed), parsed.GetValue(send));
            using var held = sending ? Hold(place) : null;
            await using var site = await Composed.OpenAsync(place, ct);
            var recall = site.Services.GetRequiredService<FindRecalled>();
            var asked = Ask(recall, site.Services.GetRequiredService<ProtocolShelf>(), parsed.GetRequiredValue(protocol), parsed.GetRequiredValue(version), parsed.GetValue(with));
            if (sending && !asked.Serves)
            {
                throw new StorageException("A file is only tried. To send corrections, have it signed, put it among the protocols of this deployment, and name its version with --with.");
            }

            var found = await recall.Find(asked, Looking.AtTheMachine, ct);
            if (!asked.Kept && found.Concerned == 0)
            {
                throw new StorageException($"No version {asked.Recalled.Version} of {asked.Recalled.Id} is kept here, and nobody was judged by one.");
            }

            int? sent = null;
            if (sending)
            {
                sent = await Composed.WritingAsync(site, async () => (await site.Services.GetRequiredService<SendCorrections>().Send(asked, Looking.AtTheMachine, ct)).Value);
                found = await recall.Find(asked, Looking.AtTheMachine, ct);
            }

            Tell(found, sent, parsed.GetValue(json));
            return found.NobodyLeft ? 0 : 1;
        }));
        return command;
    }

    private static RecallQuestion Ask(FindRecalled recall, ProtocolShelf shelf, string protocol, string version, string? with)
    {
        if (with is not null && File.Exists(with))
        {
            var by = ProtocolCommand.Read(with);
            var kept = shelf.All.Any(p => p.Id == protocol && p.Version == version);
            return by.Id == protocol && (by.Overlay is null || kept)
                ? new RecallQuestion(new ProtocolPin(protocol, version), by, kept, Serves: false)
                : throw new StorageException($"{Path.GetFileName(with)} is {by.Id} {by.Version} and does not stand in the place of {protocol} {version}.");
        }

        var all = shelf.All.OrderBy(p => p.Id, StringComparer.Ordinal).ThenBy(p => p.From).ToList();
        return recall.Ask(protocol, version, with) is var question && question.Is(out var asked, out var why) ? asked
            : throw new StorageException(why == Refusal.NothingInItsPlace
                ? $"There is no other version of {protocol} {(with is null ? "in force today" : $"called {with}")} to compare {version} with. Name one with --with: {string.Join(", ", all.Where(p => p.Id == protocol).Select(p => p.Version))}."
                : $"There is no protocol {protocol} {version} here. There are: {string.Join(", ", all.Select(p => $"{p.Id} {p.Version}"))}.");
    }

    /// <summary>The embedded database is written by one process; a served one is recalled on its page.</summary>
    private static IDisposable? Hold(Place place)
    {
        _ = place.ExistingEngine();
        try
        {
            return place.Hold();
        }
        catch (StorageException held) when (held.InnerException is IOException)
        {
            throw new StorageException($"{place.DataFolder} is being served, and one process writes to it. Confirm the recall on the page /staff/recall, or stop the server first.", held);
        }
    }

    private static void Tell(RecallFound found, int? sent, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { sent_now = sent, recall = RecallView.Of(found) }, Faces.Json));
            return;
        }

        foreach (var line in found.Lines)
        {
            Console.WriteLine($"{line.Id}  {Said(line.Said)} -> {Said(line.Says)}  ({string.Join(", ", line.Differs)})");
        }

        foreach (var unjudged in found.Unjudged)
        {
            Console.WriteLine($"Cannot be judged again, number {unjudged.Number}: {unjudged.Missing.Id} {unjudged.Missing.Version} is not kept here.");
        }

        Console.WriteLine(
            $"{found.Recalled.Id} {found.Recalled.Version} -> {found.Replacement.Version}: {found.Looked} consultations looked at, {found.Concerned} concerned, {found.Lines.Length} to be corrected, {found.Sent.Length} corrected{(sent is { } now ? $" ({now} now)" : "")}"
            + $"{(found.Unjudged.IsEmpty ? "" : $", {found.Unjudged.Length} cannot be judged again")}{(found.Damaged == 0 ? "" : $", {found.Damaged} cannot be opened: ./yizhen verify names the first")}{(found.Gone == 0 ? "" : $", {found.Gone} erased or past their time")}. "
            + (found.Stands ? $"It is recalled: whoever is judged from now on is judged by {found.Replacement.Version}, {found.StillAsked} who are still being asked among them." : $"It is not recalled: it would go on judging, {found.StillAsked} are still being asked. Recall it with --send."));
    }

    private static string Said(Outcome o) => $"urgency {(int)o.Urgency} {o.Disposition} {o.DecidedBy.Id} {o.DecidedBy.Version} {o.Row}";
}

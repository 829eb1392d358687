using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yizhen.Rules.Campaigns;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary><c>./yizhen campaign</c>: how far the opening of each campaign is, while the server runs. It opens nothing: that takes people with names, on the page or by the API.</summary>
internal static class CampaignCommand
{
    public static Command Build()
    {
        var where = new Where();
        var slug = new Argument<string?>("campaign") { Description = "Its address; left out: all.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One JSON array: campaign, state, missing, asked, opened, ladder." };
        var command = new Command("campaign", "Of each campaign what the check before opening misses, who has asked for its opening, who confirmed it, and its part of the surge ladder. Exit 1 while the one that is named lacks something.") { slug, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            await using var site = await Composed.OpenAsync(where.Read(parsed), ct);
            var (named, now) = (parsed.GetValue(slug), site.Services.GetRequiredService<TimeProvider>().GetUtcNow());
            var desk = site.Services.GetRequiredService<CampaignDesk>();
            var found = new List<CampaignStanding>();
            foreach (var c in (await site.Services.GetRequiredService<CampaignShelf>().All(ct)).Where(c => named is null || c.Slug == named))
            {
                found.Add(new CampaignStanding(c.Slug, c.State, (await desk.Check(c, now, ct)).Missing, c.Terms.Asked, c.Terms.Opened, c.Terms.Ladder));
            }

            if (named is not null && found.Count == 0)
            {
                throw new StorageException($"There is no campaign {named}.");
            }

            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(found, Faces.Json) : string.Join('\n', found.Select(Tell)));
            return named is not null && found.Exists(c => c.Missing.Length > 0) ? 1 : 0;
        }));
        return command;
    }

    private static string Tell(CampaignStanding c) =>
        $"{c.Campaign}: {c.State.ToString().ToLowerInvariant()}"
        + (c.Missing.IsEmpty ? "" : $"\n  missing: {string.Join(", ", c.Missing)}")
        + (c.Asked is { } ask ? $"\n  {ask.Name} asked to open it {At(ask.At)}; another operator confirms" : "")
        + (c.Opened is not { } opened ? "" : $"\n  opened by {opened.Name} {At(opened.At)}" + (opened.Ask is { } first ? $", asked for by {first.Name} {At(first.At)}" : "") + (opened.Because.Length == 0 ? "" : $", alone: {opened.Because}"))
        + (c.Ladder.IsWhole ? "" : $"\n  surge ladder: {c.Ladder.From} to {c.Ladder.To}: {c.Ladder.Because}");

    private static string At(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <param name="Missing">Codes of the lines of the check that keep it closed; also of one that is open, at this moment.</param>
internal sealed record CampaignStanding(string Campaign, CampaignState State, ImmutableArray<string> Missing, OpeningAsk? Asked, CampaignOpening? Opened, CampaignLadder Ladder);

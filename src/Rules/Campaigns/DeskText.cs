namespace Yizhen.Rules.Campaigns;

/// <summary>An answer of the commission to a common question, or the briefing of a campaign: both languages, or it is not shown.</summary>
public sealed record DeskText(BothWays Title, BothWays Body)
{
    /// <summary>Key of the one text that is the briefing.</summary>
    public const string Briefing = "briefing";

    /// <summary>A desk with more answers than this is a library, which nobody reads before asking.</summary>
    public const int MostAnswers = 12;

    public const int TitleLength = 120;
    public const int BodyLength = 4000;

    /// <param name="others">Answers that stand already, this one not among them.</param>
    /// <returns>Trimmed, as it is stored.</returns>
    public Decision<DeskText> Check(bool isBriefing, int others)
    {
        var trimmed = new DeskText(new(Title.Zh.Trim(), Title.En.Trim()), new(Body.Zh.Trim(), Body.En.Trim()));
        return !trimmed.Title.IsWhole || !trimmed.Body.IsWhole ? Refusal.CampaignTextMissing
            : Longer(trimmed.Title, TitleLength) || Longer(trimmed.Body, BodyLength) ? Refusal.TextTooLong
            : !isBriefing && others >= MostAnswers ? Refusal.Conflict
            : trimmed;
    }

    private static bool Longer(BothWays text, int most) => text.Zh.Length > most || text.En.Length > most;
}

using System.Collections.Immutable;

namespace Yizhen.Rules.Regulation;

public enum ConsentAsk
{
    Required,
    Voluntary,
    RequiredForChild,
}

/// <summary>One tick. None is ever set for the person (CN-PI-03).</summary>
/// <param name="Key">advice, share, keep, follow, stats or guardian.</param>
/// <param name="Articles">Codes of the regulation notes.</param>
public sealed record ConsentItem(string Key, ConsentAsk Ask, PolicyText Label, PolicyText Detail, ImmutableArray<string> Articles);

/// <param name="Text">May hold {organisation} and {contact}.</param>
public sealed record ConsentSection(PolicyText Heading, PolicyText Text);

/// <summary>The text above the ticks, by version; whoever agreed to another version is asked again (CN-CON-01).</summary>
/// <param name="Earlier">Versions that were shown before this one.</param>
public sealed record ConsentText(
    string Id,
    string Version,
    ImmutableArray<string> Earlier,
    DateOnly Date,
    string Mode,
    string About,
    ImmutableArray<ConsentItem> Items,
    ImmutableArray<ConsentSection> Full)
{
    private static readonly string[] Keys = ["advice", "share", "keep", "follow", "stats", "guardian"];

    /// <summary>As it is stored with the opening of a consultation.</summary>
    public string Stamp => $"{Id}@{Version}";

    /// <summary>Why ticks that were set under this text do not count; null where they do.</summary>
    /// <param name="shown">The stamp of the text that stood above them.</param>
    public Refusal? Objection(string? shown) => shown == Stamp ? null
        : Earlier.Any(version => shown == $"{Id}@{version}") ? Refusal.ConsentTextChanged
        : Refusal.ConsentTextUnknown;

    /// <exception cref="FormatException">Not a consent text: the sentence says what is wrong.</exception>
    public static ConsentText Read(string json) => PolicyFile.Read<ConsentText>(json, text =>
        text.Id.Length == 0 || text.Version.Length == 0 ? "a consent text has an id and a version."
        : text.Earlier.IsDefault || text.Earlier.Any(string.IsNullOrWhiteSpace) || text.Earlier.Append(text.Version).Distinct().Count() <= text.Earlier.Length ? "earlier versions are named, each once, and this one is not among them."
        : text.Items.IsDefaultOrEmpty || !PolicyFile.EachOnce(text.Items.Select(i => i.Key), Keys) ? $"a consent text asks for {string.Join(", ", Keys)}, each once."
        : text.Items.FirstOrDefault(i => i.Label.IsEmpty || i.Detail.IsEmpty || i.Articles.IsDefaultOrEmpty) is { } item ? $"'{item.Key}' needs its words in both languages and an article."
        : text.Full.IsDefaultOrEmpty || text.Full.Any(s => s.Heading.IsEmpty || s.Text.IsEmpty) ? "the full text needs its words in both languages."
        : null);

    /// <summary>The ticks without which no consultation opens and which are not there.</summary>
    /// <param name="child">The person who is ill is under the age of the policy (14): a guardian agrees.</param>
    public ImmutableArray<string> Missing(IEnumerable<string> ticked, bool child) =>
    [
        .. Items.Where(i => i.Ask == ConsentAsk.Required || (child && i.Ask == ConsentAsk.RequiredForChild)).Select(i => i.Key).Except(ticked),
    ];

    /// <summary>The full text with the responsible party filled in.</summary>
    public ImmutableArray<ConsentSection> FullFor(PolicyText organisation, PolicyText contact)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(contact);
        return [.. Full.Select(s => s with { Text = new(Fill(s.Text.Zh, organisation.Zh, contact.Zh), Fill(s.Text.En, organisation.En, contact.En)) })];
    }

    private static string Fill(string text, string organisation, string contact) =>
        text.Replace("{organisation}", organisation, StringComparison.Ordinal).Replace("{contact}", contact, StringComparison.Ordinal);
}

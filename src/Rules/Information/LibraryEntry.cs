using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Yizhen.Rules.Campaigns;

namespace Yizhen.Rules.Information;

/// <param name="Grade">T: wording read; S: second-hand; M: from memory, not looked up; D: our own decision. For the staff, not for patients.</param>
public sealed record EntrySource(string Zh, string En, DateOnly Date, string Grade = "T")
{
    public string In(string lang) => lang == "en" ? En : Zh;
}

/// <summary>How else people ask it, in each language.</summary>
public sealed record AskedWays(ImmutableArray<string> Zh, ImmutableArray<string> En);

/// <summary>A question and its answer, as the commission says it: both languages, a source with its date, and a time for which it holds.</summary>
/// <param name="ValidFrom">First day on which it may be shown, in the deployment's zone.</param>
/// <param name="ValidUntil">Last such day: then it is read again by somebody, or it goes.</param>
/// <param name="Typical">Stands one tap away.</param>
public sealed record LibraryEntry(BothWays Question, BothWays Answer, AskedWays Asked, EntrySource Source, DateOnly ValidFrom, DateOnly ValidUntil, bool Typical = false)
{
    public const int MostTypical = 4;
    public const int QuestionLength = 120;
    public const int AnswerLength = 4000;
    public const int SourceLength = 200;
    public const int MostVariants = 30;

    [JsonIgnore]
    public IEnumerable<string> Ways => Asked.Zh.Concat(Asked.En).Prepend(Question.Zh).Append(Question.En);

    public bool HoldsOn(DateOnly day) => day >= ValidFrom && day <= ValidUntil;

    /// <returns>Trimmed, as it is stored.</returns>
    public Decision<LibraryEntry> Check()
    {
        var trimmed = this with
        {
            Question = Trimmed(Question), Answer = Trimmed(Answer), Source = Source with { Zh = Source.Zh.Trim(), En = Source.En.Trim() }, Asked = new(Trimmed(Asked.Zh), Trimmed(Asked.En)),
        };
        return !trimmed.Question.IsWhole || !trimmed.Answer.IsWhole || trimmed.Source.Zh.Length == 0 || trimmed.Source.En.Length == 0 ? Refusal.EntryIncomplete
            : trimmed.ValidUntil < trimmed.ValidFrom || trimmed.Source.Date == DateOnly.MinValue || trimmed.ValidFrom == DateOnly.MinValue ? Refusal.EntryDates
            : Longest(trimmed.Question) > QuestionLength || Longest(trimmed.Answer) > AnswerLength || Math.Max(trimmed.Source.Zh.Length, trimmed.Source.En.Length) > SourceLength
                || trimmed.Ways.Count() > 2 * MostVariants || trimmed.Ways.Any(w => w.Length > QuestionLength) ? Refusal.TextTooLong
            : trimmed;
    }

    private static BothWays Trimmed(BothWays text) => new(text.Zh.Trim(), text.En.Trim());

    private static ImmutableArray<string> Trimmed(ImmutableArray<string> lines) => [.. lines.Select(l => l.Trim()).Where(l => l.Length > 0).Distinct()];

    private static int Longest(BothWays text) => Math.Max(text.Zh.Length, text.En.Length);
}

/// <param name="About">One word for whoever reads the file.</param>
/// <param name="ReviewedBy">Null: nobody has.</param>
public sealed record ShippedEntry(string Key, string About, BothWays Question, BothWays Answer, AskedWays Asked, EntrySource Source, DateOnly ValidFrom, DateOnly ValidUntil, string? ReviewedBy)
{
    internal LibraryEntry Entry => new(Question, Answer, Asked, Source, ValidFrom, ValidUntil);
}

/// <summary>The entries that ship, for demo and drill only: <c>policies/library.json</c>.</summary>
/// <param name="Typical">Keys of the questions that stand one tap away, most asked first.</param>
public sealed record ShippedLibrary(string Version, string Note, ImmutableArray<string> Typical, ImmutableArray<ShippedEntry> Entries)
{
    public LibraryEntry Entry(ShippedEntry shipped)
    {
        ArgumentNullException.ThrowIfNull(shipped);
        return shipped.Entry with { Typical = Typical.Contains(shipped.Key) };
    }

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown or missing, a key stands twice, or an entry is not whole.</exception>
    public static ShippedLibrary Parse(string json)
    {
        var library = JsonSerializer.Deserialize<ShippedLibrary>(json, Strict) ?? throw new JsonException("The library is empty.");
        return library.Entries.FirstOrDefault(e => e.Entry.Check().IsRefused(out _)) is { } bad ? throw new JsonException($"The entry {bad.Key} is not whole.")
            : library.Entries.Select(e => e.Key).Distinct().Count() != library.Entries.Length || !library.Typical.All(t => library.Entries.Any(e => e.Key == t)) ? throw new JsonException("The library names a key twice, or one that is not there.")
            : library;
    }
}

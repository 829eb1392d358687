using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Yizhen.Rules.Triage;

/// <summary>
/// A triage protocol: data that a clinician can read, sign, date and replace. One file a version. Everything clinical stands in it;
/// the engine holds no number. Its rows are read from the top within a disposition; across rows the highest acuity wins.
/// </summary>
/// <param name="Overlay">Region code prefix where it replaces rows of <paramref name="Replaces"/> by their ids; null for a national one.</param>
/// <param name="From">First day in force.</param>
/// <param name="To">Last day in force; null until replaced.</param>
/// <param name="RedFlags">It runs for everybody, whatever the complaint.</param>
/// <param name="Terms">Conditions that several rows share, by name.</param>
/// <param name="Covers">For whom its rows may decide; null for everybody. Whoever no protocol covers gets a human.</param>
/// <param name="Fallback">Id of the row that decides when no other does; only in a red-flag pack.</param>
/// <param name="Inputs">What rows look at and no page asks: it comes with cases, or from the story. Null where there is none.</param>
/// <param name="Names">What its terms are called by whoever reads and signs it; null where there is no term.</param>
/// <param name="Unsure">Id of the row that decides where something decisive is not known; in a red-flag pack, when a red flag was answered "not sure".</param>
public sealed partial record Protocol(
    string Id,
    string Version,
    string Jurisdiction,
    string? Overlay,
    string? Replaces,
    DateOnly From,
    DateOnly? To,
    bool RedFlags,
    string Status,
    Wording Title,
    ImmutableDictionary<string, Condition>? Terms,
    Condition? Covers,
    string? Fallback,
    string? Unsure,
    ImmutableArray<Question> Questions,
    ImmutableArray<Row> Rows,
    ImmutableDictionary<string, Wording> Texts,
    ImmutableArray<Source> Sources,
    ImmutableArray<string> Reviewers,
    ImmutableArray<Input>? Inputs = null,
    ImmutableDictionary<string, Wording>? Names = null)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = false,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    [JsonIgnore]
    public ProtocolPin Pin => new(Id, Version);

    public bool IsInForce(DateOnly day) => From <= day && (To is null || day <= To);

    /// <exception cref="JsonException">Not a protocol: a member is unknown, missing, or of the wrong kind.</exception>
    public static Protocol Parse(string json)
    {
        var protocol = Written(json);
        return protocol.Faults() is [var first, ..] ? throw new JsonException($"{protocol.Id}: {first}") : protocol;
    }

    /// <summary>As it stands in the file, whole or not: what <see cref="Faults"/> finds has not been looked for.</summary>
    /// <exception cref="JsonException">A member is unknown or of the wrong kind, or a term is not defined.</exception>
    public static Protocol Written(string json)
    {
        var written = JsonSerializer.Deserialize<Protocol>(json, Strict) ?? throw new JsonException("The protocol is empty.");
        try
        {
            return written.Resolved();
        }
        catch (FormatException wrong)
        {
            throw new JsonException($"{written.Id}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Terms stand for what they name, so that the engine knows conditions only.</summary>
    private Protocol Resolved()
    {
        if (Terms is not { Count: > 0 } terms || Rows.IsDefault || Questions.IsDefault)
        {
            return this;
        }

        Condition? Whole(Condition? condition) => condition?.With(terms, []);
        return this with
        {
            Covers = Whole(Covers),
            Rows = [.. Rows.Select(r => r with { When = Whole(r.When) })],
            Questions = [.. Questions.Select(q => q with { AskedWhen = Whole(q.AskedWhen) })],
        };
    }
}

public enum QuestionKind
{
    /// <summary>One of <see cref="Question.Choices"/>.</summary>
    Choice,

    /// <summary>Any of <see cref="Question.Choices"/>; "none" and "unknown" are choices of their own.</summary>
    Codes,

    /// <summary>A number in <see cref="Question.Unit"/>, or "unknown".</summary>
    Number,
}

/// <param name="Code">Key of the answer. "unknown" is always an answer and never means no.</param>
/// <param name="Page">Questions of the same page are asked together.</param>
/// <param name="RedFlag">"unknown" here leads to a human.</param>
/// <param name="Min">Plausible from; below it is asked again (L8).</param>
/// <param name="AskedWhen">Null: always.</param>
/// <param name="Optional">Needs a device that few have at home: not known, it says nothing and keeps nobody from being judged.</param>
/// <param name="ForClinician">Asked for whoever reads the consultation; no row needs it.</param>
/// <param name="Worse">Which answers are worse; null where none is. Of <see cref="QuestionKind.Codes"/> each sign more is worse, and nothing is said here.</param>
/// <param name="OtherUnits">Units that people may type behind the number instead.</param>
public sealed record Question(
    string Code,
    QuestionKind Kind,
    string Page,
    bool RedFlag,
    Wording Ask,
    Wording? Hint,
    Wording? Why,
    string? Unit,
    decimal? Min,
    decimal? Max,
    Condition? AskedWhen,
    ImmutableArray<AnswerChoice> Choices,
    ImmutableArray<OtherUnit>? OtherUnits = null,
    bool Optional = false,
    bool ForClinician = false,
    Worse? Worse = null)
{
    public const string Unknown = "unknown";

    public const string None = "none";
}

/// <summary>Where the worse answers of a question lie: law L2 is searched along it.</summary>
public enum Worse
{
    /// <summary>Higher numbers.</summary>
    Higher,

    /// <summary>Lower numbers.</summary>
    Lower,

    /// <summary>Choices further down.</summary>
    Later,

    /// <summary>Choices further up.</summary>
    Earlier,
}

/// <summary>Something that rows look at and no page asks.</summary>
/// <param name="Code">Key of the answer.</param>
/// <param name="Says">Its name, for whoever reads the rows.</param>
/// <param name="Min">Plausible from; a case that says less is seen by a human (L8).</param>
/// <param name="Choices">Its values in words; null where they are codes of the common list, or numbers.</param>
public sealed record Input(string Code, Wording Says, string? Unit = null, decimal? Min = null, decimal? Max = null, ImmutableArray<AnswerChoice>? Choices = null);

/// <summary>The value in the question's own unit is (number - <paramref name="Less"/>) * <paramref name="Times"/>.</summary>
/// <param name="Words">Small letters, for example "f".</param>
public sealed record OtherUnit(ImmutableArray<string> Words, decimal Less, decimal Times, int Decimals);

public sealed record AnswerChoice(string Value, Wording Says, Wording? Hint);

/// <param name="When">Null only for the fallback and the unsure row, which are named by the protocol.</param>
/// <param name="Signs">Of a row of self-care: the person has signs of illness, and what is said is to watch them at home.</param>
/// <param name="Flags">Additive: contact (+C), report (+R).</param>
/// <param name="Watch">Keys of texts: what would change the advice.</param>
/// <param name="CallNow">Keys of texts: when to call the ambulance.</param>
public sealed record Row(
    string Id,
    Condition? When,
    Disposition Disposition,
    Urgency Urgency,
    string Need,
    ImmutableArray<string> Flags,
    Wording Headline,
    Wording Reason,
    ImmutableArray<string> Advice,
    ImmutableArray<string> Watch,
    ImmutableArray<string> CallNow,
    ImmutableArray<string> Sources,
    bool Signs = false);

using System.Collections.Immutable;
using Yizhen.Rules.Consultations;

namespace Yizhen.Rules.Statistics;

/// <summary>What a breakdown is made by. Each stands alone: no two are crossed, and there is no free filter.</summary>
public enum Dimension
{
    Province,
    City,
    District,
    Hour,
    Entrance,
    AgeBand,
    Language,
    Disposition,
    Wait,
    Symptom,
}

/// <summary>How the wait for a clinician went.</summary>
/// <param name="ArrivedAt">UTC milliseconds; null for whoever never asked for a clinician.</param>
/// <param name="FirstAssignedAt">UTC milliseconds; null while nobody has come.</param>
/// <param name="TargetMs">Of the urgency.</param>
public readonly record struct WaitedFor(long? ArrivedAt, long? FirstAssignedAt, long TargetMs);

/// <summary>
/// What one consultation counts as: codes only, no words, and no id of a person. Whoever was erased counts by what the erasure left readable
/// (DESIGN.md section 1); the rest of them counts as <see cref="Erased"/>.
/// </summary>
/// <param name="Order">Place in the order of opening, unique.</param>
/// <param name="Day">Day of opening, in the deployment's zone.</param>
/// <param name="WorryBefore">0 to 10; null where it was not said before and after.</param>
public sealed record Counted((long At, Guid Id) Order, string Campaign, DateOnly Day, ImmutableDictionary<Dimension, ImmutableArray<string>> Codes, int? WorryBefore, int? WorryAfter)
{
    public const string Erased = "erased";
    public const string NotSaid = "not_said";
    public const string Abroad = "abroad";
    public const string InTime = "in_time";
    public const string Late = "late";
    public const string Gone = "left";
    public const string StillWaiting = "waiting";
    public const string AskedNobody = "not_asked";

    private const int ProvinceDigits = 2;
    private const int CityDigits = 4;
    private const int RegionDigits = 6;
    private const int BandYears = 10;
    private const int OldestYears = 130;

    /// <param name="local">When it was opened, in the deployment's zone.</param>
    /// <param name="bucket">As it stands now.</param>
    public static Counted Of(Consultation told, DateTimeOffset local, Bucket bucket, WaitedFor waited)
    {
        ArgumentNullException.ThrowIfNull(told);
        var codes = ImmutableDictionary.CreateBuilder<Dimension, ImmutableArray<string>>();
        var gone = told.ErasedAs;
        var region = told.Place?.Region is { Length: RegionDigits } code ? code : null;
        var province = gone is not null ? gone.Province.Length == ProvinceDigits && gone.Province.All(char.IsAsciiDigit) ? gone.Province : gone.Province.Length > 0 ? Abroad : NotSaid
            : region is not null ? region[..ProvinceDigits] : told.Place?.Country is not null ? Abroad : NotSaid;
        codes[Dimension.Province] = [province];
        codes[Dimension.City] = [gone is not null ? Erased : region is null ? province : region[..CityDigits]];
        codes[Dimension.District] = [gone is not null ? Erased : region ?? province];
        codes[Dimension.Hour] = [local.Hour.ToString("00", System.Globalization.CultureInfo.InvariantCulture)];
        codes[Dimension.Entrance] = [gone?.Entrance ?? told.Opening?.Entrance ?? NotSaid];
        codes[Dimension.AgeBand] = [gone is not null ? gone.AgeBand.Length > 0 ? gone.AgeBand : NotSaid : Band(told)];
        codes[Dimension.Language] = [gone?.Lang ?? told.Opening?.Lang ?? NotSaid];
        codes[Dimension.Disposition] = [gone is not null ? gone.Disposition.Length > 0 ? Name(gone.Disposition) : "none_yet" : told.Outcome is { } outcome ? Name(outcome.Disposition.ToString()) : "none_yet"];
        codes[Dimension.Wait] = [Wait(bucket, waited)];
        codes[Dimension.Symptom] = gone is not null ? [Erased] : [.. Intake.Symptoms(told.Answers)];
        var both = told.Story?.Worry is not null && told.WorryAfter is not null;
        return new Counted((local.ToUnixTimeMilliseconds(), told.Id.Value), gone?.Campaign ?? told.Opening?.Campaign ?? "", DateOnly.FromDateTime(local.DateTime), codes.ToImmutable(), both ? told.Story?.Worry : null, both ? told.WorryAfter : null);
    }

    /// <summary>Asked for a clinician: reached in time or late, gone before, or still waiting.</summary>
    private static string Wait(Bucket bucket, WaitedFor waited) => waited switch
    {
        { FirstAssignedAt: { } first, ArrivedAt: { } arrived } => first - arrived <= waited.TargetMs ? InTime : Late,
        { FirstAssignedAt: not null } => InTime,
        { ArrivedAt: null } => AskedNobody,
        _ => bucket.IsLive() ? StillWaiting : Gone,
    };

    private static string Band(Consultation told)
    {
        if (Intake.Years(told.Answers) is not { } years || years is < 0 or > OldestYears)
        {
            return NotSaid;
        }

        var from = (int)years / BandYears * BandYears;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{from}-{from + BandYears - 1}");
    }

    private static string Name(string enumName) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(enumName);
}

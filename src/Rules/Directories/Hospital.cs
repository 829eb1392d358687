using System.Collections.Immutable;

namespace Yizhen.Rules.Directories;

public enum HospitalKind
{
    /// <summary>发热门诊</summary>
    FeverClinic,
    /// <summary>定点医院</summary>
    Designated,
    Hospital,
}

/// <summary>A line of the directory of hospitals, as its publisher gave it.</summary>
/// <param name="Key">The same for the same name in the same district, whichever list names it: statements and links of a hospital outlive a list.</param>
/// <param name="District">Six-digit code; of the city or province where the list says no more.</param>
/// <param name="Phone">Empty where the list says none. Several numbers stand with a semicolon between them.</param>
/// <param name="Hours">As published; empty where the list says none.</param>
/// <param name="OwnDistrictFrom">From this day on only people of its own district are taken; null: no such rule.</param>
/// <param name="OwnDistrictUntil">Last day of that rule; null: without an end.</param>
/// <param name="Published">Null where the list bears no date.</param>
public sealed record Hospital(
    Guid Key, HospitalKind Kind, string Name, string District, string Address, string Phone, string Hours, DateOnly? OwnDistrictFrom, DateOnly? OwnDistrictUntil, string Publisher, DateOnly? Published)
{
    public bool IsBoundOn(DateOnly day) => OwnDistrictFrom <= day && !(OwnDistrictUntil < day);

    /// <summary>The numbers to ring, the first one first.</summary>
    public ImmutableArray<string> Phones => [.. Phone.Split([';', '；', '、', ',', '，', '/'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    public bool IsOldOn(DateOnly day, int days) => Published is not { } published || published.AddDays(days) < day;
}

/// <summary>What a hospital has said about itself. None is changed; the newest counts.</summary>
/// <param name="Room">How many more it can take today; null where it did not say.</param>
/// <param name="Waiting">How many wait there now; null where it did not say.</param>
public sealed record HospitalStatement(DateTimeOffset At, bool Open, int? Room, int? Waiting)
{
    public bool IsOldAt(DateTimeOffset now, DirectoryRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return now - At > TimeSpan.FromHours(rules.StatementOldHours);
    }

    /// <summary>Nobody states a number below nothing, or one that is a slip of the keyboard.</summary>
    public Decision<HospitalStatement> Check(DirectoryRules rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return Room < 0 || Waiting < 0 || Room > rules.MostPeople || Waiting > rules.MostPeople ? Refusal.Malformed : this;
    }
}

/// <summary>Another free service that somebody can turn to.</summary>
/// <param name="Kind">covid_free_clinic, psychological_counselling, clinic_and_psychological or other.</param>
/// <param name="Region">Six-digit code of whom it is for; null: for everybody.</param>
public sealed record AdviceElsewhere(Guid Key, string Name, string Kind, string? Region, string Phone, string Address, string Note, string Publisher, DateOnly? Published)
{
    public static ImmutableArray<string> Kinds { get; } = ["covid_free_clinic", "psychological_counselling", "clinic_and_psychological", "other"];
}

using System.Collections.Immutable;

namespace Yizhen.Rules.Regulation;

/// <summary>Names of the retention classes, as they stand in the headers of the log.</summary>
public enum KeptClass
{
    Process,
    Contact,
    Emergency,
}

public enum KeptUntil
{
    /// <summary>So many years after the last fact of the consultation.</summary>
    AfterLastFact,

    /// <summary>As long as the process records of the same consultation.</summary>
    WithProcess,

    /// <summary>Until the authority declares the emergency over.</summary>
    EmergencyOver,
}

/// <param name="Years">Whole years, 1 or more, where the end counts from the last fact; otherwise null.</param>
/// <param name="Grade">How sure the legal basis is.</param>
public sealed record KeptRule(KeptClass Class, int? Years, KeptUntil End, PolicyText Basis, ImmutableArray<string> Articles, Grade Grade);

/// <summary>How long each class is kept and why. A class ends by destroying its keys.</summary>
/// <param name="BackupDays">Days that a backup lives; only after them is an erasure complete.</param>
/// <param name="NetworkLogDays">Days that network logs are kept at least (CN-SEC-02).</param>
public sealed record RetentionPolicy(
    string Id,
    string Version,
    DateOnly Date,
    string Jurisdiction,
    string About,
    ImmutableArray<KeptRule> Classes,
    int BackupDays,
    int NetworkLogDays)
{
    /// <exception cref="FormatException">Not a retention policy: the sentence says what is wrong.</exception>
    public static RetentionPolicy Read(string json) => PolicyFile.Read<RetentionPolicy>(json, policy =>
        policy.Classes.IsDefaultOrEmpty || !PolicyFile.EachOnce(policy.Classes.Select(c => c.Class), Enum.GetValues<KeptClass>()) ? "each retention class stands in it once."
        : policy.Classes.Any(c => (c.End == KeptUntil.AfterLastFact) != c.Years is >= 1) ? "years (1 or more) belong to after_last_fact, and only to it."
        : policy.Classes.Any(c => c.Class == KeptClass.Process && c.End == KeptUntil.WithProcess) ? "process records cannot end with themselves."
        : policy.Classes.Any(c => c.Basis.IsEmpty || c.Articles.IsDefaultOrEmpty) ? "each class names its legal basis in both languages and an article."
        : policy.BackupDays < 1 || policy.NetworkLogDays < 1 ? "backups and network logs live a day or more."
        : null);

    public KeptRule Of(KeptClass kept) => Classes.First(c => c.Class == kept);

    /// <summary>When the keys of this class are destroyed; null while that is open (the emergency goes on).</summary>
    /// <param name="lastFact">Time of the consultation's last fact.</param>
    /// <param name="emergencyOver">When the authority declared the emergency over, or null.</param>
    public DateTimeOffset? Ends(KeptClass kept, DateTimeOffset lastFact, DateTimeOffset? emergencyOver)
    {
        var rule = Of(kept);
        return rule.End switch
        {
            KeptUntil.AfterLastFact => lastFact.AddYears(rule.Years.GetValueOrDefault()),
            KeptUntil.WithProcess => Ends(KeptClass.Process, lastFact, emergencyOver),
            KeptUntil.EmergencyOver => emergencyOver is { } over && over < lastFact ? lastFact : emergencyOver,
        };
    }

    /// <summary>When an erasure asked for at <paramref name="erased"/> is complete in the backups too.</summary>
    public DateTimeOffset ErasureComplete(DateTimeOffset erased) => erased.AddDays(BackupDays);
}

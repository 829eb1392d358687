using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>By what somebody was believed to live where the campaign covers them.</summary>
/// <param name="How"><see cref="Proving.ByPhone"/>, <see cref="Proving.PhoneUnknown"/> or <see cref="Proving.OwnWord"/>. Never the number, and never its region.</param>
public sealed record ProofGiven(string How) : Fact;

/// <summary>Proof of where somebody lives, where a campaign asks for one. Whoever is urgent, or has a place already, is never asked.</summary>
public static class Proving
{
    /// <summary>Their number was first sold in a covered region.</summary>
    public const string ByPhone = "phone_region";

    /// <summary>Nobody knows where their number was sold: believed.</summary>
    public const string PhoneUnknown = "phone_unknown";

    /// <summary>They said that they live there.</summary>
    public const string OwnWord = "own_word";

    /// <summary>No proof has been given, and nothing lets them through without one.</summary>
    public static bool LacksProof(this Consultation consultation)
    {
        ArgumentNullException.ThrowIfNull(consultation);
        return consultation.Proof is null && !consultation.IsKept();
    }

    /// <summary>Twice is once.</summary>
    public static Decision<ImmutableArray<Fact>> Prove(this Consultation consultation, string how) =>
        consultation.NotOver().Then<ImmutableArray<Fact>>(c => c.Proof is null ? Facts.These(new ProofGiven(how)) : Facts.None);
}

using Yizhen.Rules.Regulation;

namespace Yizhen.Web.Consultations;

/// <summary>Whose answers need a guardian's consent, and under which text it is given (CN-MIN-02).</summary>
internal sealed class Guardians(LightConsultation policy, ConsentText consent)
{
    public int BelowYears => policy.GuardianBelowYears;

    public ConsentItem Tick => consent.Items.First(i => i.Key == "guardian");

    public string Stamp => consent.Stamp;

    /// <summary>A tick under another version of the text is no consent to this one (CN-CON-01).</summary>
    public string? Under(string? version) => version == consent.Stamp ? version : null;
}

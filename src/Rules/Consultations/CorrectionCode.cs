using System.Globalization;
using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Consultations;

/// <summary>What the header of a correction says, so that the progress of a recall is counted without any key.</summary>
public sealed record CorrectionCode(string From, string To, ProtocolPin Recalled, string By, int Count)
{
    private const char Between = '/';

    /// <exception cref="FormatException">The header is damaged.</exception>
    public static CorrectionCode Read(string? reason) =>
        reason?.Split(Between) is [var from, var to, var id, var version, var by, var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? new CorrectionCode(from, to, new ProtocolPin(id, version), by, n)
            : throw new FormatException("The header of a correction is damaged.");

    internal static string Write(AdviceCorrected fact) => string.Join(
        Between, fact.Said.Disposition, fact.Says.Disposition, fact.Recalled.Id, fact.Recalled.Version, fact.Replacement.Version, fact.Count.ToString(CultureInfo.InvariantCulture));
}

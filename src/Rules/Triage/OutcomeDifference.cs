using System.Collections.Immutable;

namespace Yizhen.Rules.Triage;

/// <summary>What a person would notice between two outcomes.</summary>
public static class OutcomeDifference
{
    public const string Disposition = "disposition";
    public const string Urgency = "urgency";
    public const string Flags = "flags";
    public const string Advice = "advice";

    /// <summary>Codes, in this order; empty where the person was told the same. Row, source and version alone are no difference.</summary>
    public static ImmutableArray<string> Differences(this Outcome said, Outcome says)
    {
        ArgumentNullException.ThrowIfNull(said);
        ArgumentNullException.ThrowIfNull(says);
        var differs = ImmutableArray.CreateBuilder<string>();
        void Add(bool same, string code)
        {
            if (!same)
            {
                differs.Add(code);
            }
        }

        Add(said.Disposition == says.Disposition, Disposition);
        Add(said.Urgency == says.Urgency, Urgency);
        Add(said.Flags.Order(StringComparer.Ordinal).SequenceEqual(says.Flags.Order(StringComparer.Ordinal)), Flags);
        Add(said.Headline == says.Headline && said.Advice.SequenceEqual(says.Advice) && said.Watch.SequenceEqual(says.Watch) && said.CallNow.SequenceEqual(says.CallNow), Advice);
        return differs.ToImmutable();
    }
}

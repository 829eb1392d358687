using System.Collections.Immutable;
using Yizhen.Rules.Regulation;

namespace Yizhen.Rules.Consultations;

/// <summary>Words that the policy of the mode does not allow: held back from everybody but a physician, who is told and may go on, which is a fact.</summary>
public static class Guarding
{
    /// <param name="message">Null for an advice sheet, of which a consultation has one.</param>
    /// <param name="look">Asked only where something new would be said: the same words sent again are the same words.</param>
    /// <param name="stamp">Of the patterns that found it.</param>
    public static Decision<ImmutableArray<Fact>> Guarded(
        this Decision<ImmutableArray<Fact>> said, Guid? message, Func<ImmutableArray<GuardFinding>> look, bool physician, IReadOnlyCollection<string> confirmed, string stamp) =>
        said.Then<ImmutableArray<Fact>>(facts =>
        {
            var found = facts.IsEmpty ? [] : look();
            return found.IsEmpty ? facts
                : !physician ? Refusal.ReplyBlocked
                : found.All(f => confirmed.Contains(f.Rule)) ? facts.Add(new GuardOverridden(message, [.. found.Select(f => f.Rule)], stamp))
                : Refusal.ReplyWarned;
        });
}

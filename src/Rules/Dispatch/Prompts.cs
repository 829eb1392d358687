using Yizhen.Rules.Triage;

namespace Yizhen.Rules.Dispatch;

/// <summary>Urgency 1 and calls need somebody who is there at this very moment: a clinician is asked, and not taken in time they pass on.</summary>
/// <param name="Ms">For how long one clinician is asked; 0: nobody ever is, everybody is given.</param>
/// <param name="Urgency">For this class and the more urgent.</param>
/// <param name="Calls">And for calls of any class.</param>
/// <param name="AgainMs">Whoever said that they cannot is not asked for the same person for so long.</param>
/// <param name="Misses">So many in a row without a word, and the clinician gets nobody until they say that they are there.</param>
public sealed record PromptRules(long Ms, Urgency Urgency, bool Calls, long AgainMs, int Misses)
{
    public bool Asks(Waiting who)
    {
        ArgumentNullException.ThrowIfNull(who);
        return Ms > 0 && (who.Urgency <= Urgency || (Calls && who.IsCall));
    }
}

/// <summary>Was asked, and did not take them: others are asked first.</summary>
/// <param name="Again">UTC milliseconds: before this they are not asked again, whoever else there is.</param>
public sealed record Passed(Guid Clinician, long Again);

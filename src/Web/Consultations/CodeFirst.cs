using Yizhen.Rules.Consultations;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Accounts;

namespace Yizhen.Web.Consultations;

/// <summary>
/// CN-ID-02 with its exception CN-ID-03: whether the phone is to be verified before this person writes to a doctor. Urgency 1 and 2 are never asked, nor is
/// anybody while codes cannot be sent, nor whoever holds a recovery code because none came: a code shuts nobody out.
/// </summary>
internal sealed class CodeFirst(LightConsultation policy, Messages messages)
{
    public bool Asks(Consultation c) =>
        c is { Bucket: Bucket.InConsultation, Contact: { Phone: true, Verified: false, RecoveryCode: false } }
        && policy.AsksCodeFirst(Class(c.Urgency), messages.CanSend);

    /// <param name="message">A message that is stored already is acknowledged again, whatever is asked by now.</param>
    public bool Stops(Consultation c, Guid message) => Asks(c) && c.Lines.All(line => line.MessageId != message);

    private static CodeUrgency? Class(Urgency? urgency) => urgency switch
    {
        Urgency.Soon => CodeUrgency.Soon,
        Urgency.Routine => CodeUrgency.Routine,
        Urgency.Question => CodeUrgency.Question,
        Urgency.Emergency or Urgency.Urgent or null => null,
    };
}

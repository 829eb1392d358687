namespace Yizhen.Web.Accounts;

/// <summary>What can be asked for. Content of a consultation is split by what is shown, so that a role can see less than all of it.</summary>
internal enum Resource
{
    /// <summary>Pages and texts for everybody.</summary>
    Public,
    Door,
    Summary,
    Intake,
    Messages,
    Photo,
    Replies,
    Drafts,
    Queue,
    Assignment,
    /// <summary>Whom a clinician is asked to take: codes of the head, nothing of what anybody said.</summary>
    Prompt,
    Advice,
    Closing,
    Worry,
    SeenMarks,
    /// <summary>The urgency of whom they have in consultation, and with it the place in the queue.</summary>
    Urgency,
    Contact,
    OwnData,
    Desk,
    Duty,
    Board,
    /// <summary>The level of the surge ladder, and why somebody waited: counts and codes.</summary>
    Surge,
    /// <summary>What organisations lend each other and what came of it: rules and counts. Each operator sets the rules of their own organisation, in the query.</summary>
    Aid,
    Ledger,
    /// <summary>Who is to come when.</summary>
    Roster,
    /// <summary>A clinician's own shifts; whose they are stands in the query.</summary>
    Shift,
    /// <summary>The picture for those who decide: published counts only.</summary>
    Picture,
    /// <summary>What would become of the hours to come: counts and codes, played, and nothing written.</summary>
    Plan,
    /// <summary>What somebody of the staff has to see to; for whoever has taken it, the number of whom it is about, and their urgency.</summary>
    Worklist,
    /// <summary>Whose advice another version of a protocol changes, and the corrections of it.</summary>
    Recall,
    /// <summary>What a physician says about a flag of triage.</summary>
    Flag,
    /// <summary>What is reported to an authority: the sheet, its receipt, and flags that a consultation ended with.</summary>
    Report,
    Campaign,
    /// <summary>Keys and webhooks of a campaign's partners; whose campaign it is stands in the query.</summary>
    PartnerKey,
    /// <summary>What a partner's program may ask: its own entrance, in the query, and codes alone.</summary>
    Partner,
    /// <summary>A rehearsal beside a demo or a drill; where people are real there is none.</summary>
    Drill,
    /// <summary>Questions and answers of the information desk: operators write and withdraw, physicians review.</summary>
    Library,
    /// <summary>A correction or a new rule that operators send to many: ids, codes and counts. Whoever tells people in person reads it too.</summary>
    Notice,
    /// <summary>The directories of hospitals and of other free services: lists, and the links of hospitals.</summary>
    Directory,
    /// <summary>Sending somebody to a hospital of the directory, with the sheet that ends the consultation.</summary>
    Referral,
    Invitation,
    Staff,
    SignIn,
    SecondFactor,
    DemoTools,
}

namespace Yizhen.Rules;

/// <summary>
/// Every "no" this product can say, on one page for regulator, clinician and tester.
/// Status and wording (zh-CN, en) stand in <c>Web/Page/RefusalWords.cs</c>; a new member breaks the build until it is worded.
/// </summary>
public enum Refusal
{
    /// <summary>Not there, or not yours: one answer, so that existence is not told.</summary>
    NotFound,
    NotSignedIn,
    Malformed,
    TextEmpty,
    TextTooLong,
    ConsentMissing,
    /// <summary>The ticks were set under a text that has been changed since: the person reads the new one.</summary>
    ConsentTextChanged,
    /// <summary>The ticks name no text that was ever shown here.</summary>
    ConsentTextUnknown,
    GuardianConsentMissing,
    ConsultationClosed,
    ConsultationErased,
    NotTriagedYet,
    StoryMissing,
    PlaceMissing,
    AnswerImplausible,
    ContactMissing,
    NotWaiting,
    NotInConsultation,
    AdviceMissing,
    /// <summary>The reply guard found words that only a physician, or nobody, may say in light consultation, and the writer is no physician.</summary>
    ReplyBlocked,
    /// <summary>The same for a physician, who may send them all the same once they have been told.</summary>
    ReplyWarned,
    /// <summary>The consultation has been given to another clinician since (assignment epoch moved on).</summary>
    NoLongerYours,
    /// <summary>Same message id, other body.</summary>
    MessageIdReused,
    MessageIdMissing,
    /// <summary>Urgency 3 to 5 only: the policy asks for the code before the first message to a doctor (CN-ID-02).</summary>
    CodeNeededFirst,
    PhoneMalformed,
    CodeWrong,
    /// <summary>The six digits of an authenticator app: no message was sent.</summary>
    AuthenticatorCodeWrong,
    CodeExpired,
    /// <summary>Codes of this number, device or network are used up, or codes cannot be sent now. The place is kept.</summary>
    CodesUsedUp,
    CodesNotSent,
    RecoveryCodeWrong,
    PhotoTooLarge,
    PhotoTooManyPixels,
    PhotoNotRecognised,
    CampaignNotOpen,
    /// <summary>The person is not in a region that this campaign covers, and it is not urgent: where to go instead stands beside it.</summary>
    OutsideRegion,
    /// <summary>The campaign goes by where a phone number was sold; this one was sold elsewhere, or there is none. What to do about it stands beside it.</summary>
    ProofNeeded,
    /// <summary>A line of the file cannot be taken, so nothing of it was.</summary>
    ListAtFault,
    /// <summary>No hospital of the directory stands under this key.</summary>
    HospitalUnknown,
    CampaignTextMissing,
    /// <summary>A line of the check before opening is missing; which ones stands beside it.</summary>
    CampaignNotReady,
    /// <summary>Whoever asked for the opening does not confirm it: another operator of the organisation does.</summary>
    SecondPersonNeeded,
    /// <summary>The organisation has given its people a word, and this is not it.</summary>
    CampaignCodeWrong,
    /// <summary>This entrance has let in as many as it may within this hour: when to come, or where else to ask, stands beside it.</summary>
    EntranceFull,
    /// <summary>The machine has no program that makes a PDF of a page.</summary>
    PdfNotInstalled,
    /// <summary>A partner's key may not do this.</summary>
    OutsideScope,
    CampaignExists,
    /// <summary>An entry of the library lacks a language, its answer or its source.</summary>
    EntryIncomplete,
    /// <summary>An entry lacks a date, or would end before it begins.</summary>
    EntryDates,
    /// <summary>A notice lacks one of its languages.</summary>
    NoticeIncomplete,
    /// <summary>A notice names neither who waits nor since when somebody was advised, or a day that is still to come, or finds nobody.</summary>
    NoticeToNobody,
    InvitationSpent,
    SignInFailed,
    SignInLocked,
    SecondFactorNeeded,
    PasswordTooWeak,
    NotOnDuty,
    SeatsOutOfRange,
    ReasonNeeded,
    /// <summary>Recipient, number or time of filing is missing, or the time cannot be.</summary>
    ReceiptIncomplete,
    /// <summary>What a doctor confirmed ends with the receipt of the authority, or a doctor takes it back with a reason.</summary>
    ReceiptNeeded,
    /// <summary>Who has a red flag of the signed pack is lowered by the physician who has them in consultation, and by nobody else.</summary>
    RedFlagStands,
    OnlyRaise,
    /// <summary>No version of that protocol is in the place of the recalled one.</summary>
    NothingInItsPlace,
    NotAllowedInMode,
    ProtocolUnsigned,
    /// <summary>A dated answer instead of waiting was not offered, or was answered, or its time is over.</summary>
    OfferOver,
    /// <summary>Somebody else has been asked by now, or has taken the person, or the person has gone.</summary>
    PromptOver,
    /// <summary>People are open, and nobody has said that they are to go to another clinician.</summary>
    PeopleOpen,
    /// <summary>The shift is over: the roster of what was is not changed.</summary>
    ShiftOver,
    /// <summary>Lines of the roster cannot be taken: nothing was added.</summary>
    RosterWrong,
    /// <summary>The number of a licence or registration is too short, too long, or has other signs than letters, digits and hyphens.</summary>
    RegistrationUnreadable,
    /// <summary>The institution has not yet looked this person up in the register.</summary>
    RegistrationNotChecked,
    NotInDemo,
    OnlyInDemo,
    Conflict,
    TooManyAttempts,
    Overloaded,
    NotStored,
}

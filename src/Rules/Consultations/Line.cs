namespace Yizhen.Rules.Consultations;

/// <param name="RecoveryCode">A printed code was given out, in place of a phone or beside it.</param>
public sealed record ContactState(bool Phone, bool Verified, bool RecoveryCode);

public enum LineBy
{
    Patient,
    Clinician,
    System,
}

/// <summary>One line of the conversation. A system line's text is a code that the page words in the reader's language.</summary>
public sealed record Line(long Version, DateTimeOffset At, LineBy By, Guid? MessageId, string? Name, string Text, PhotoReceived? Photo);

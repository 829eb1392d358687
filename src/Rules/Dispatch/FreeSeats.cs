using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>What keeps a free seat from whoever waits, from furthest to nearest. Of all who wait for the same need the nearest counts.</summary>
public enum SeatKept
{
    /// <summary>The clinician does not take this class, or not this campaign's people.</summary>
    Class,
    Language,
    Channel,
    Licence,
    NotLent,
    ShiftEnds,
    Tired,

    /// <summary>A call waits, and needs a clinician who has nobody.</summary>
    NotEmpty,

    /// <summary>While it is busy one more would make all of theirs slower.</summary>
    Slower,

    /// <summary>Of the share that stays for their own organisation's people.</summary>
    Reserved,

    /// <summary>They are being emptied for a call that waits.</summary>
    ForCall,

    /// <summary>They were asked to take this person, and did not.</summary>
    Passed,

    /// <summary>The person waits a little for the clinician whom they had before.</summary>
    OwnFirst,

    /// <summary>Another clinician is asked at this moment.</summary>
    Asked,

    /// <summary>Nothing: given at the next turn.</summary>
    Nothing,
}

/// <param name="Until">UTC milliseconds: over at that time at the latest; null: when what it says ends.</param>
public sealed record KeptSeats(SeatKept Why, int Seats, long? Until);

/// <summary>Clinicians on duty for one need, against those who wait for it.</summary>
/// <param name="OnDuty">Who serve it and are not on a break, full or not.</param>
/// <param name="Free">Seats of theirs that nobody takes.</param>
/// <param name="OnBreak">Free seats of those who are on a break or out of sight and may take somebody of them; not among <paramref name="Free"/>.</param>
/// <param name="Kept">All of <paramref name="Free"/>, by what keeps them: most seats first.</param>
public sealed record FreeSeats(string Need, int OnDuty, int Free, int OnBreak, ImmutableArray<KeptSeats> Kept);

using System.Collections.Immutable;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;

namespace Yizhen.Web.Campaigns;

/// <param name="Code">Two digits: a province; four: a city; null: abroad, or not said.</param>
/// <param name="ByUrgency">People, urgency 1 first.</param>
/// <param name="Cities">Of a province.</param>
public sealed record RegionLine(string? Code, ImmutableArray<int> ByUrgency, int Waiting, TimeSpan Longest, ImmutableArray<RegionLine> Cities)
{
    internal static RegionLine Of(Whereabouts place, long now) =>
        new(place.Code, place.ByUrgency, place.People, TimeSpan.FromMilliseconds(Math.Max(0, now - place.Since)), [.. place.Cities.Select(c => Of(c, now))]);
}

/// <summary>People for whom nobody on duty fits.</summary>
/// <param name="Since">From when on somebody waited here and nobody fitted.</param>
/// <param name="Lacks">nobody_on_duty, or what those who come closest lack: skill, language, channel, licence, lending.</param>
/// <param name="OnBreak">Clinicians on a break who would fit.</param>
public sealed record HoleLine(string Need, string Lang, string? Province, string Channel, Urgency MostUrgent, int Waiting, TimeSpan Longest, DateTimeOffset Since, string Lacks, int OnBreak);

/// <summary>Free seats against those who wait, for one need.</summary>
/// <param name="OnDuty">Clinicians who serve it and are not on a break, full or not.</param>
/// <param name="Free">Seats of theirs that nobody takes, without those that are given at this moment.</param>
/// <param name="OnBreak">Free seats of clinicians who are on a break or out of sight and may take somebody of them.</param>
/// <param name="Next">Of those who wait, who are given a clinician at this moment.</param>
/// <param name="Asked">Of those who wait, for whom a clinician is asked; the seat is held meanwhile, and is none of the free ones.</param>
/// <param name="Unread">Of those who wait, whose record cannot be read, so that nobody can be given them.</param>
/// <param name="Kept">All the free seats, by what keeps them, most first.</param>
public sealed record SeatLine(string Need, int Waiting, TimeSpan Longest, int OnDuty, int Free, int OnBreak, int Next, int Asked, int Unread, ImmutableArray<KeptLine> Kept);

/// <param name="Until">Over at that time at the latest; null: when what it says ends.</param>
public sealed record KeptLine(SeatKept Why, int Seats, DateTimeOffset? Until);

/// <param name="Waiting">At the end of the span.</param>
/// <param name="Taken">Got a clinician within it, for the first time.</param>
public sealed record QueueLine(DateTimeOffset From, DateTimeOffset To, int Waiting, int Joined, int Taken, int Left);

/// <summary>One hour to come.</summary>
/// <param name="Expected">People, from the last hours and the curve of a day.</param>
/// <param name="Clinicians">On duty or on the roster, on average over the hour; so the seats.</param>
/// <param name="CanTake">People whom they can see.</param>
public sealed record ComingHour(DateTimeOffset From, DateTimeOffset To, double Expected, double Clinicians, double Seats, double CanTake);

/// <summary>A time to come in which nobody on duty or on the roster fits.</summary>
/// <param name="Waiting">Who wait now, where it begins now.</param>
/// <param name="Expected">People expected within it.</param>
public sealed record ComingHole(string Need, string Lang, string? Province, string Channel, Urgency MostUrgent, int Waiting, double Expected, DateTimeOffset From, DateTimeOffset To, string Lacks);

/// <param name="HasRoster">Something is on the roster for these hours; without it holes to come say little.</param>
/// <param name="Late">Should be here by the roster, and are not on duty.</param>
public sealed record ComingPicture(DateTimeOffset At, bool HasRoster, int Late, ImmutableArray<ComingHour> Hours, ImmutableArray<ComingHole> Holes);

/// <summary>Figures that take a walk through the log; each is of the time <paramref name="At"/>.</summary>
/// <param name="Answered">All, then each urgency.</param>
/// <param name="Fewest">Below so many people no share is told.</param>
/// <param name="Hours">The last three hours, in spans of ten minutes.</param>
public sealed record BoardRecount(DateTimeOffset At, ImmutableArray<SeatLine> Seats, ImmutableArray<HoleLine> Holes, ImmutableArray<AnsweredLine> Answered, int Fewest, ImmutableArray<QueueLine> Hours);

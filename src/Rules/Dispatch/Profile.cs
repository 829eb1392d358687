namespace Yizhen.Rules.Dispatch;

/// <summary>A clinician in the pool.</summary>
internal sealed class Clinician(OnDuty who, Profile profile)
{
    /// <summary>As of when they came on duty; what changes since stands below.</summary>
    public OnDuty Who => who;

    public Profile Profile => profile;

    public int Open { get; set; } = who.Taken;

    public bool InCall { get; set; } = who.InCall;

    public long LastAssignedAt { get; set; } = who.LastAssignedAt;

    /// <summary>Seats that people of other organisations take.</summary>
    public int Lent { get; set; } = who.Lent;

    /// <summary>The class of the call that waits and for which they are being emptied; null: they are not.</summary>
    public int? KeptFor { get; set; }

    /// <summary>That call is a dated answer.</summary>
    public bool KeptForDate { get; set; }

    /// <summary>No chat is added, but for an emergency where the call is none, and for whoever is more urgent than a call that is a dated answer.</summary>
    public bool IsKeptFrom(Ask ask) => !ask.Line.IsCall && KeptFor is { } call && (KeptForDate ? ask.Rank >= call : ask.Rank > (int)Triage.Urgency.Emergency || call == ask.Rank);
}

/// <summary>Clinicians alike in all that dispatch asks for, by how many consultations they have open.</summary>
internal sealed class Profile(OnDuty like, int number)
{
    public const string AnyArea = "*";
    private const int Thousand = 1000;

    /// <summary>A further chat must bring at least so many thousandths more work done, or it only makes everybody wait.</summary>
    private const int WorthIt = 1020;

    public static readonly IComparer<Clinician> LongestIdle = Comparer<Clinician>.Create((a, b) =>
        a.LastAssignedAt != b.LastAssignedAt ? a.LastAssignedAt.CompareTo(b.LastAssignedAt) : a.Who.Order.CompareTo(b.Who.Order));

    private readonly List<Clinician>[] byOpen = [.. Enumerable.Range(0, like.Seats + 1).Select(_ => new List<Clinician>())];

    public OnDuty Like => like;

    /// <summary>In the order in which they were first seen.</summary>
    public int Number => number;

    /// <summary>How many chats get most work done.</summary>
    public int Best { get; } = BestChats(like.Seats, like.Slowdown);

    /// <summary>Work done with that many chats, against one at a time, in thousandths.</summary>
    public int Gain { get; } = Throughput(BestChats(like.Seats, like.Slowdown), like.Slowdown);

    public bool TakesCalls { get; } = like.Channels.Any(c => c != Waiting.Chat);

    /// <summary>What else they could do: skills and languages beyond the first.</summary>
    public int Scarce { get; } = like.Skills.Length + like.Langs.Length - 2;

    public int OnDuty { get; set; }

    public int Paused { get; set; }

    /// <summary>Those with a free seat and not in a call.</summary>
    public int WithSeat { get; private set; }

    /// <summary>Somebody has nobody, and could have.</summary>
    public bool IsIdle => WithSeat > 0 && byOpen[0].Count > 0;

    /// <summary>Of those who have so many open, whoever is longest without anybody; for a chat nobody who is being emptied for a call that is as urgent.</summary>
    /// <param name="again">Whoever has passed may be asked again where their time has come.</param>
    public Clinician? Longest(int open, Ask ask, bool again)
    {
        foreach (var clinician in byOpen[open])
        {
            if (!clinician.IsKeptFrom(ask) && !ask.Line.Bars(clinician, again, ask.Now))
            {
                return clinician;
            }
        }

        return null;
    }

    /// <summary>Of all alike.</summary>
    private int Free => byOpen.Take(like.Seats).Select((those, open) => those.Count * (like.Seats - open)).Sum();

    /// <summary>
    /// Up to how many open consultations one more may be added: none for a call; where it is busy not so many that all get slower, but for the most urgent two classes. An
    /// answer that could wait leaves one of these clinicians a seat for whoever comes and is urgent.
    /// </summary>
    public int Levels(Ask ask) =>
        ask.Line.Like.IsEarly && Free <= 1 ? 0
        : ask.Line.IsCall ? Math.Min(1, like.Seats) : ask.Busy && ask.Rank > (int)Triage.Urgency.Urgent ? Math.Min(Best, like.Seats) : like.Seats;

    /// <summary>How many have room for this person.</summary>
    public int Room(Ask ask)
    {
        var room = 0;
        for (var open = 0; open < Levels(ask); open++)
        {
            room += byOpen[open].Count;
        }

        return room;
    }

    public static string Key(OnDuty who) =>
        $"{string.Join(',', who.Skills)}|{string.Join(',', who.Langs)}|{string.Join(',', who.Licence)}|{string.Join(',', who.Channels)}|{who.Seats}|{who.Slowdown}|{(int)who.MostUrgent}|{(int)who.LeastUrgent}|{(int)who.Because}{(who.Aid is { } aid ? $"|{who.Organisation:N}|{aid.Key}" : "")}{(who.Reach is { } reach ? $"|{reach.Key}" : "")}";

    public void Seat(Clinician clinician)
    {
        if (!clinician.InCall && clinician.Open < byOpen.Length)
        {
            var among = byOpen[clinician.Open];
            var at = among.BinarySearch(clinician, LongestIdle);
            among.Insert(at < 0 ? ~at : at, clinician);
            WithSeat += clinician.Open < like.Seats ? 1 : 0;
        }
    }

    public void Unseat(Clinician clinician)
    {
        if (!clinician.InCall && clinician.Open < byOpen.Length && byOpen[clinician.Open].Remove(clinician))
        {
            WithSeat -= clinician.Open < like.Seats ? 1 : 0;
        }
    }

    /// <summary>Work done with as many chats as get most done, against one at a time, in thousandths.</summary>
    public static int Most(OnDuty who) => Throughput(BestChats(who.Seats, who.Slowdown), who.Slowdown);

    private static int BestChats(int seats, int slowdown)
    {
        var best = 1;
        for (var chats = best + 1; chats <= seats; chats++)
        {
            best = Throughput(chats, slowdown) * Thousand > Throughput(best, slowdown) * WorthIt ? chats : best;
        }

        return best;
    }

    private static int Throughput(int chats, int slowdown) => chats * Thousand * Thousand / (Thousand + (slowdown * (chats - 1)));
}

/// <summary>Somebody who is to be taken now.</summary>
/// <param name="Rank">The class that counts now.</param>
/// <param name="Busy">Special rules are on: so many seats are taken that they matter.</param>
internal readonly record struct Ask(Line Line, int Rank, bool Busy, long Now);

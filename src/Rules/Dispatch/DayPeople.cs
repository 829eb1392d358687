namespace Yizhen.Rules.Dispatch;

/// <content>Somebody who comes on the day.</content>
public sealed partial class DayRun
{
    private Waiting AsWaiting(int number, Coming who) => new(
        Id(number, 1), who.Urgency, (day.BeginsAt + who.At) * Second, number, who.Need, who.Lang, who.Area, who.Channel,
        people[number].Seated > 0 || who.OwnShift is not { } own ? null : Id(own, 2), who.WasOffered || levels.Of(who.Campaign) < rules.Offers.Level || (day.Rules.Promise is not null && people[number].Seated > 0),
        who.Organisation, who.Campaign);

    private sealed class Person(Coming who)
    {
        private int? firstAt;
        private DayEnd end = DayEnd.GaveUp;
        private int endedAt;

        public Coming Who => who;

        /// <summary>Null while nobody is wanted.</summary>
        public Waiting? Waits { get; set; }

        /// <summary>They took a date instead of waiting.</summary>
        public Owed? Dated { get; set; }

        public int Since { get; set; }

        public int Deadline { get; set; }

        public double Left { get; set; }

        public int Waited { get; set; }

        public int Seated { get; private set; }

        /// <summary>By whom they may be taken at this moment; null: nobody is asked.</summary>
        public int? Asked { get; set; }

        public int AskedTimes { get; set; }

        /// <summary>The moment at which the clinician would have answered has passed.</summary>
        public bool AskedAgain { get; set; }

        public void Begin(int now)
        {
            Waited += now - Since;
            firstAt ??= now;
            Seated++;
            Waits = null;
        }

        public void Leave(DayEnd how, int now)
        {
            Waited += now - Since;
            (end, endedAt, Waits) = (how, now, null);
        }

        public void Served(int now, int silent)
        {
            Waited += silent;
            (end, endedAt) = (DayEnd.Served, now);
        }

        public DayOf Made() => new(end, firstAt, Waited, endedAt);
    }
}

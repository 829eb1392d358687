namespace Yizhen.Rules.Dispatch;

/// <content>The state of clinicians and people, what comes at which second, and what dispatch is to hear.</content>
public sealed partial class DayRun
{
    private enum Turn
    {
        Comes,
        Goes,
        GraceOver,
        FallsSilent,
        IsMissed,
        IsBack,
        Leaves,
        MayBeTired,
        LendsAnew,
        Rested,
    }

    /// <param name="Person">-1: open since before the day.</param>
    /// <param name="Until">At so much work done by the clinician's clock of work it is over.</param>
    private sealed record Talk(int Person, double Until, int From, bool IsCall, Guid Organisation);

    private sealed class Desk(Shift shift)
    {
        private (int From, int To)[]? silences;

        public List<Talk> Open { get; } = new(shift.Seats);

        public int Order { get; set; } = -1;

        public bool InCall { get; set; }

        public bool OnShift { get; set; }

        public bool Silent { get; set; }

        public bool Missed { get; set; }

        public bool Left { get; set; }

        public bool Available { get; set; }

        /// <summary>Asked to take these people, and has not answered.</summary>
        public List<int> Asking { get; } = [];

        public int Misses { get; set; }

        /// <summary>Missed too many; gets nobody until they are back.</summary>
        public bool Paused { get; set; }

        public long LastAssignedAt { get; set; }

        /// <summary>On duty without a break; null: not yet.</summary>
        public int? WorksSince { get; set; }

        public int DaySince { get; set; }

        /// <summary>Seconds of breaks.</summary>
        public int Rested { get; set; }

        public bool Resting { get; set; }

        public int Given { get; set; }

        public Tiredness Level { get; set; }

        /// <summary>Seconds with anybody, until <see cref="BusySince"/>.</summary>
        public int Busy { get; set; }

        public int BusySince { get; set; }

        /// <summary>Work done on each of those open, as of <see cref="At"/>.</summary>
        public double Done { get; set; }

        public int At { get; set; }

        /// <summary>An ending that was expected before something changed is void.</summary>
        public int Version { get; set; }

        public double Rate => Silent || Open.Count == 0 ? 0 : InCall ? 1 : 1 / (1 + (shift.Slowdown / (double)Thousand * (Open.Count - 1)));

        public (int From, int To)[] Silences(PlannedDay day, int number) =>
            silences ??= [.. day.Away.Where(a => a.Shift == number && !a.Left).Select(a => (a.From, a.To))];
    }

    private sealed class Heard
    {
        public List<(int Desk, int Took, bool Call, Guid Organisation)> Over { get; } = [];

        public List<(int Person, int Desk)> Back { get; } = [];

        public List<(int Person, int Desk)> Passed { get; } = [];

        public List<int> Gone { get; } = [];

        public List<int> On { get; } = [];

        public List<int> Off { get; } = [];

        public List<int> Came { get; } = [];

        public bool Any => Over.Count + Back.Count + Passed.Count + Gone.Count + On.Count + Off.Count + Came.Count > 0;

        public void Clear()
        {
            Over.Clear();
            Back.Clear();
            Passed.Clear();
            Gone.Clear();
            On.Clear();
            Off.Clear();
            Came.Clear();
        }
    }

    /// <summary>What comes, by seconds.</summary>
    private sealed class Agenda(int last)
    {
        private readonly List<(int Desk, Turn Turn)>?[] turns = new List<(int Desk, Turn Turn)>?[last + 2];
        private readonly List<(int Desk, int Version)>?[] endings = new List<(int Desk, int Version)>?[last + 2];
        private readonly List<(int Person, int Deadline)>?[] deadlines = new List<(int Person, int Deadline)>?[last + 2];

        private readonly List<(int Person, int Version, int Desk)>?[] answers = new List<(int Person, int Version, int Desk)>?[last + 2];

        public int Last => last;

        public void Add(int at, int desk, Turn turn) => Put(turns, Math.Max(0, at), (desk, turn));

        public void Ending(int at, int desk, int version) => Put(endings, at, (desk, version));

        /// <summary>Whoever is taken in the very second has not left.</summary>
        public void Deadline(int person, int at) => Put(deadlines, at + 1, (person, at));

        public void Answer(int at, int person, int version, int desk) => Put(answers, at, (person, version, desk));

        public List<(int Person, int Version, int Desk)> Answers(int now) => answers[now] ?? [];

        public List<(int Desk, Turn Turn)> Turns(int now) => turns[now] ?? [];

        public List<(int Desk, int Version)> Endings(int now) => endings[now] ?? [];

        public List<(int Person, int Deadline)> Deadlines(int now) => deadlines[now] ?? [];

        public void Forget(int now) => (turns[now], endings[now], deadlines[now], answers[now]) = (null, null, null, null);

        private void Put<T>(List<T>?[] on, int at, T what)
        {
            if (at <= last)
            {
                (on[at] ??= new(2)).Add(what);
            }
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Dispatch;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

/// <summary>Whom each clinician has open, and whom they are asked to take, who has the seat already: counted here for dispatch and for the sentence that a patient reads.</summary>
internal sealed class SeatsTaken
{
    private static readonly List<(Guid House, int Open, int Calls)> Nobody = [];

    /// <summary>By clinician; nearly everybody has people of one organisation.</summary>
    private readonly Dictionary<Guid, List<(Guid House, int Open, int Calls)>> of = [];

    private SeatsTaken(IEnumerable<(Guid Clinician, Guid House, int Open, int Calls)> taken)
    {
        foreach (var (clinician, house, open, calls) in taken)
        {
            if (!of.TryGetValue(clinician, out var theirs))
            {
                of[clinician] = theirs = new(1);
            }

            var known = theirs.FindIndex(t => t.House == house);
            if (known < 0)
            {
                theirs.Add((house, open, calls));
            }
            else
            {
                theirs[known] = (house, theirs[known].Open + open, theirs[known].Calls + calls);
            }
        }
    }

    public static async Task<SeatsTaken> Read(Database database, CancellationToken ct)
    {
        var heads = database.Set<Head>().AsNoTracking();
        // Two statements, because each has an index of its own; nobody has a clinician and is asked for at the same time.
        var taken = await heads.Where(h => h.AssignedTo != null).GroupBy(h => new { Clinician = h.AssignedTo, h.Organisation })
            .Select(g => new { g.Key.Clinician, g.Key.Organisation, Open = g.Count(), Calls = g.Count(h => h.Channel != Waiting.Chat) }).ToListAsync(ct);
        taken.AddRange(await heads.Where(h => h.PromptedTo != null).GroupBy(h => new { Clinician = h.PromptedTo, h.Organisation })
            .Select(g => new { g.Key.Clinician, g.Key.Organisation, Open = g.Count(), Calls = g.Count(h => h.Channel != Waiting.Chat) }).ToListAsync(ct));
        return new SeatsTaken(taken.Select(t => (t.Clinician ?? Guid.Empty, t.Organisation, t.Open, t.Calls)));
    }

    public static SeatsTaken Of(IEnumerable<Head> heads) => new(heads.Where(h => h.AssignedTo is not null || h.PromptedTo is not null)
        .SelectMany(h => new[] { h.AssignedTo, h.PromptedTo }.OfType<Guid>().Select(clinician => (clinician, h.Organisation, 1, h.Channel != Waiting.Chat ? 1 : 0))));

    public int Open(Guid clinician) => Theirs(clinician).Sum(t => t.Open);

    /// <summary>One of them is a call: nothing may be added.</summary>
    public bool InCall(Guid clinician) => Theirs(clinician).Exists(t => t.Calls > 0);

    /// <summary>Seats that people of other organisations take; a call takes all.</summary>
    /// <param name="house">The clinician's.</param>
    public int Lent(DutyRow duty, Guid house) => Theirs(duty.Clinician).Where(t => t.House != house).Sum(t => t.Calls > 0 ? duty.Seats : t.Open);

    private List<(Guid House, int Open, int Calls)> Theirs(Guid clinician) => of.GetValueOrDefault(clinician, Nobody);
}

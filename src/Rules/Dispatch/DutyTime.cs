namespace Yizhen.Rules.Dispatch;

/// <summary>How many clinicians worked within a span, and for how long together.</summary>
/// <param name="Clinicians">Who worked at any moment of it.</param>
/// <param name="Minutes">On duty, finishing included, breaks not; whole minutes of the sum.</param>
public sealed record DutyTime(int Clinicians, long Minutes)
{
    private const long MinuteMs = 60_000;

    /// <param name="changes">In the order of the journal, of any number of clinicians.</param>
    /// <param name="from">UTC milliseconds; what was worked before does not count.</param>
    /// <param name="to">UTC milliseconds; whoever still works then has worked until then.</param>
    public static DutyTime Of(IEnumerable<DutyChange> changes, long from, long to)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var (since, worked) = (new Dictionary<Guid, long>(), new Dictionary<Guid, long>());
        foreach (var change in changes)
        {
            if (change.State is "on" or "pausing")
            {
                since.TryAdd(change.Clinician, change.At);
            }
            else if (since.Remove(change.Clinician, out var began))
            {
                Add(change.Clinician, began, change.At);
            }
        }

        foreach (var (clinician, began) in since)
        {
            Add(clinician, began, to);
        }

        return new DutyTime(worked.Count, worked.Values.Sum() / MinuteMs);

        void Add(Guid clinician, long began, long ended)
        {
            var time = Math.Min(ended, to) - Math.Max(began, from);
            if (time > 0)
            {
                worked[clinician] = worked.GetValueOrDefault(clinician) + time;
            }
        }
    }
}

using System.Collections.Immutable;

namespace Yizhen.Rules.Dispatch;

/// <summary>A consultation with a clinician, from when to when. UTC milliseconds.</summary>
/// <param name="Lender">Whose clinician it is.</param>
/// <param name="Receiver">Whose campaign the person came to; the same as <paramref name="Lender"/> where nobody is lent.</param>
public sealed record HelpSpell(Guid Consultation, Guid Clinician, Guid Lender, Guid Receiver, long From, long To);

/// <param name="From">UTC milliseconds at which it begins.</param>
public readonly record struct LedgerDay(DateOnly Day, long From);

/// <summary>What one organisation's clinicians did for another's people on one day.</summary>
/// <param name="Consultations">Taken on that day, each once.</param>
/// <param name="Minutes">Of doctors, to one tenth: who has three people at once gives each a third of every minute.</param>
public sealed record AidLine(DateOnly Day, Guid Lender, Guid Receiver, int Consultations, decimal Minutes)
{
    public bool IsHelp => Lender != Receiver;
}

/// <summary>What one organisation gave to others and had of them.</summary>
public sealed record AidBalance(Guid Organisation, int ConsultationsGiven, int ConsultationsReceived, decimal MinutesGiven, decimal MinutesReceived)
{
    public int Consultations => ConsultationsReceived - ConsultationsGiven;

    public decimal Minutes => MinutesReceived - MinutesGiven;
}

/// <summary>Help given and received, by pair and day. What one gives another receives: all balances together are zero.</summary>
/// <param name="Lines">By day, then lender and receiver; work for an organisation's own people stands among them.</param>
/// <param name="Balances">Of whoever gave or received anything.</param>
public sealed record AidLedger(ImmutableArray<AidLine> Lines, ImmutableArray<AidBalance> Balances)
{
    private const decimal Minute = 60_000;

    /// <summary>Nothing of what was given is missing among what was received.</summary>
    public bool Holds => Balances.Sum(b => b.Minutes) == 0 && Balances.Sum(b => b.Consultations) == 0;

    /// <param name="days">In order; what lies before the first or after <paramref name="until"/> is not counted.</param>
    public static AidLedger Of(IEnumerable<HelpSpell> spells, IReadOnlyList<LedgerDay> days, long until)
    {
        ArgumentNullException.ThrowIfNull(spells);
        ArgumentNullException.ThrowIfNull(days);
        var lasted = new Dictionary<(DateOnly Day, Guid Lender, Guid Receiver), (HashSet<Guid> Taken, long Ms)>();
        foreach (var clinician in spells.GroupBy(s => s.Clinician))
        {
            Share([.. clinician.OrderBy(s => s.From).ThenBy(s => s.Consultation)], days, until, lasted);
        }

        ImmutableArray<AidLine> lines = [.. lasted.Select(l => new AidLine(l.Key.Day, l.Key.Lender, l.Key.Receiver, l.Value.Taken.Count, Math.Round(l.Value.Ms / Minute, 1)))
            .Where(l => l.Consultations > 0 || l.Minutes > 0).OrderBy(l => l.Day).ThenBy(l => l.Lender).ThenBy(l => l.Receiver)];
        return new AidLedger(lines, [.. Balanced(lines)]);
    }

    private static IEnumerable<AidBalance> Balanced(ImmutableArray<AidLine> lines)
    {
        var help = lines.Where(l => l.IsHelp).ToList();
        return help.SelectMany(l => new[] { l.Lender, l.Receiver }).Distinct().Order().Select(house => new AidBalance(
            house,
            help.Where(l => l.Lender == house).Sum(l => l.Consultations), help.Where(l => l.Receiver == house).Sum(l => l.Consultations),
            help.Where(l => l.Lender == house).Sum(l => l.Minutes), help.Where(l => l.Receiver == house).Sum(l => l.Minutes)));
    }

    /// <summary>Each moment of one clinician, shared among those who are open in it: together never more than the moment.</summary>
    private static void Share(List<HelpSpell> of, IReadOnlyList<LedgerDay> days, long until, Dictionary<(DateOnly Day, Guid Lender, Guid Receiver), (HashSet<Guid> Taken, long Ms)> lasted)
    {
        var marks = of.SelectMany(s => new[] { s.From, s.To }).Concat(days.Select(d => d.From)).Append(until).Distinct().Order().ToList();
        var open = new List<HelpSpell>();
        var (next, day) = (0, -1);
        for (var n = 0; n + 1 < marks.Count && marks[n] < until; n++)
        {
            var (from, to) = (marks[n], marks[n + 1]);
            for (; day + 1 < days.Count && days[day + 1].From <= from; day++)
            {
            }

            open.RemoveAll(s => s.To <= from);
            for (; next < of.Count && of[next].From <= from; next++)
            {
                if (day >= 0)
                {
                    Of(of[next], days[day].Day, lasted).Add(of[next].Consultation);
                }

                if (of[next].To > from)
                {
                    open.Add(of[next]);
                }
            }

            for (var one = 0; one < open.Count && day >= 0; one++)
            {
                var key = (days[day].Day, open[one].Lender, open[one].Receiver);
                var (taken, ms) = lasted.GetValueOrDefault(key, ([], 0));
                lasted[key] = (taken, ms + ((to - from) / open.Count) + (one < (to - from) % open.Count ? 1 : 0));
            }
        }
    }

    private static HashSet<Guid> Of(HelpSpell spell, DateOnly day, Dictionary<(DateOnly Day, Guid Lender, Guid Receiver), (HashSet<Guid> Taken, long Ms)> lasted)
    {
        var key = (day, spell.Lender, spell.Receiver);
        lasted.TryAdd(key, ([], 0));
        return lasted[key].Taken;
    }
}

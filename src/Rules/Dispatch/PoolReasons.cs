namespace Yizhen.Rules.Dispatch;

/// <content>What organisations lend each other, and what kept the clinicians from a person.</content>
public sealed partial class Pool
{
    /// <summary>Seats that an organisation has and has lent have changed: others of its clinicians may be free for somebody by that.</summary>
    private void Lend(Clinician clinician, int seats, int lent)
    {
        if (clinician.Who.Aid is null || clinician.Who.Paused)
        {
            return;
        }

        reserves.Add(clinician.Who, seats, lent);
        for (var number = 0; number < profiles.Count && (seats > 0 || lent < 0); number++)
        {
            if (profiles[number].Like is { Aid: not null } like && like.Organisation == clinician.Who.Organisation)
            {
                roomier.Put(number, isIn: true);
            }
        }
    }

    private void Lend(Clinician clinician, Waiting who)
    {
        var takes = Reserves.Taken(clinician.Who, who);
        clinician.Lent += takes;
        Lend(clinician, 0, takes);
    }

    private void Return(Clinician clinician, Waiting? who)
    {
        var back = who is null ? 0 : Math.Min(clinician.Lent, Reserves.Taken(clinician.Who, who));
        clinician.Lent -= back;
        Lend(clinician, 0, -back);
    }

    /// <summary>Of all on duty: who could take somebody of this line, and what kept the others.</summary>
    private (int Eligible, Exclusions Excluded) Count(Ask ask, Clinician chosen)
    {
        var line = ask.Line;
        var tally = line.Tally ??= Tally(line);
        // Whoever has fewer seats because they are tired is not called full.
        var (room, reserved, kept, tired) = (0, 0, 0, tally.Tired);
        var open = line.IsCall ? idle : withSeat;
        for (var number = line.Fitting.Next(open, 0); number >= 0; number = line.Fitting.Next(open, number + 1))
        {
            var free = profiles[number].Room(ask);
            _ = reserves.Let(profiles[number].Like, line.Like) ? room += free : reserved += free;
            tired -= profiles[number].Like.Because == Spared.Tired ? free : 0;
        }

        foreach (var clinician in line.IsCall ? [] : calls.Kept)
        {
            kept += clinician.IsKeptFrom(ask) && line.Fits(clinician.Profile) && !clinician.InCall && clinician.Open < clinician.Profile.Levels(ask) && reserves.Let(clinician.Who, line.Like) ? 1 : 0;
        }

        var asked = 0;
        foreach (var passed in line.IsApart ? line.Like.PassedBy : [])
        {
            asked += passed.Clinician != chosen.Who.Clinician && clinicians.TryGetValue(passed.Clinician, out var who) && who is { Who.Paused: false, InCall: false }
                && !who.IsKeptFrom(ask) && line.Fits(who.Profile) && who.Open < who.Profile.Levels(ask) && reserves.Let(who.Who, line.Like) ? 1 : 0;
        }

        return (room - kept - asked, new Exclusions(
            tally[Filter.Skill], tally[Filter.Language], tally[Filter.Channel], tally[Filter.Licence], tally[Filter.None] - tally.Paused - room - reserved - tired, tally.Paused, kept,
            tally[Filter.ShiftEnds], tally[Filter.Tired] + tired, tally[Filter.Lending], reserved, asked));
    }

    private Tally Tally(Line line)
    {
        var tally = new Tally();
        for (var number = 0; number < profiles.Count; number++)
        {
            tally.Add(line.Misfit(number), profiles[number], profiles[number].OnDuty, profiles[number].Paused);
        }

        tallied.Add(line);
        return tally;
    }
}

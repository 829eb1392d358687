using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Waiting = Yizhen.Rules.Dispatch.Waiting;

namespace Yizhen.Web.Dispatch;

/// <content>What the simulator tells.</content>
internal sealed partial class Drive
{
    private void Hear(JsonElement told, Pool pool, long now)
    {
        foreach (var pair in Each(told, "done"))
        {
            End(pool, patients[pair[0].GetString() ?? ""], now, counts: true);
        }

        foreach (var pair in Each(told, "requeue"))
        {
            End(pool, patients[pair[0].GetString() ?? ""], now, counts: false);
        }

        foreach (var id in Each(told, "gone"))
        {
            pool.Leave(patients[id.GetString() ?? ""].Who.Consultation);
        }

        foreach (var doctor in Each(told, "on"))
        {
            pool.On(OnDuty(doctor));
        }

        // A doctor of both lists came and went within the second.
        foreach (var id in Each(told, "off"))
        {
            pool.Off(Doctor(id));
        }

        foreach (var pair in Each(told, "requeue"))
        {
            var patient = patients[pair[0].GetString() ?? ""];
            patient.Who = patient.Who with { OwnClinician = null };
            pool.Arrive(patient.Who);
        }

        foreach (var id in Each(told, "rejected"))
        {
            Rejected++;
            var patient = patients[id.GetString() ?? ""];
            End(pool, patient, now, counts: false);
            pool.Arrive(patient.Who);
        }

        foreach (var person in Each(told, "arrive"))
        {
            Arrive(pool, person, now);
        }
    }

    private void Arrive(Pool pool, JsonElement person, long now)
    {
        var name = person.GetProperty("id").GetString() ?? "";
        var order = patients.Count;
        Guid? own = person.TryGetProperty("continuity", out var own_) ? Doctor(own_) : null;
        var who = new Waiting(
            Id(order, kind: 1), (Urgency)person.GetProperty("urgency").GetInt32(), now, order, Text(person, "need"), Text(person, "lang"), Text(person, "region"), Text(person, "channel"), own);
        var patient = new Patient(name, who);
        patients.Add(name, patient);
        byId.Add(who.Consultation, patient);
        flow.Came(who, now);
        pool.Arrive(who);
    }

    private OnDuty OnDuty(JsonElement doctor)
    {
        var id = Doctor(doctor.GetProperty("id"));
        return new OnDuty(
            id, "", BitConverter.ToInt32(id.ToByteArray()), Texts(doctor, "skills"), Texts(doctor, "langs"), Texts(doctor, "licence"), Texts(doctor, "channels"),
            doctor.GetProperty("max").GetInt32(), doctor.GetProperty("open").GetInt32(), inCall.Contains(id), false, lastAssigned.GetValueOrDefault(id),
            (int)Math.Round(doctor.GetProperty("slowdown").GetDecimal() * Second), EndsAt: doctor.TryGetProperty("shift_end", out var end) ? (end.GetInt64() * Second) + graceMs : long.MaxValue);
    }

    private Guid Doctor(JsonElement id)
    {
        var name = id.GetString() ?? "";
        if (!doctors.TryGetValue(name, out var known))
        {
            doctors[name] = known = Id(doctors.Count, kind: 2);
            nameOf[known] = name;
        }

        return known;
    }

    private static Guid Id(int number, byte kind) => new(number, 0, 0, kind, 0, 0, 0, 0, 0, 0, 0);

    private static JsonElement.ArrayEnumerator Each(JsonElement told, string name) => told.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static ImmutableArray<string> Texts(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(x => x.GetString() ?? "")];
}

using System.Collections.Immutable;
using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Yizhen.Rules.Triage;
using Waiting = Yizhen.Rules.Dispatch.Waiting;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// The dispatcher of production, driven from outside by a simulator: one JSON line for each second in which something happened, one line
/// back with whom it assigns and to whom it offers a dated answer instead of waiting. It is told nothing of the future.
/// </summary>
/// <param name="level">Of the surge. An offer counts as taken.</param>
internal sealed class Drive(DispatchRules rules, int level)
{
    private const int Second = 1000;

    private readonly Flow flow = new(rules);
    private readonly Dictionary<string, Patient> patients = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Patient> byId = [];
    private readonly Dictionary<string, Guid> doctors = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> nameOf = [];
    private readonly HashSet<Guid> inCall = [];
    private readonly Dictionary<Guid, long> lastAssigned = [];
    private Pool? pool;

    /// <summary>Assignments that the driver did not accept.</summary>
    public int Rejected { get; private set; }

    /// <returns>The answer; null at the end.</returns>
    /// <exception cref="JsonException">Not a line of this protocol.</exception>
    public string? Answer(string line)
    {
        using var read = JsonDocument.Parse(line);
        var told = read.RootElement;
        if (told.TryGetProperty("e", out var kind))
        {
            return kind.GetString() == "end" ? null : """{"ready":true}""";
        }

        pool ??= new Pool(rules, flow);
        var at = told.GetProperty("t").GetInt64();
        var now = at * Second;
        Hear(told, pool, now);
        var round = pool.Decide(now, level);
        return Say(round, pool, now, at);
    }

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

        foreach (var id in Each(told, "off"))
        {
            pool.Off(Doctor(id));
        }

        foreach (var id in Each(told, "gone"))
        {
            pool.Leave(patients[id.GetString() ?? ""].Who.Consultation);
        }

        foreach (var doctor in Each(told, "on"))
        {
            pool.On(OnDuty(doctor));
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
            (int)Math.Round(doctor.GetProperty("slowdown").GetDecimal() * Second));
    }

    private void End(Pool pool, Patient patient, long now, bool counts)
    {
        if (patient.With is not { } doctor)
        {
            return;
        }

        pool.Ended(doctor);
        patient.With = null;
        if (patient.Who.IsCall)
        {
            inCall.Remove(doctor);
            if (counts)
            {
                flow.Ended(now - patient.Since);
            }
        }
    }

    private string Say(Round round, Pool pool, long now, long at)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("assign");
            foreach (var made in round.Assignments)
            {
                var patient = byId[made.Consultation];
                (patient.With, patient.Since) = (made.Clinician, now);
                lastAssigned[made.Clinician] = now;
                if (patient.Who.IsCall)
                {
                    inCall.Add(made.Clinician);
                }

                json.WriteStartArray();
                json.WriteStringValue(patient.Name);
                json.WriteStringValue(nameOf[made.Clinician]);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartArray("deflect");
            foreach (var offer in round.Offers)
            {
                pool.Leave(offer.Consultation);
                json.WriteStringValue(byId[offer.Consultation].Name);
            }

            json.WriteEndArray();
            if (pool.Size > 0)
            {
                // Waiting alone changes something: the own clinician is not awaited for ever, and an offer is made after a time.
                json.WriteNumber("wake", at + 1);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
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

    private static IEnumerable<JsonElement> Each(JsonElement told, string name) => told.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static ImmutableArray<string> Texts(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(x => x.GetString() ?? "")];

    private sealed class Patient(string name, Waiting who)
    {
        public string Name => name;

        public Waiting Who { get; set; } = who;

        public Guid? With { get; set; }

        public long Since { get; set; }
    }
}

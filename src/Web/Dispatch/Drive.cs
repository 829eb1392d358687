using System.Text.Json;
using Yizhen.Rules.Dispatch;
using Waiting = Yizhen.Rules.Dispatch.Waiting;

namespace Yizhen.Web.Dispatch;

/// <summary>
/// The dispatcher of production, driven from outside by a simulator: one JSON line for each second in which something happened, one line
/// back with whom it assigns and to whom it offers a dated answer instead of waiting. It is told nothing of the future.
/// </summary>
/// <param name="level">Of the surge. </param>
/// <param name="decline">Of a hundred, who do not take it and wait on.</param>
internal sealed partial class Drive(DispatchRules rules, int level, int decline)
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

    /// <summary>After the end of a shift, in which whoever is open may be finished.</summary>
    private long graceMs;

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
            graceMs = told.TryGetProperty("overrun_grace_s", out var grace) ? grace.GetInt64() * Second : graceMs;
            return kind.GetString() == "end" ? null : """{"ready":true}""";
        }

        pool ??= new Pool(rules, flow);
        var at = told.GetProperty("t").GetInt64();
        var now = at * Second;
        Hear(told, pool, now);
        var round = pool.Decide(now, level);
        return Say(round, pool, now, at);
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
                if (made.AskedUntil is not null)
                {
                    // In this game a doctor who is asked takes the patient in the same second.
                    flow.Began(patient.Who, now);
                }

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
                var patient = byId[offer.Consultation];
                if (patient.Who.Order % 100 < decline)
                {
                    patient.Who = patient.Who with { WasOffered = true };
                    pool.Arrive(patient.Who);
                    continue;
                }

                pool.Leave(offer.Consultation);
                json.WriteStringValue(patient.Name);
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

    private sealed class Patient(string name, Waiting who)
    {
        public string Name => name;

        public Waiting Who { get; set; } = who;

        public Guid? With { get; set; }

        public long Since { get; set; }
    }
}

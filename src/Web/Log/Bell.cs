using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Yizhen.Web.Log;

/// <summary>
/// "Something happened to X": a signal, never data. Whoever hears it reads again; a missed ring loses nothing,
/// because readers also look by themselves every few seconds.
/// </summary>
internal sealed class Bell
{
    /// <summary>Before a topic: who follows it is to say so.</summary>
    private const char Asks = '?';

    /// <summary>Before a topic: somebody follows it.</summary>
    private const char Says = '!';

    /// <summary>Nodes stand beside each other, and nobody waits for the answer but a message.</summary>
    private static readonly TimeSpan Answered = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Ear, byte>> ears = new(StringComparer.Ordinal);

    /// <summary>Rung here; the cluster's wire passes it on to the other nodes.</summary>
    public event Action<string>? Rung;

    public static string Consultation(Guid id) => $"c:{id:N}";

    public static string Desk(Guid clinician) => $"d:{clinician:N}";

    public const string Queue = "queue";

    public void Ring(string topic)
    {
        RingHere(topic);
        Rung?.Invoke(topic);
    }

    /// <summary>Rung by another node: heard here, not passed on.</summary>
    public void RingHere(string topic)
    {
        if (topic[0] == Asks && IsHeard(topic[1..]))
        {
            Rung?.Invoke(Says + topic[1..]);
        }

        if (ears.TryGetValue(topic, out var listening))
        {
            foreach (var ear in listening.Keys)
            {
                ear.Wake();
            }
        }
    }

    /// <summary>Whether somebody on this node follows the topic now.</summary>
    public bool IsHeard(string topic) => ears.ContainsKey(topic);

    /// <summary>Which of these somebody follows, on this node or on another. A node that does not answer in time has nobody: one message too many is better than none.</summary>
    public async Task<HashSet<string>> Heard(IReadOnlyCollection<string> topics, CancellationToken ct)
    {
        var heard = topics.Where(IsHeard).ToHashSet();
        if (Rung is not { } others || heard.Count == topics.Count)
        {
            return heard;
        }

        var asked = topics.Except(heard).Select(topic => (Topic: topic, Answer: Listen(Says + topic))).ToList();
        asked.ForEach(a => others(Asks + a.Topic));
        await Task.Delay(Answered, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        heard.UnionWith(asked.Where(a => a.Answer.HasRung).Select(a => a.Topic));
        asked.ForEach(a => a.Answer.Dispose());
        return heard;
    }

    public Ear Listen(params string[] topics)
    {
        var ear = new Ear(this, topics);
        lock (ears)
        {
            foreach (var topic in topics)
            {
                ears.GetOrAdd(topic, _ => new()).TryAdd(ear, 0);
            }
        }

        return ear;
    }

    private void Forget(Ear ear)
    {
        lock (ears)
        {
            foreach (var topic in ear.Topics)
            {
                if (ears.TryGetValue(topic, out var listening) && listening.TryRemove(ear, out _) && listening.IsEmpty)
                {
                    ears.TryRemove(topic, out _);
                }
            }
        }
    }

    internal sealed class Ear(Bell bell, string[] topics) : IDisposable
    {
        private readonly Channel<bool> waking = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public string[] Topics => topics;

        /// <summary>Since somebody waited for it last.</summary>
        public bool HasRung => waking.Reader.Count > 0;

        public void Wake() => waking.Writer.TryWrite(true);

        /// <summary>Returns at a ring, or after <paramref name="atMost"/>; either way the reader looks again.</summary>
        /// <returns>Whether it rang.</returns>
        public async Task<bool> NextAsync(TimeSpan atMost, CancellationToken ct)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(atMost);
            try
            {
                return await waking.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return false;
            }
        }

        public void Dispose() => bell.Forget(this);
    }
}

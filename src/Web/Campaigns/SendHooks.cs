using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Yizhen.Rules.Campaigns;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Campaigns;

/// <summary>
/// Tells partners that consultations of their entrance have moved on. What is to be told follows from the heads, so nothing is lost with a process; each is claimed
/// before it is sent, signed, and tried again after growing pauses under the same id. A receiver that is slow holds up nobody else's.
/// </summary>
internal sealed partial class SendHooks(
    IDbContextFactory<Database> databases, PartnerRules rules, Vault vault, Deployment deployment, TimeProvider clock, Heartbeats heartbeats) : BackgroundService
{
    private const int AtOnce = 200;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Longer than all of one turn can take.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    /// <summary>It reads all that was told.</summary>
    private static readonly TimeSpan Forgetting = TimeSpan.FromHours(1);

    /// <summary>Each webhook's own turn, which may outlast ours.</summary>
    private readonly Dictionary<Guid, Task<int>> under = [];
    private DateTimeOffset forgotten;

    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = deployment.IsRehearsal ? null : Outward.ConnectAsync }) { Timeout = Patience };

    /// <summary>One turn: writes down what has changed, then tells what is due.</summary>
    /// <returns>How many were taken.</returns>
    public async Task<int> Turn(DateTimeOffset now, CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        var hooks = await database.Set<WebhookRow>().AsNoTracking().Where(h => database.Set<PartnerKeyRow>().Any(k => k.Id == h.Partner && k.RevokedAt == null)).ToListAsync(ct);
        foreach (var hook in hooks)
        {
            await Collect(hook, now, ct);
        }

        // Whoever has not answered by then goes on by itself, and is not knocked at twice.
        List<Task<int>> turns;
        lock (under)
        {
            turns = [.. hooks.Select(hook => under.TryGetValue(hook.Id, out var before) && !before.IsCompleted ? before : under[hook.Id] = Deliver(hook, now, ct))];
        }

        await Task.WhenAny(Task.WhenAll(turns), Task.Delay(Every, ct));
        if (hooks.Count > 0 && now - forgotten >= Forgetting)
        {
            var oldest = now.AddDays(-rules.KeepDays).Ms();
            await database.Set<DeliveryRow>().Where(d => d.At < oldest && d.NextAt == null).ExecuteDeleteAsync(ct);
            forgotten = now;
        }

        var taken = 0;
        foreach (var turn in turns.Where(t => t.IsCompleted))
        {
            taken += await turn;
        }

        return taken;
    }

    private async Task<int> Deliver(WebhookRow hook, DateTimeOffset now, CancellationToken ct)
    {
        var (at, taken) = (now.Ms(), 0);
        await using var database = await databases.CreateDbContextAsync(ct);
        var due = await database.Set<DeliveryRow>().AsNoTracking().Where(d => d.Webhook == hook.Id && d.NextAt <= at && (d.ClaimedUntil == null || d.ClaimedUntil < at)).OrderBy(d => d.At).ThenBy(d => d.Version).Take(AtOnce).ToListAsync(ct);
        foreach (var one in due.TakeWhile(_ => clock.GetUtcNow() - now < Patience))
        {
            var until = (now + Claim).Ms();
            var row = database.Set<DeliveryRow>().Where(d => d.Id == one.Id);
            if (await row.Where(d => d.NextAt <= at && (d.ClaimedUntil == null || d.ClaimedUntil < at)).ExecuteUpdateAsync(set => set.SetProperty(d => d.ClaimedUntil, until).SetProperty(d => d.Attempts, d => d.Attempts + 1), ct) == 0)
            {
                continue;
            }

            var failed = await Post(hook, one, ct);
            var sent = clock.GetUtcNow();
            var next = failed is null ? null : (sent + rules.RetryAfter(one.Attempts + 1))?.Ms();
            var sentAt = failed is null ? sent.Ms() : (long?)null;
            await row.ExecuteUpdateAsync(set => set.SetProperty(d => d.SentAt, sentAt).SetProperty(d => d.NextAt, next).SetProperty(d => d.Failed, failed).SetProperty(d => d.ClaimedUntil, (long?)null), CancellationToken.None);
            taken += failed is null ? 1 : 0;
            if (failed is not null)
            {
                // One that is away is knocked at again after the pause, and not for each of the others that wait for it.
                var pause = (sent + rules.RetryAfter(1))?.Ms();
                await database.Set<DeliveryRow>().Where(d => d.Webhook == hook.Id && d.SentAt == null && d.NextAt <= at).ExecuteUpdateAsync(set => set.SetProperty(d => d.NextAt, pause), CancellationToken.None);
                break;
            }
        }

        return taken;
    }

    private Task<string?> Post(WebhookRow hook, DeliveryRow one, CancellationToken ct) => SignedPost.SendAsync(
        client, new Uri(hook.Url), Encoding.ASCII.GetString(vault.Unwrap(hook.Secret, hook.Id)), ("Yizhen-Event", Base32.Write(one.Id)),
        JsonSerializer.Serialize(new HookEvent(Base32.Write(one.Id), "consultation.state", one.At.Utc(), new HookState(new ConsultationId(one.Consultation).ToString(), one.State, one.Version, hook.Campaign, hook.Entrance)), Faces.Json),
        clock.GetUtcNow(), ct);

    /// <summary>What is under way is broken off and written down as not arrived, while there is a database.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task[] left;
        lock (under)
        {
            left = [.. under.Values];
        }

        await Task.WhenAll(left).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                heartbeats.Beat(nameof(SendHooks), clock.GetUtcNow());
                await Turn(clock.GetUtcNow(), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                heartbeats.Failed(nameof(SendHooks), broken.GetType().Name, clock.GetUtcNow());
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        client.Dispose();
        base.Dispose();
    }
}

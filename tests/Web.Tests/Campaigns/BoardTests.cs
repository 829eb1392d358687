using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Campaigns;

/// <summary>The operator at the board: counts and headers, never a word of anybody.</summary>
public sealed class BoardTests
{
    private const string Canary = "只有医生能看见的一句话";

    [Theory, OnBothDatabases]
    public async Task Board_shows_the_ledger_who_waits_and_who_is_on_duty_without_a_word_of_anybody(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var staff = await Operator.SignInAsync(site, TimeProvider.System.GetUtcNow());
        using var first = await (await Caller.PatientAsync(site, $"咳嗽两天。{Canary}")).InQueueAsync();
        using var second = await (await Caller.PatientAsync(site, $"发热。{Canary}")).InQueueAsync();
        using var doctor = await Caller.DoctorAsync(site, seats: 1);
        await doctor.Given(first.Id);

        var board = await WaitAsync(staff, b => b.GetProperty("duty").EnumerateArray().Any(d => d.GetProperty("taken").GetInt32() == 1) && Cell(b, "in_consultation") == 1);
        Assert.True(board.GetProperty("holds").GetBoolean());
        Assert.Equal((2, 1), (Cell(board, "opened"), Cell(board, "waiting")));
        Assert.Equal(1, board.GetProperty("urgencies").EnumerateArray().Sum(u => u.GetProperty("waiting").GetInt32()));
        var page = await staff.ReadAsync("/staff/board");
        Assert.Contains("✓ 相符，差 0", page, StringComparison.Ordinal);
        Assert.Contains("1 / 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, board.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(second.Id, page, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Urgency_one_without_a_doctor_rings_the_board_and_the_standby_number_once_for_each_attempt(DatabaseKind kind)
    {
        // The clock jumps ahead instead of waiting: thirty seconds without a doctor.
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(kind, clock);
        using var staff = await Operator.SignInAsync(site, clock.GetUtcNow());
        using var grave = await (await Caller.PatientAsync(site, "我不想活了")).InQueueAsync();
        clock.Advance(TimeSpan.FromSeconds(31));

        var board = await WaitAsync(staff, b => b.GetProperty("alarms").EnumerateArray().Any(a => a.GetProperty("rung").GetInt32() == 1), clock);
        Assert.True(board.GetProperty("holds").GetBoolean());
        var page = await staff.ReadAsync("/staff/board");
        Assert.Contains("1 危急：1 人没有医生接", page, StringComparison.Ordinal);
        Assert.Contains("aria-live=\"assertive\"", page, StringComparison.Ordinal);

        var standby = site.Services.GetRequiredService<RingStandby>();
        Assert.Equal(1, await standby.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None));
        Assert.Equal(0, await standby.Tell("+8613900002222", clock.GetUtcNow(), CancellationToken.None));
        using var outbox = await staff.Browser.GetAsync(new Uri("/demo/outbox.json", UriKind.Relative));
        var told = (await outbox.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Single(m => m.GetProperty("kind").GetString() == RingStandby.Kind);
        Assert.Equal("+8613900002222", told.GetProperty("number").GetString());
        Assert.Contains(grave.Id[^6..], told.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static long Cell(JsonElement board, string code) =>
        board.GetProperty("opened").EnumerateArray().First(c => c.GetProperty("code").GetString() == code).GetProperty("people").GetInt64();

    /// <summary>Until the board shows it; a clock that stands still is moved along, because the picture is kept for a moment.</summary>
    private static async Task<JsonElement> WaitAsync(Operator staff, Func<JsonElement, bool> shows, TestClock? clock = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var board = await staff.Browser.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative), patience.Token);
            if (shows(board))
            {
                return board;
            }

            clock?.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(50, patience.Token);
        }
    }
}

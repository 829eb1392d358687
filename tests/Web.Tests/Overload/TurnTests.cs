using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Overload;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Overload;

/// <summary>The short form of <c>./bench overload</c>, which looks at classes and order and at no clock; and what a turn is worth.</summary>
public sealed class TurnTests
{
    private const int Crowding = 24;

    [Theory, OnBothDatabases]
    public async Task Everybody_who_was_asked_to_come_again_gets_in_by_turns_and_nobody_inside_is_refused(DatabaseKind kind)
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(kind, clock, Crowd.Narrow());
        using var ongoing = await (await Caller.PatientAsync(site, "咳嗽两天")).InQueueAsync();
        var turns = new List<string>();
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            for (var n = 0; n < Crowding; n++)
            {
                var (status, turn) = await Crowd.StartAsync(site);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
                turns.Add(Assert.IsType<string>(turn));
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        var entered = new List<string>();
        for (var round = 0; entered.Count < Crowding; round++)
        {
            Assert.True(round < 10 * Crowding, "Somebody never gets in.");
            clock.Advance(TimeSpan.FromSeconds(1));
            // The last come first: the order is the door's, not theirs.
            foreach (var turn in turns.Except(entered).Reverse().ToList())
            {
                var (status, same) = await Crowd.StartAsync(site, turn);
                Assert.True(status == HttpStatusCode.OK || same == turn, "The place is kept.");
                entered.AddRange(status == HttpStatusCode.OK ? [turn] : []);
            }

            await ongoing.Put<Web.Consultations.Stored>($"{ongoing.Consultation}/messages/{Guid.CreateVersion7()}", new Web.Consultations.MessageBody($"第 {round} 句"));
        }

        // Whoever had been called late gets in late, but for those of one call.
        Assert.All(entered.Select((turn, order) => Math.Abs(turns.IndexOf(turn) - order)), apart => Assert.True(apart <= Crowding / 3, $"{apart} places apart"));
        Assert.Equal(Crowding + 1, await site.CountAsync("select count(*) from door"));
        Assert.True((await site.LedgerAsync()).Holds);
    }

    [Fact]
    public async Task A_turn_lets_in_once_and_once_more_where_the_answer_was_lost()
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, clock, Crowd.Narrow());
        string? turn;
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            (_, turn) = await Crowd.StartAsync(site);
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await Crowd.StartAsync(site, turn)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Crowd.StartAsync(site, turn)).Status);
        using (await Crowd.TakeAsync(site, Standing.Newcomer))
        {
            // Handed on it is no place: whoever shows it stands behind everybody.
            var (status, other) = await Crowd.StartAsync(site, turn);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.NotEqual(turn, other);
        }
    }

    [Fact]
    public async Task When_all_lines_are_taken_the_next_is_told_where_to_ring_and_the_others_go_on()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite, also: builder => builder.Services.AddSingleton(Crowd.Shipped with { Connections = 3 }));
        var held = new List<Socket>();
        for (var n = 0; n < 3; n++)
        {
            var line = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await line.ConnectAsync(IPAddress.Loopback, site.Address.Port);
            held.Add(line);
            Assert.StartsWith("HTTP/1.1 200", await AskAsync(line), StringComparison.Ordinal);
        }

        using (var next = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await next.ConnectAsync(IPAddress.Loopback, site.Address.Port);
            var told = await AskAsync(next);
            Assert.StartsWith("HTTP/1.1 503", told, StringComparison.Ordinal);
            Assert.Contains("Retry-After: ", told, StringComparison.Ordinal);
            Assert.Contains("tel:120", told, StringComparison.Ordinal);
            Assert.Equal(0, await next.ReceiveAsync(new byte[16]));
        }

        Assert.StartsWith("HTTP/1.1 200", await AskAsync(held[0]), StringComparison.Ordinal);
        held.ForEach(line => line.Dispose());
    }

    private static async Task<string> AskAsync(Socket line)
    {
        await line.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        var answer = new byte[8192];
        var length = 0;
        do
        {
            length += await line.ReceiveAsync(answer.AsMemory(length));
        }
        while (!Encoding.UTF8.GetString(answer, 0, length).Contains("live", StringComparison.Ordinal) && !Encoding.UTF8.GetString(answer, 0, length).EndsWith("</html>", StringComparison.Ordinal));
        return Encoding.UTF8.GetString(answer, 0, length);
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Storage;

/// <summary>A server that Yizhen must not run on is refused at the start, in one sentence that says what to do.</summary>
public sealed class PostgresRefusedTests
{
    [Theory]
    [InlineData("template template0 encoding 'UTF8' locale 'C'")]
    [InlineData("template template0 encoding 'SQL_ASCII' locale 'C'")]
    public async Task Database_that_does_not_know_Chinese_letters_is_refused(string kind)
    {
        var server = await PostgresServer.SharedAsync();
        var connection = await server.CreateDatabaseAsync(kind);
        var folder = Directory.CreateTempSubdirectory("yizhen-test-").FullName;
        try
        {
            var (code, _, told) = await Product.EndAsync("serve", "--demo", "--database", connection, "--state", folder, "--urls", "http://127.0.0.1:0");
            Assert.Equal(2, code);
            Assert.Contains("C.UTF-8", Assert.Single(told.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await server.DropDatabaseAsync(connection);
        }
    }

    [Fact]
    public async Task Server_before_15_is_too_old()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, "14.19");
        var place = Place.From(null, $"Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};Username=x;Database=y;Pooling=false;Ssl Mode=Disable;Server Compatibility Mode=NoTypeLoading", null, Path.GetTempPath());
        var told = await Assert.ThrowsAsync<StorageException>(() => place.Engine().OpenAsync(CancellationToken.None));
        Assert.Contains("14.19 is too old", told.Message, StringComparison.Ordinal);
        Assert.Contains("15 or newer", told.Message, StringComparison.Ordinal);
        await answering;
    }

    /// <summary>As a server greets whoever connects (PostgreSQL's protocol 3.0), and nothing more: the version is told in the greeting.</summary>
    private static async Task AnswerAsync(TcpListener listener, string version)
    {
        using var caller = await listener.AcceptTcpClientAsync();
        await using var stream = caller.GetStream();
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length) - length.Length]);
        await stream.WriteAsync((byte[])[
            .. Message('R', [0, 0, 0, 0]), .. Message('S', Encoding.ASCII.GetBytes($"server_version\0{version}\0")),
            .. Message('S', "client_encoding\0UTF8\0"u8.ToArray()), .. Message('K', [0, 0, 0, 1, 0, 0, 0, 1]), .. Message('Z', "I"u8.ToArray())]);
        while (await stream.ReadAsync(length) > 0)
        {
            // Until the caller hangs up.
        }
    }

    private static byte[] Message(char kind, byte[] body)
    {
        var message = new byte[body.Length + 5];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message, 5);
        return message;
    }
}

using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Yizhen.Benchmarks;

/// <summary>One answer as it stood on the line.</summary>
/// <param name="Status">0 where no answer came.</param>
/// <param name="Body">Good until the line is asked again.</param>
internal readonly record struct Told(int Status, int RetryAfter, string? Turn, ReadOnlyMemory<byte> Body);

/// <summary>One kept-alive connection that sends bytes made before, and reads no more of an answer than is needed: whoever measures must cost next to nothing.</summary>
internal sealed class OverloadLine : IDisposable
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] LastChunk = "\r\n0\r\n\r\n"u8.ToArray();

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[4096];

    public bool IsOpen { get; private set; }

    /// <summary>Stopwatch ticks since which an answer is waited for; 0 while none is.</summary>
    public long Asked { get; set; }

    /// <exception cref="SocketException">Nobody listens, or the line broke.</exception>
    /// <exception cref="IOException">The other side closed it without an answer.</exception>
    public async ValueTask<Told> AskAsync(IPEndPoint address, ReadOnlyMemory<byte> request)
    {
        if (!IsOpen)
        {
            await socket.ConnectAsync(address);
            IsOpen = true;
        }

        await socket.SendAsync(request, SocketFlags.None);
        var (filled, head) = (0, -1);
        while (true)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
            if (read == 0)
            {
                throw new IOException("closed");
            }

            filled += read;
            head = head < 0 ? buffer.AsSpan(0, filled).IndexOf(HeadEnd) : head;
            if (head >= 0 && IsWhole(buffer.AsSpan(0, filled), head))
            {
                return Read(filled, head);
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private Told Read(int filled, int head)
    {
        var lines = buffer.AsSpan(0, head + 2);
        var (status, after) = (Number(lines[9..]), Number(Header(lines, "Retry-After: "u8)));
        var turn = Header(lines, "Yizhen-Turn: "u8);
        IsOpen = Header(lines, "Connection: "u8) is not [(byte)'c', ..];
        return new Told(status, after, turn.IsEmpty ? null : Encoding.ASCII.GetString(turn), buffer.AsMemory(head + 4, filled - head - 4));
    }

    private static int Number(ReadOnlySpan<byte> text) => Utf8Parser.TryParse(text, out int number, out _) ? number : 0;

    private static bool IsWhole(ReadOnlySpan<byte> bytes, int head) =>
        Utf8Parser.TryParse(Header(bytes[..(head + 2)], "Content-Length: "u8), out int length, out _) ? bytes.Length >= head + 4 + length
        : Header(bytes[..(head + 2)], "Transfer-Encoding: "u8).IsEmpty || bytes.EndsWith(LastChunk);

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> name)
    {
        var at = lines.IndexOf(name);
        var rest = at < 0 ? default : lines[(at + name.Length)..];
        return at < 0 ? default : rest[..rest.IndexOf((byte)'\r')];
    }
}

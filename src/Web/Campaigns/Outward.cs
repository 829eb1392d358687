using System.Net;
using System.Net.Sockets;

namespace Yizhen.Web.Campaigns;

/// <summary>The way out to addresses that people have typed.</summary>
internal static class Outward
{
    /// <summary>An address that an operator typed may not lead into the deployment's own network.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = (await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct)).Where(IsPublic).ToArray();
        if (addresses.Length == 0)
        {
            throw new HttpRequestException("The webhook's address is not a public one.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return !IPAddress.IsLoopback(plain) && (plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] is not (0 or 10 or 127 or >= 224) && !(bytes[0] == 172 && bytes[1] is >= 16 and <= 31) && !(bytes[0] == 192 && bytes[1] == 168) && !(bytes[0] == 169 && bytes[1] == 254) && !(bytes[0] == 100 && bytes[1] is >= 64 and <= 127)
            : !plain.IsIPv6LinkLocal && !plain.IsIPv6UniqueLocal && !plain.IsIPv6Multicast && !plain.Equals(IPAddress.IPv6Any));
    }
}

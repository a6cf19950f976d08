using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Writes addresses as gRPC does (grpc/grpc, doc/naming.md).</summary>
internal static class PeerAddress
{
    public static string Of(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetwork } address => $"ipv4:{address}:{connection.RemotePort}",
        { IsIPv4MappedToIPv6: true } address => $"ipv4:{address.MapToIPv4()}:{connection.RemotePort}",
        var address => $"ipv6:[{address}]:{connection.RemotePort}",
    };
}

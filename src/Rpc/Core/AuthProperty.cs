namespace Grpc.Core;

/// <summary>A property of a peer that it has proved, such as a name in its certificate.</summary>
/// <param name="Name">The property's name, <c>x509_common_name</c> for one.</param>
/// <param name="Value">Its value.</param>
public sealed record AuthProperty(string Name, string Value);

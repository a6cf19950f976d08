namespace Grpc.Core;

/// <summary>What is known of a peer by its certificate.</summary>
/// <param name="peerIdentityPropertyName">The property that names the peer; null for a peer that showed no certificate.</param>
/// <param name="properties">The proved properties, by name.</param>
public class AuthContext(string? peerIdentityPropertyName, IReadOnlyDictionary<string, List<AuthProperty>> properties)
{
    /// <summary>Whether the peer has proved who it is.</summary>
    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    /// <summary>The property that names the peer; null for a peer that showed no certificate.</summary>
    public string? PeerIdentityPropertyName { get; } = peerIdentityPropertyName;

    /// <summary>The properties that name the peer; empty for a peer that showed no certificate.</summary>
    public IEnumerable<AuthProperty> PeerIdentity => PeerIdentityPropertyName is null ? [] : FindPropertiesByName(PeerIdentityPropertyName);

    /// <summary>All proved properties.</summary>
    public IEnumerable<AuthProperty> Properties => properties.Values.SelectMany(values => values);

    /// <summary>The proved properties of a name.</summary>
    /// <param name="propertyName">The name.</param>
    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) =>
        properties.TryGetValue(propertyName, out var found) ? found : [];
}

namespace Grpc.Core;

/// <summary>Marks a generated service base class with the method that lists the service's methods.</summary>
/// <param name="bindType">The class that has the method.</param>
/// <param name="bindMethodName">The method's name; it takes a <see cref="ServiceBinderBase"/> and the service.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The class that has the method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>The method's name.</summary>
    public string BindMethodName { get; } = bindMethodName;
}

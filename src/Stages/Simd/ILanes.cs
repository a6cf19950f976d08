namespace StreamGenre.Stages.Simd;

/// <summary>
/// One width of vector unit and one precision, so that a kernel is written once and compiled for each; the struct that implements it is a type
/// argument, so every call is a direct instruction. Pointers need no alignment; aligned ones are faster. What shuffles lanes is marked for inlining:
/// left to itself the compiler calls it, with its vectors through memory, which doubled the time of a transform.
/// </summary>
/// <typeparam name="TNumber">float or double.</typeparam>
/// <typeparam name="TVector">A vector of them.</typeparam>
internal unsafe interface ILanes<TNumber, TVector>
    where TNumber : unmanaged
    where TVector : struct
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(TNumber* source);

    static abstract void Store(TVector value, TNumber* target);

    static abstract TVector Broadcast(TNumber value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a·b + c, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>a·b − c, fused where the machine can.</summary>
    static abstract TVector MultiplySubtract(TVector a, TVector b, TVector c);

    static abstract TNumber Sum(TVector value);

    /// <summary>Last lane first.</summary>
    static abstract TVector Reverse(TVector value);

    /// <summary>Splits 2·Count numbers into those at even and those at odd places.</summary>
    static abstract void LoadPairs(TNumber* source, out TVector even, out TVector odd);

    /// <summary>target[4i+j] = lane i of the j-th vector.</summary>
    static abstract void StoreInterleaved(TVector a, TVector b, TVector c, TVector d, TNumber* target);

    /// <summary>The same with groups of four lanes in place of single lanes; only for Count above 4.</summary>
    static abstract void StoreInterleavedQuads(TVector a, TVector b, TVector c, TVector d, TNumber* target);
}

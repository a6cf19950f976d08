using System.Collections.Concurrent;

namespace StreamGenre.Stages.Simd;

/// <summary>
/// Immutable tables (twiddles, filters) that all streams of the same settings read: one copy stays warm in the processor's caches.
/// A table lives as long as some stream holds it.
/// </summary>
internal sealed class SharedTables<TKey, TTable>(Func<TKey, TTable> create)
    where TKey : notnull
    where TTable : class
{
    private readonly ConcurrentDictionary<TKey, WeakReference<TTable>> _tables = new();

    public TTable Get(TKey key)
    {
        if (_tables.TryGetValue(key, out var reference) && reference.TryGetTarget(out var table))
        {
            return table;
        }

        // Two streams that begin at once may both make the table; either copy is right.
        table = create(key);
        _tables[key] = new WeakReference<TTable>(table);
        return table;
    }
}

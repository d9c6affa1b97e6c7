using System.Collections.Concurrent;

namespace Alize.Engine.Expressions;

/// <summary>
/// Keeps what was parsed, by its text. Emptied as a whole when full: definitions hold a few hundred expressions, so that only happens
/// when texts are made up at run time, and then no order of eviction would help.
/// </summary>
internal sealed class ParsedCache<T>(int capacity) where T : class
{
    private readonly ConcurrentDictionary<string, T> parsed = new(StringComparer.Ordinal);

    public T Get(string text, Func<string, T> parse)
    {
        if (parsed.TryGetValue(text, out var known)) return known;
        if (parsed.Count >= capacity) parsed.Clear();
        return parsed.GetOrAdd(text, parse);
    }
}

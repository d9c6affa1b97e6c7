using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Alize.Engine.Activities;

namespace Alize.Engine.Definitions;

/// <summary>The activity types that a definition may name. Filled at start, read afterwards.</summary>
public sealed class ActivityRegistry
{
    private readonly Dictionary<string, ActivityDescriptor> _byType = [];
    private FrozenDictionary<string, ActivityDescriptor>? _frozen;

    /// <summary>All descriptors, by type name.</summary>
    public IReadOnlyCollection<ActivityDescriptor> Descriptors => [.. _byType.Values.OrderBy(d => d.TypeName, StringComparer.Ordinal)];

    /// <summary>Registers an activity class.</summary>
    public ActivityRegistry Add<T>()
        where T : Activity, new()
    {
        var descriptor = ActivityDescriber.Describe<T>();
        if (!_byType.TryAdd(descriptor.TypeName, descriptor))
            throw new InvalidOperationException($"Activity type '{descriptor.TypeName}' is registered twice: by '{_byType[descriptor.TypeName].ClrType}' and '{typeof(T)}'. Give one another name.");
        _frozen = null;
        return this;
    }

    /// <summary>Finds a type by its exact name.</summary>
    public bool TryFind(string type, [NotNullWhen(true)] out ActivityDescriptor? descriptor) =>
        (_frozen ??= _byType.ToFrozenDictionary()).TryGetValue(type, out descriptor);

    /// <summary>The registered type that may be meant by a misspelt one; null when none is near.</summary>
    public string? NearestType(string type) => Nearest(type, _byType.Keys);

    /// <summary>The candidate that differs least from a misspelt word; null when none is near.</summary>
    internal static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var (best, distance) = (default(string), Math.Max(3, (word.Length / 3) + 1));
        foreach (var candidate in candidates)
        {
            var d = Distance(word, candidate);
            if (d < distance)
                (best, distance) = (candidate, d);
        }

        return best;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (same ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

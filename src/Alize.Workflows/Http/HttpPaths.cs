namespace Alize.Workflows.Http;

/// <summary>
/// Paths of <see cref="HttpEndpoint"/>. A path with parameters (<c>orders/{id}</c>) is waited for by its shape (<c>orders/{}</c>): a request
/// is looked up under every shape it may have, by key, however many endpoints wait.
/// </summary>
public static class HttpPaths
{
    /// <summary>Longest path; with it the number of shapes that a request may have is bounded.</summary>
    public const int MaxSegments = 8;

    private const string Any = "{}";
    private const int MaxParameters = 3;

    /// <summary>The shape of an endpoint's path.</summary>
    /// <exception cref="InvalidOperationException">The path is empty, or longer than what can be looked up.</exception>
    public static string Shape(string? path)
    {
        var segments = Segments(path).Select(s => IsParameter(s) ? Any : s.ToLowerInvariant()).ToList();
        if (segments.Count is 0 or > MaxSegments || segments.Count(s => s == Any) > MaxParameters)
            throw new InvalidOperationException($"The path '{path}' of an HTTP endpoint needs 1 to {MaxSegments} parts, of which at most {MaxParameters} in braces. Write for example orders/{{id}}.");
        return string.Join('/', segments);
    }

    /// <summary>The shapes a request's path may have, the most particular first.</summary>
    public static IEnumerable<string> ShapesOf(string? path)
    {
        var segments = Segments(path);
        if (segments.Length is 0 or > MaxSegments) return [];
        return Enumerable.Range(0, 1 << segments.Length)
            .Where(mask => System.Numerics.BitOperations.PopCount((uint)mask) <= MaxParameters)
            .OrderBy(mask => System.Numerics.BitOperations.PopCount((uint)mask))
            .Select(mask => string.Join('/', segments.Select((s, i) => (mask & (1 << i)) != 0 ? Any : s.ToLowerInvariant())));
    }

    /// <summary>What an endpoint waits for.</summary>
    public static object Stimulus(string shape, string method, bool authorize) => new { Path = shape, Method = method.ToUpperInvariant(), Authorize = authorize };

    /// <summary>The parameters of a path by name, as a request has them.</summary>
    public static Dictionary<string, object> Route(string template, string path) =>
        Segments(template).Zip(Segments(path)).Where(p => IsParameter(p.First))
            .ToDictionary(p => p.First[1..^1].Split(':', '=', '?')[0], p => (object)Uri.UnescapeDataString(p.Second));

    private static bool IsParameter(string segment) => segment.Length > 2 && segment[0] == '{' && segment[^1] == '}';

    private static string[] Segments(string? path) => (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

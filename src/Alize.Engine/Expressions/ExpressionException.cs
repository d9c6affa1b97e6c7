namespace Alize.Engine.Expressions;

/// <summary>An expression of a definition could not be evaluated. The message is for the author of the definition: which kind, what was wrong, the way out.</summary>
public sealed class ExpressionException : Exception
{
    /// <summary>Longest piece of an expression or a value shown in a message.</summary>
    private const int ShownLength = 80;

    /// <summary>A failed expression.</summary>
    /// <param name="kind">Kind of the expression, e.g. JavaScript.</param>
    /// <param name="problem">What was wrong and the way out.</param>
    /// <param name="cause">What it comes from.</param>
    public ExpressionException(string kind, string problem, Exception? cause = null) : base($"{kind} expression: {problem}", cause)
    {
        Kind = kind;
        Problem = problem;
    }

    /// <summary>Kind of the expression, e.g. JavaScript.</summary>
    public string Kind { get; }

    /// <summary>What was wrong and the way out, without the kind.</summary>
    public string Problem { get; }

    /// <summary>A text on one line, cut where it is long: messages end in the journal, which is no place for whole documents.</summary>
    internal static string Shown(string? text)
    {
        if (text is null) return "null";
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= ShownLength ? line : string.Concat(line.AsSpan(0, ShownLength), "…");
    }
}

using System.ComponentModel.DataAnnotations;

namespace Alize.Engine.Expressions;

/// <summary>Signature of a Liquid filter of the host: the value before the bar, the arguments after the colon, the result.</summary>
public delegate object? LiquidFilter(object? value, IReadOnlyList<object?> arguments);

/// <summary>
/// How much one expression may use before it is stopped. An expression that reaches a limit fails alone, with a message that names the limit.
/// </summary>
public sealed class ExpressionOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Expressions";

    /// <summary>Time for one script or template. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory one script may allocate, in bytes, garbage included. Default 32 MB.</summary>
    [Range(1L << 20, 1L << 30)]
    public long Memory { get; set; } = 32L << 20;

    /// <summary>Statements one script may run. Default 200,000.</summary>
    [Range(100, 100_000_000)]
    public int Statements { get; set; } = 200_000;

    /// <summary>Calls inside calls, in scripts and templates. Default 64.</summary>
    [Range(8, 500)]
    public int Recursion { get; set; } = 64;

    /// <summary>Time for one match of a regular expression. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RegexTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Characters of a text a script may build or search. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    public int TextLength { get; set; } = 1_000_000;

    /// <summary>Items of a list in a script, and values in the structure it gives back. Default 50,000.</summary>
    [Range(100, 10_000_000)]
    public int ListLength { get; set; } = 50_000;

    /// <summary>Turns of the loops of one template, nested ones counted together. Default 10,000.</summary>
    [Range(10, 10_000_000)]
    public int TemplateLoops { get; set; } = 10_000;

    /// <summary>Characters a template may write. Default 1,000,000.</summary>
    [Range(1_000, 100_000_000)]
    public int TemplateLength { get; set; } = 1_000_000;

    /// <summary>Characters of one expression's own text. Default 100,000.</summary>
    [Range(100, 10_000_000)]
    public int SourceLength { get; set; } = 100_000;

    /// <summary>Parsed scripts and templates kept, each. Default 2,000.</summary>
    [Range(1, 100_000)]
    public int Cached { get; set; } = 2_000;

    /// <summary>
    /// Whether expressions may be C#. Off by default: they run in a process of their own, within <see cref="Time"/> and
    /// <see cref="CSharpMemory"/>, but with the rights of the service's user on the machine. Only for authors trusted that far.
    /// </summary>
    public bool CSharp { get; set; }

    /// <summary>Memory of the process that runs C#, in bytes, the compiler included. Default 384 MB.</summary>
    [Range(128L << 20, 8L << 30)]
    public long CSharpMemory { get; set; } = 384L << 20;

    /// <summary>Time to compile one C# expression, and to start the process that does it. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CSharpCompileTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Filters of the host for Liquid, by name, beside Liquid's own; read once, when the first template is rendered.</summary>
    public IDictionary<string, LiquidFilter> Filters { get; } = new Dictionary<string, LiquidFilter>(StringComparer.Ordinal);
}

using System.Text.RegularExpressions;
using Acornima;
using Acornima.Ast;
using Alize.Engine.Definitions;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace Alize.Engine.Expressions;

/// <summary>A parsed JavaScript expression. Shared by all evaluations of the same text; each runs in an engine of its own.</summary>
internal sealed class Script
{
    public const string Kind = "JavaScript";

    private static readonly ScriptPreparationOptions Preparation = ScriptPreparationOptions.Default with { CollectReferencedGlobals = true };

    private readonly Prepared<Acornima.Ast.Script> prepared;

    private Script(Prepared<Acornima.Ast.Script> prepared, Sentence? problem, bool needsGuards)
    {
        this.prepared = prepared;
        Problem = problem;
        NeedsGuards = needsGuards;
    }

    /// <summary>Why it does not parse; null when it does.</summary>
    public Sentence? Problem { get; }

    /// <summary>Whether it could reach a function that builds or searches long texts, see <see cref="ScriptGuards"/>.</summary>
    public bool NeedsGuards { get; }

    /// <summary>The names it uses and does not declare itself.</summary>
    public IEnumerable<string> Globals => prepared.ReferencedGlobals ?? Enumerable.Empty<string>();

    /// <summary>What it names; nothing when it does not parse.</summary>
    public ExpressionReferences References => prepared.Program is { } program ? ExpressionReferences.Of(program, Globals) : ExpressionReferences.None;

    /// <summary>Bytes of stack for parsing; only reserved, and given back at once.</summary>
    private const int ParserStack = 128 * 1024 * 1024;

    /// <summary>Levels of a parsed script; what runs it goes down one by one, on whatever stack it is called.</summary>
    private const int MaxNesting = 400;

    /// <summary>Parses; never throws for what the text says.</summary>
    public static Script Parse(string text, ExpressionOptions limits)
    {
        // Parts of the preparation go down the whole tree without looking at the stack, and an overflow ends the host. Each text is
        // parsed once, so a thread of its own with room enough costs nothing that counts.
        Script? parsed = null;
        var thread = new Thread(() => parsed = ParseWithRoom(text, limits), ParserStack);
        thread.Start();
        thread.Join();
        return parsed!;
    }

    private static Script ParseWithRoom(string text, ExpressionOptions limits)
    {
        if (text.Length > limits.SourceLength) return Broken(new("source-too-long", text.Length, limits.SourceLength));
        try
        {
            var prepared = Jint.Engine.PrepareScript(text, options: Preparation);
            if (prepared.Program is { } tree && IsNestedTooDeeply(tree)) return TooDeep(text);

            // One multiplication of two long BigInts is one statement and can take minutes, so they are left out of the language.
            if (prepared.Program is { } program && program.DescendantNodes().OfType<BigIntLiteral>().FirstOrDefault() is { } big)
                return Broken(new("bigint", big.Raw, big.Location.Start.Line, big.Location.Start.Column + 1));
            return new(prepared, null, ScriptGuards.AreNeeded(text));
        }
        catch (ScriptPreparationException cause)
        {
            return Broken(cause.InnerException is ParseErrorException error
                ? new Sentence("no-script", error.Error?.Description ?? error.Message, error.LineNumber, error.Column + 1, ExpressionException.Shown(text))
                : NestedTooDeeply(text));
        }
        catch (InsufficientExecutionStackException)
        {
            return TooDeep(text);
        }
    }

    private static Script TooDeep(string text) => Broken(NestedTooDeeply(text));

    private static Sentence NestedTooDeeply(string text) => new("nested-too-deeply", ExpressionException.Shown(text));

    private static bool IsNestedTooDeeply(Node tree)
    {
        var waiting = new Stack<(Node Node, int Depth)>([(tree, 1)]);
        while (waiting.TryPop(out var next))
        {
            if (next.Depth > MaxNesting) return true;
            foreach (var child in next.Node.ChildNodes) waiting.Push((child, next.Depth + 1));
        }

        return false;
    }

    /// <summary>Runs it and gives back a value as <see cref="ScriptValues.Out(Jint.Native.JsValue, int)"/> describes.</summary>
    public object? Run(ExpressionScope scope, IReadOnlyDictionary<string, Func<object?[], object?>>? extra, ExpressionOptions limits, CancellationToken cancel)
    {
        if (Problem is not null) throw new ExpressionException(Kind, Problem.English);
        cancel.ThrowIfCancellationRequested();
        try
        {
            using var engine = NewEngine(scope, limits, cancel);
            ScriptGuards.RemoveUnlimited(engine);
            if (NeedsGuards) ScriptGuards.Install(engine, limits.TextLength);
            var functions = new ScriptFunctions(engine, scope, extra, limits);
            functions.Install(Globals);
            var result = Awaited(engine.Evaluate(prepared));
            var value = ScriptValues.Out(result, limits.ListLength);
            functions.SaveChangedVariables();
            return value;
        }
        catch (Exception cause) when (cause is not (ExpressionException or OperationCanceledException) && !(cause is ExecutionCanceledException && cancel.IsCancellationRequested))
        {
            throw new ExpressionException(Kind, Explained(cause, limits), cause);
        }
        catch (ExecutionCanceledException)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    private static Jint.Engine NewEngine(ExpressionScope scope, ExpressionOptions limits, CancellationToken cancel)
    {
        var options = new Options
        {
            Culture = System.Globalization.CultureInfo.InvariantCulture,
            TimeZone = scope.Time.LocalTimeZone,
            TimeSystem = new ScopeTime(scope.Time),
        };
        options.TimeoutInterval(limits.Time).LimitMemory(limits.Memory).MaxStatements(limits.Statements).LimitRecursion(limits.Recursion);
        options.DisableStringCompilation();
        if (cancel.CanBeCanceled) options.CancellationToken(cancel);
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.RegexTimeout = limits.RegexTime;
        options.Constraints.MaxArraySize = (uint)limits.ListLength;
        options.Constraints.PromiseTimeout = TimeSpan.FromMilliseconds(1);
        return new(options);
    }

    // All jobs have run when Evaluate returns; what is still open then waits for something a script here cannot have.
    private static JsValue Awaited(JsValue value) => value.IsPromise() ? value.UnwrapIfPromise(TimeSpan.FromMilliseconds(1)) : value;

    private static Script Broken(Sentence problem) => new(default, problem, needsGuards: false);

    private static string At(Position position) => $"at line {position.Line}, column {position.Column + 1}";

    private static string Explained(Exception cause, ExpressionOptions limits) => cause switch
    {
        JavaScriptException error when error.Message.Contains("call stack", StringComparison.Ordinal) => Limit("calls itself too deeply", nameof(limits.Recursion), limits.Recursion, "End the recursion earlier, or use a loop"),
        JavaScriptException error when error.Message.EndsWith(" is not defined", StringComparison.Ordinal) => $"failed {At(error.Location.Start)}: {error.Message}. Check the spelling: variables are read with getVariable('Name') or getName(), inputs with getInput('Name').",
        JavaScriptException error => $"failed {At(error.Location.Start)}: {error.Message.TrimEnd('.')}. Correct the expression, or the value it met.",
        StatementsCountOverflowException => Limit("runs too many statements", nameof(limits.Statements), limits.Statements, "Look for a loop that does not end"),
        RecursionDepthOverflowException or InsufficientExecutionStackException => Limit("calls itself too deeply", nameof(limits.Recursion), limits.Recursion, "End the recursion earlier, or use a loop"),
        MemoryLimitExceededException memory when memory.Message.Contains("array", StringComparison.Ordinal) => Limit("makes a list that is too long", nameof(limits.ListLength), limits.ListLength, "Work on a part of it"),
        MemoryLimitExceededException or OutOfMemoryException => Limit("uses too much memory", nameof(limits.Memory), limits.Memory, "Look for a text or list that grows without end"),
        RegexMatchTimeoutException => Limit("has a regular expression that takes too long", nameof(limits.RegexTime), limits.RegexTime, "Avoid repetitions inside repetitions such as (a+)+"),
        TimeoutException => Limit("takes too long", nameof(limits.Time), limits.Time, "Look for a loop that does not end, or move the work into an activity"),
        PromiseRejectedException rejected when rejected.Message.Contains("Timeout", StringComparison.Ordinal) => "waits for a promise that nothing will ever fulfil. Give back the value itself.",
        PromiseRejectedException rejected => $"failed: {rejected.RejectedValue}. Correct the expression, or the value it met.",
        _ => $"failed: {cause.Message.TrimEnd('.')}. Correct the expression, or the value it met.",
    };

    private static string Limit(string what, string option, object value, string wayOut) =>
        $"{what} (limit {ValueConversion.Text(value)}, {nameof(ExpressionOptions)}.{option}). {wayOut}.";

    /// <summary>Scripts tell the time from the scope, so that a test or a demo that moves the clock moves it for them too.</summary>
    private sealed class ScopeTime(TimeProvider time) : ITimeSystem
    {
        private readonly DefaultTimeSystem calendar = new(time.LocalTimeZone, System.Globalization.CultureInfo.InvariantCulture);

        public TimeZoneInfo DefaultTimeZone => calendar.DefaultTimeZone;

        public DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public bool TryParse(string date, out long epochMilliseconds) => calendar.TryParse(date, out epochMilliseconds);

        public TimeSpan GetUtcOffset(long epochMilliseconds) => calendar.GetUtcOffset(epochMilliseconds);
    }
}

using Alize.Engine.Definitions;
using Microsoft.Extensions.Options;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Alize.Engine.Expressions;

/// <summary>
/// Liquid templates: parsed once, rendered within limits. Used by Liquid expressions and by the host's mails. Safe for use by many threads.
/// </summary>
public sealed class LiquidTemplates
{
    internal const string Kind = "Liquid";

    private readonly ExpressionOptions limits;
    private readonly TimeProvider time;
    private readonly ParsedCache<Parsed> cache;
    private readonly Lazy<LiquidBuiltins> builtins;

    /// <summary>One for the whole process.</summary>
    /// <param name="options">Limits and the host's own filters.</param>
    /// <param name="time">What <c>"now"</c> means.</param>
    public LiquidTemplates(IOptions<ExpressionOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        limits = options.Value;
        this.time = time;
        cache = new(limits.Cached);
        builtins = new(() => new(limits));
    }

    /// <summary>Renders a template. Names are looked up as the model has them, case included; what is missing is empty.</summary>
    /// <param name="template">The Liquid text.</param>
    /// <param name="model">Values by name: plain values, lists, dictionaries, records, JSON. An <see cref="EncodedText"/> is never encoded again.</param>
    /// <param name="encode">Applied to each value written, not to the template's own text, e.g. an HTML encoder. Null for none.</param>
    /// <param name="cancel">Ends the rendering.</param>
    /// <exception cref="ExpressionException">The template does not parse, fails, or reaches a limit.</exception>
    public string Render(string template, IReadOnlyDictionary<string, object?> model, Func<string, string>? encode, CancellationToken cancel) =>
        Render(template, model, encode, time, cancel);

    /// <summary>Why the template does not parse, or which filter it names in vain, with line and column; null when it is sound.</summary>
    public string? SyntaxProblem(string template) => SyntaxSentence(template)?.English;

    internal Sentence? SyntaxSentence(string template)
    {
        var parsed = Parse(template);
        return parsed.Problem ?? (parsed.Template?.Page is { } page ? UnknownFilter(page) : null);
    }

    internal string Render(string template, IReadOnlyDictionary<string, object?> model, Func<string, string>? encode, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Keys.FirstOrDefault(builtins.Value.Own.Contains) is { } hidden)
            throw new ExpressionException(Kind, $"the model's value '{hidden}' would hide the filter of the same name. Rename the value.");

        var parsed = Parse(template);
        if (parsed.Template is not { } known) throw new ExpressionException(Kind, parsed.Problem?.English ?? "does not parse.");
        cancel.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(limits.Time);
        try
        {
            var context = new LiquidContext(builtins.Value, limits, clock, encode, deadline.Token);
            context.PushGlobal(LiquidValues.Model(model));
            return known.Render(context);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (Exception cause) when (cause is ScriptAbortException or OperationCanceledException || deadline.IsCancellationRequested)
        {
            throw new ExpressionException(Kind, $"takes too long (limit {limits.Time}, {nameof(ExpressionOptions)}.{nameof(limits.Time)}). Write less, or prepare the values in an activity.", cause);
        }
        catch (Exception cause) when (Inner(cause) is { } inner)
        {
            throw new ExpressionException(Kind, $"failed: {inner.Problem}", cause);
        }
        catch (Exception cause) when (cause is not ExpressionException)
        {
            throw new ExpressionException(Kind, Explained(cause), cause);
        }
    }

    private Parsed Parse(string template)
    {
        if (template.Length > limits.SourceLength) return new(null, new("source-too-long", template.Length, limits.SourceLength));
        return cache.Get(template, ParseNew);
    }

    private static Parsed ParseNew(string text)
    {
        try
        {
            var template = Template.ParseLiquid(text, null, new ParserOptions { ExpressionDepthLimit = 100 });
            if (!template.HasErrors) return new(template, null);
            var error = template.Messages.First(m => m.Type == ParserMessageType.Error);
            return new(null, new("no-template", error.Message.Trim().TrimEnd('.'), error.Span.Start.Line + 1, error.Span.Start.Column + 1, ExpressionException.Shown(text)));
        }
        catch (Exception cause) when (cause is InsufficientExecutionStackException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return new(null, new("template-too-complex", cause.Message.TrimEnd('.'), ExpressionException.Shown(text)));
        }
    }

    // Not at rendering: a filter that stands where nothing comes by keeps no running instance from going on.
    private Sentence? UnknownFilter(ScriptNode page)
    {
        // A stack of its own: what was parsed may be nested deeper than a walk by calls would bear.
        var ahead = new Stack<ScriptNode>([page]);
        while (ahead.TryPop(out var node))
        {
            if (node is ScriptPipeCall pipe && Filter(pipe) is { Name: var name } filter && !builtins.Value.Names.Contains(name))
                return new("unknown-filter", name, filter.Span.Start.Line + 1, filter.Span.Start.Column + 1, Sentence.DidYouMean(ActivityRegistry.Nearest(name, builtins.Value.Names)));
            for (var i = node.ChildrenCount - 1; i >= 0; i--)
                if (node.GetChildren(i) is { } child) ahead.Push(child);
        }

        return null;
    }

    // In x | a | b what comes after the first bar is a pipe again, which begins with the filter a.
    private static ScriptVariable? Filter(ScriptPipeCall pipe)
    {
        var to = pipe.To is ScriptPipeCall next ? next.From : pipe.To;
        return (to is ScriptFunctionCall call ? call.Target : to) as ScriptVariable;
    }

    private string Explained(Exception cause)
    {
        var message = cause is ScriptRuntimeException error ? $"{error.OriginalMessage.TrimEnd('.')} at line {error.Span.Start.Line + 1}, column {error.Span.Start.Column + 1}" : cause.Message.TrimEnd('.');
        if (message.Contains("LoopLimit", StringComparison.Ordinal) || message.Contains("iteration limit", StringComparison.Ordinal))
            return $"loops too often: {message} (limit {limits.TemplateLoops}, {nameof(ExpressionOptions)}.{nameof(limits.TemplateLoops)}). Give the loop a limit, or a shorter list.";
        if (message.Contains("OutputLimit", StringComparison.Ordinal) || message.Contains("LimitToString", StringComparison.Ordinal))
            return $"writes too much: {message} (limit {limits.TemplateLength} characters, {nameof(ExpressionOptions)}.{nameof(limits.TemplateLength)}). Write less.";
        return $"failed: {message}. Correct the template, or the value it met.";
    }

    private static ExpressionException? Inner(Exception cause)
    {
        for (var inner = cause.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is ExpressionException known) return known;
        return null;
    }

    private sealed record Parsed(Template? Template, Sentence? Problem);
}

/// <summary>A text that is already encoded, e.g. HTML the host made itself: written into a template as it is.</summary>
/// <param name="Text">The encoded text.</param>
public sealed record EncodedText(string Text)
{
    /// <summary>The text.</summary>
    public override string ToString() => Text;
}

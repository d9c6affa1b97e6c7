using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Alize.Engine.Expressions;

/// <summary>A filter: the value before the bar and the arguments after the colon, as the template holds them.</summary>
internal delegate object? BuiltinFilter(LiquidContext context, object? value, object?[] arguments);

/// <summary>
/// Filters beside those the template library brings: the rest of what Elsa's templates may call, those of which it means something else
/// than Liquid does (it repeats a text where Liquid multiplies its digits), and those of the host.
/// </summary>
internal sealed class LiquidBuiltins
{
    /// <summary>Extras of the library which a Liquid template has no business with: they run text as a template, or are no filters.</summary>
    public static readonly string[] Removed = ["object", "include", "include_join", "regex", "try_liquid_to_scriban"];

    private readonly Lazy<HashSet<string>> names;

    public LiquidBuiltins(ExpressionOptions limits)
    {
        Add("date", (context, value, arguments) => LiquidDates.Format(value, arguments, context.Clock));
        Add("keys", (_, value, _) => value is ScriptObject keys ? new ScriptArray(keys.Keys) : null);
        Add("json", (_, value, _) => ValueConversion.ToJson(LiquidValues.Out(value))?.ToJsonString(ValueConversion.Json) ?? "null");
        LiquidLists.AddTo(this);
        LiquidNumbers.AddTo(this);
        LiquidTexts.AddTo(this);
        foreach (var (name, filter) in limits.Filters)
            Add(name, (_, value, arguments) => LiquidValues.In(filter(LiquidValues.Out(value), [.. arguments.Select(LiquidValues.Out)])));
        names = new(() => [.. new LiquidTemplateContext().BuiltinObject.Where(b => b.Value is IScriptCustomFunction && !Removed.Contains(b.Key)).Select(b => b.Key), .. Own]);
    }

    public ScriptObject Filters { get; } = new() { IsReadOnly = false };

    public HashSet<string> Own { get; } = new(StringComparer.Ordinal);

    /// <summary>Every filter a template may name.</summary>
    public IReadOnlySet<string> Names => names.Value;

    public void Add(string name, BuiltinFilter filter)
    {
        Own.Add(name);
        Filters.SetValue(name, new Filter(filter), readOnly: true);
    }

    /// <summary>A filter that cannot do without its first argument.</summary>
    public void Add(string name, string example, BuiltinFilter filter) => Add(name, (context, value, arguments) => arguments.Length > 0
        ? filter(context, value, arguments)
        : throw new ExpressionException(LiquidTemplates.Kind, $"the filter '{name}' needs to be told with what. Write e.g. {name}: {example}."));

    private sealed class Filter(BuiltinFilter filter) : IScriptCustomFunction
    {
        // A variable that was never set may have a filter's name: read as a value it is nothing, as in Liquid.
        public int RequiredParameterCount => 0;

        public int ParameterCount => 1;

        public ScriptVarParamKind VarParamKind => ScriptVarParamKind.Direct;

        public Type ReturnType => typeof(object);

        public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), "value");

        public object? Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
        {
            if (arguments.Count == 0) return null;
            var result = filter((LiquidContext)context, arguments[0], [.. arguments.Skip(1)]);
            if (result is string text && text.Length > context.LimitToString)
                throw new ExpressionException(LiquidTemplates.Kind, $"a filter made a text of {text.Length} characters; {context.LimitToString} are allowed ({nameof(ExpressionOptions)}.{nameof(ExpressionOptions.TemplateLength)}). Write less.");
            return result;
        }

        public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
            new(Invoke(context, callerContext, arguments, blockStatement));
    }
}

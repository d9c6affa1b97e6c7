using Scriban;
using Scriban.Parsing;

namespace Alize.Engine.Expressions;

/// <summary>One rendering: limits, the clock, and how values become text.</summary>
internal sealed class LiquidContext : LiquidTemplateContext
{
    private readonly Func<string, string>? encode;

    public LiquidContext(LiquidBuiltins builtins, ExpressionOptions limits, TimeProvider clock, Func<string, string>? encode, CancellationToken cancel)
    {
        this.encode = encode;
        Clock = clock;
        ListLength = limits.ListLength;
        CancellationToken = cancel;
        LoopLimit = limits.TemplateLoops;
        RecursiveLimit = limits.Recursion;
        ObjectRecursionLimit = limits.Recursion;
        LimitToString = limits.TemplateLength;
        OutputLimit = limits.TemplateLength;
        OnStringLimit = ScriptLimitBehavior.Throw;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        RegexTimeOut = limits.RegexTime;
        EnableRelaxedTargetAccess = true;
        foreach (var name in LiquidBuiltins.Removed) BuiltinObject.Remove(name);
        PushGlobal(builtins.Filters);
    }

    public TimeProvider Clock { get; }

    public int ListLength { get; }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is null) return this;
        var text = ObjectToString(textAsObject);
        // Inside a capture nothing is encoded: the captured text is encoded where it is written.
        return Write(encode is null || OutputCount > 1 || textAsObject is EncodedText ? text : encode(text));
    }

    public override string ObjectToString(object? value, bool nested = false) => value switch
    {
        null => "",
        string text => text,
        DateTimeOffset or DateTime or DateOnly or TimeOnly or TimeSpan or double or float or decimal or Guid or Uri or Enum => ValueConversion.Text(value),
        EncodedText encoded => encoded.Text,
        LiquidMoment moment => ValueConversion.Text(moment.At),
        _ => base.ObjectToString(value, nested) ?? "",
    };
}

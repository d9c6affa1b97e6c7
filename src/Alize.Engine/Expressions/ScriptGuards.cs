using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Native.Symbol;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace Alize.Engine.Expressions;

/// <summary>
/// Jint checks its limits between statements; a few built-in functions can allocate a gigabyte or run for minutes within one.
/// Those that a definition has no use for are taken away, the others look at the sizes first.
/// </summary>
internal static class ScriptGuards
{
    /// <summary>Comparisons of characters one search may need: about a second.</summary>
    private const double MaxComparisons = 1e10;

    // Binary buffers of any size in one call, waiting on other threads, other realms, BigInt arithmetic, locale tables.
    private static readonly string[] Unlimited =
    [
        "ArrayBuffer", "SharedArrayBuffer", "Atomics", "DataView", "BigInt", "BigInt64Array", "BigUint64Array", "Float16Array", "Float32Array", "Float64Array",
        "Int8Array", "Int16Array", "Int32Array", "Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array",
        "FinalizationRegistry", "WeakRef", "ShadowRealm", "Temporal", "Intl",
    ];

    private static readonly string[] Reaching =
    [
        "[", "\\", "Array", "Object", "Reflect", "String", "RegExp", "JSON", "repeat", "pad", "replace", "concat", "ndexOf", "includes", "split", "join", "match", "search",
    ];

    /// <summary>Most expressions compare or add two values and never come near; they are spared the cost.</summary>
    public static bool AreNeeded(string source) => Reaching.Any(word => source.Contains(word, StringComparison.Ordinal));

    public static void RemoveUnlimited(Jint.Engine engine)
    {
        foreach (var name in Unlimited) engine.Global.Delete(name);
    }

    public static void Install(Jint.Engine engine, int maxLength)
    {
        var text = Prototype(engine, "String");
        Guard(engine, text, "repeat", (value, a) => Length(value) * Count(a, 0), maxLength);
        Guard(engine, text, "padStart", (_, a) => Count(a, 0), maxLength);
        Guard(engine, text, "padEnd", (_, a) => Count(a, 0), maxLength);
        Guard(engine, text, "concat", (value, a) => Length(value) + a.Sum(Length), maxLength);
        foreach (var name in new[] { "replace", "replaceAll" }) Guard(engine, text, name, Replaced, maxLength);
        foreach (var name in new[] { "indexOf", "lastIndexOf", "includes", "split" }) Guard(engine, text, name, (value, a) => Searched(value, a, maxLength), maxLength);
        foreach (var name in new[] { "match", "matchAll", "search" }) Guard(engine, text, name, (value, _) => Length(value), maxLength);

        var pattern = Prototype(engine, "RegExp");
        Guard(engine, pattern, GlobalSymbolRegistry.Replace, (_, a) => a.Length < 2 ? 0 : Replaced(a[0], a[1..], everywhere: true), maxLength);
        foreach (var key in new[] { GlobalSymbolRegistry.Match, GlobalSymbolRegistry.MatchAll, GlobalSymbolRegistry.Search, GlobalSymbolRegistry.Split })
            Guard(engine, pattern, key, (_, a) => a.Length == 0 ? 0 : Length(a[0]), maxLength);

        foreach (var name in new[] { "join", "toLocaleString" })
            Guard(engine, Prototype(engine, "Array"), name, (list, a) => Total(list, a.Length > 0 ? Length(a[0]) : 1, maxLength), maxLength);
        if (engine.Global.Get("JSON") is ObjectInstance json) Guard(engine, json, "stringify", (_, a) => a.Length == 0 ? 0 : Total(a[0], 3, maxLength), maxLength);
        if (engine.Global.Get("String") is ObjectInstance constructor) constructor.Delete("raw");
        foreach (var name in new[] { "escape", "unescape" }) engine.Global.Delete(name);
        foreach (var name in new[] { "encodeURIComponent", "encodeURI" })
            Guard(engine, engine.Global, name, (_, a) => a.Length == 0 ? 0 : Length(a[0]), maxLength);
    }

    private static void Guard(Jint.Engine engine, ObjectInstance owner, JsValue key, Func<JsValue, JsValue[], double> size, int max)
    {
        if (owner.Get(key) is not Function original) return;
        var name = key is JsSymbol ? "pattern" : key.ToString();
        var isOfText = owner == Prototype(engine, "String");
        var guarded = new ClrFunction(engine, name, (self, arguments) =>
        {
            // Texts are made once, here: an object whose toString answers differently the second time gains nothing.
            var fixedSelf = isOfText && self.IsObject() ? Fixed(self) : self;
            var given = arguments.Select(a => a.IsObject() && a is not (JsArray or Function) && !a.IsRegExp() && isOfText ? Fixed(a) : a).ToArray();
            if (size(fixedSelf, given) > max)
                throw new ExpressionException(Script.Kind, $"{name} would handle a text of more than {max} characters ({nameof(ExpressionOptions)}.{nameof(ExpressionOptions.TextLength)}). Work on a part of it.");
            return original.Call(fixedSelf, given);
        });
        owner.DefineOwnProperty(key, new PropertyDescriptor(guarded, writable: true, enumerable: false, configurable: true));
    }

    private static JsString Fixed(JsValue value) => new(TypeConverter.ToString(value));

    private static ObjectInstance Prototype(Jint.Engine engine, string constructor) => engine.Global.Get(constructor).AsObject().Get("prototype").AsObject();

    private static double Length(JsValue value) => value switch
    {
        JsString text => text.Length,
        _ when value.IsObject() => 0,
        _ => value.ToString().Length,
    };

    private static double Count(JsValue[] arguments, int index) => arguments.Length > index && !arguments[index].IsObject() ? Math.Max(0, TypeConverter.ToNumber(arguments[index])) : 0;

    private static double Replaced(JsValue value, JsValue[] arguments) =>
        arguments.Length < 2 ? Length(value) : Replaced(value, [arguments[1]], everywhere: true, arguments[0]);

    /// <summary>The longest text a replacement can give: as if every place matched, and every $ stood for the whole.</summary>
    private static double Replaced(JsValue value, JsValue[] replacement, bool everywhere, JsValue? pattern = null)
    {
        var length = Length(value);
        if (replacement is not [JsString with]) return length;
        var dollars = with.ToString().Count(c => c == '$');
        var places = everywhere && length > 0 ? Places(value, pattern) : 1;
        return length + places * (with.Length + dollars * length);
    }

    private static double Places(JsValue value, JsValue? pattern)
    {
        if (pattern is not JsString { Length: > 0 } searched) return Length(value) + 1;
        return searched.Length == 1 ? value.ToString().Count(c => c == searched.ToString()[0]) : Length(value) / searched.Length;
    }

    private static double Searched(JsValue value, JsValue[] arguments, int max)
    {
        var length = Length(value);
        var searched = arguments.Length > 0 ? Length(arguments[0]) : 0;
        return length * searched > MaxComparisons ? double.PositiveInfinity : Math.Min(length, max);
    }

    /// <summary>Characters in a structure, counted until there are too many: one long text may stand in it a thousand times.</summary>
    private static double Total(JsValue value, double perItem, double max, int depth = 0)
    {
        if (value is JsString text) return text.Length;
        if (depth > 60 || value is not ObjectInstance structure || value is Function) return perItem;
        var total = perItem;
        if (structure is JsArray list)
        {
            total += list.Length * perItem;
            for (uint i = 0; i < list.Length && total <= max; i++) total += Total(list[i], perItem, max - total, depth + 1);
            return total;
        }

        foreach (var (key, property) in structure.GetOwnProperties())
        {
            if (total > max) break;
            // A getter runs script, which has its own limits.
            if (property.Get is null) total += key.ToString().Length + Total(property.Value, perItem, max - total, depth + 1);
        }

        return total;
    }
}

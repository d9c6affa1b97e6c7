using System.Collections;
using System.Globalization;
using System.Text;
using Scriban.Runtime;

namespace Alize.Engine.Expressions;

/// <summary>
/// Liquid's filters of lists. A list within a list is opened, one value is a list of one, nothing is an empty list. In a list of texts
/// a property is a piece of the text, in one of plain values the value itself: <c>tags | has: "urgent"</c>.
/// </summary>
internal static class LiquidLists
{
    private const string Example = "\"status\", \"paid\"";

    public static void AddTo(LiquidBuiltins filters)
    {
        filters.Add("where", Example, (context, value, arguments) => List(Items(context, value).Where(item => Matches(context, item, arguments))));
        filters.Add("reject", Example, (context, value, arguments) => List(Items(context, value).Where(item => !Matches(context, item, arguments))));
        filters.Add("find", Example, (context, value, arguments) => Items(context, value).Find(item => Matches(context, item, arguments)));
        filters.Add("find_index", Example, (context, value, arguments) => Items(context, value).FindIndex(item => Matches(context, item, arguments)) is var at and >= 0 ? (long)at : null);
        filters.Add("has", Example, (context, value, arguments) => Items(context, value).Exists(item => Matches(context, item, arguments)));
        filters.Add("compact", (context, value, arguments) => List(Items(context, value).Where(item => Key(context, item, arguments) is not null)));
        filters.Add("uniq", (context, value, arguments) => List(Items(context, value).DistinctBy(item => Identity(Key(context, item, arguments)), StringComparer.Ordinal)));
        filters.Add("sort_natural", (context, value, arguments) => List(Items(context, value)
            .Select(item => (Item: item, Key: Key(context, item, arguments))).OrderBy(i => i.Key is null)
            .ThenBy(i => context.ObjectToString(i.Key), StringComparer.OrdinalIgnoreCase).Select(i => i.Item)));
        filters.Add("sum", (context, value, arguments) =>
        {
            var numbers = Items(context, value).ConvertAll(item => Key(context, item, arguments));
            return LiquidNumbers.Result(numbers.Sum(LiquidNumbers.Of), numbers.TrueForAll(LiquidNumbers.IsWhole));
        });
        filters.Add("join", (context, value, arguments) => Joined(context, Items(context, value), arguments is [{ } between, ..] ? context.ObjectToString(between) : " "));
        filters.Add("slice", "0, 5", (context, value, arguments) => Slice(context, value, arguments));
    }

    private static string Joined(LiquidContext context, List<object?> items, string between)
    {
        var written = new StringBuilder();
        for (var i = 0; i < items.Count && written.Length <= context.LimitToString; i++)
            written.Append(i == 0 ? "" : between).Append(context.ObjectToString(items[i]));
        return written.ToString();
    }

    /// <summary>A part of a text or of a list; from the end where the place is negative, one long where no length is given.</summary>
    private static object? Slice(LiquidContext context, object? value, object?[] arguments)
    {
        if (value is IEnumerable and not (string or ScriptObject))
        {
            var items = Items(context, value);
            var (from, length) = Part(items.Count);
            return List(items.Skip(from).Take(length));
        }

        var text = context.ObjectToString(value);
        var (start, count) = Part(text.Length);
        return text.Substring(start, count);

        (int From, int Length) Part(int whole)
        {
            var at = (int)Math.Clamp(LiquidNumbers.Of(arguments[0]), int.MinValue, int.MaxValue);
            var wanted = arguments is [_, { } length, ..] ? (int)Math.Clamp(LiquidNumbers.Of(length), 0, whole) : 1;
            var from = at < 0 ? whole + at : at;
            return from < 0 || from >= whole ? (0, 0) : (from, Math.Min(wanted, whole - from));
        }
    }

    private static ScriptArray List(IEnumerable<object?> items) => new(items);

    private static List<object?> Items(LiquidContext context, object? value)
    {
        var items = new List<object?>();
        if (value is not null) Collect(value);
        return items;

        void Collect(object? item)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (item is IEnumerable list and not (string or ScriptObject))
            {
                foreach (var inner in list) Collect(inner);
                return;
            }

            // A range such as (1..1000000000) is a list too.
            if (items.Count == context.ListLength)
                throw new ExpressionException(LiquidTemplates.Kind, $"a filter got a list of more than {context.ListLength} items ({nameof(ExpressionOptions)}.{nameof(ExpressionOptions.ListLength)}). Give it a shorter one.");
            items.Add(item);
        }
    }

    private static bool Matches(LiquidContext context, object? item, object?[] arguments)
    {
        var found = Member(context, item, arguments[0]);
        return arguments is [_, { } wanted, ..] ? Same(found, wanted) : found is not (null or false);
    }

    /// <summary>What counts of an item: the property that is named, or the item itself.</summary>
    private static object? Key(LiquidContext context, object? item, object?[] arguments) =>
        arguments is [{ } property, ..] ? Member(context, item, property) : item;

    private static object? Member(LiquidContext context, object? item, object? property) => item switch
    {
        null => null,
        ScriptObject members => Member(context, members, context.ObjectToString(property)),
        string text => context.ObjectToString(property) is { Length: > 0 } piece && text.Contains(piece, StringComparison.Ordinal) ? piece : null,
        _ => Same(item, property) ? true : null,
    };

    private static object? Member(LiquidContext context, ScriptObject members, string path)
    {
        if (members.TryGetValue(context, default, path, out var value)) return value;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && members.TryGetValue(context, default, path[..dot], out var inner) && inner is ScriptObject deeper ? Member(context, deeper, path[(dot + 1)..]) : null;
    }

    private static bool Same(object? found, object? wanted) => (found, wanted) switch
    {
        (null, _) or (_, null) => found == wanted,
        (string one, string other) => one == other,
        _ when LiquidNumbers.IsNumber(found) && LiquidNumbers.IsNumber(wanted) => Convert.ToDouble(found, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(wanted, CultureInfo.InvariantCulture)),
        // A day or an identifier is written as a text in a template; a number or a yes and no is not.
        (string one, _) => IsWritten(wanted) && one == ValueConversion.Text(LiquidValues.Out(wanted)),
        (_, string other) => IsWritten(found) && other == ValueConversion.Text(LiquidValues.Out(found)),
        _ => found.Equals(wanted),
    };

    private static bool IsWritten(object value) => value is not bool && !LiquidNumbers.IsNumber(value) && value is not (ScriptObject or ScriptArray);

    private static string Identity(object? key) => key switch
    {
        null => "",
        string text => "s" + text,
        _ when LiquidNumbers.IsNumber(key) => "n" + Convert.ToDouble(key, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => "j" + ValueConversion.ToJson(LiquidValues.Out(key))?.ToJsonString(),
    };
}

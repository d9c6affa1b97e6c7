using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Scriban.Runtime;

namespace Alize.Engine.Expressions;

/// <summary>Liquid's filters of texts: places in them, encodings, digests, formats.</summary>
internal static partial class LiquidTexts
{
    /// <summary>Widest column of <c>format_string</c>.</summary>
    private const int Widest = 200;

    public static void AddTo(LiquidBuiltins filters)
    {
        // The parser hands "allow_false: true" over as two more arguments: a name that says nothing, and its value.
        filters.Add("default", (_, value, arguments) => IsMissing(value, allowFalse: arguments is [_, null, true]) ? arguments.ElementAtOrDefault(0) : value);
        filters.Add("truncate", (context, value, arguments) =>
            Truncated(context.ObjectToString(value), Length(arguments, 50), Ellipsis(context, arguments)));
        filters.Add("truncatewords", (context, value, arguments) =>
            FirstWords(context.ObjectToString(value), Math.Max(1, Length(arguments, 15)), Ellipsis(context, arguments)));
        Add("newline_to_br", text => text.ReplaceLineEndings("\n").Replace("\n", "<br />\n", StringComparison.Ordinal));
        Add("escape_once", EscapeOnce);
        Add("handle", Handle);
        Add("handleize", Handle);
        // Encoded where the host encodes: what stands in a mail was written by anybody.
        filters.Add("raw", (_, value, _) => value);
        filters.Add("remove_last", "\"x\"", (context, value, arguments) => ReplaceLast(context.ObjectToString(value), context.ObjectToString(arguments[0]), ""));
        filters.Add("replace_last", "\"x\", \"y\"", (context, value, arguments) =>
            ReplaceLast(context.ObjectToString(value), context.ObjectToString(arguments[0]), context.ObjectToString(arguments.ElementAtOrDefault(1))));

        Add("url_encode", text => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal));
        Add("url_decode", text => WebUtility.UrlDecode(text));
        filters.Add("base64", (_, value, _) => Base64(ValueConversion.Text(LiquidValues.Out(value))));
        Add("base64_encode", Base64);
        Add("base64_decode", text => FromBase64("base64_decode", text));
        Add("base64_url_safe_encode", text => Base64(text).TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        Add("base64_url_safe_decode", text => FromBase64("base64_url_safe_decode", Padded(text.TrimEnd('=').Replace('-', '+').Replace('_', '/'))));

#pragma warning disable CA5350, CA5351 // A partner's interface may ask for them; nothing here relies on what they protect.
        Digest("md5", MD5.HashData);
        Digest("sha1", SHA1.HashData);
        Digest("sha256", SHA256.HashData);
        Keyed("hmac_sha1", HMACSHA1.HashData);
        Keyed("hmac_sha256", HMACSHA256.HashData);
#pragma warning restore CA5350, CA5351

        filters.Add("format_string", (context, value, arguments) => value is null ? null : Format(context, context.ObjectToString(value), arguments));
        filters.Add("format_date", "\"dd/MM/yyyy\"", (context, value, arguments) =>
        {
            LiquidNumbers.NoCulture("format_date", arguments);
            return LiquidDates.Net(value, context.ObjectToString(arguments[0]), context.Clock);
        });
        filters.Add("time_zone", (context, value, arguments) => LiquidDates.In(value, context.ObjectToString(arguments.ElementAtOrDefault(0)), context.Clock));

        void Add(string name, Func<string, string> filter) => filters.Add(name, (context, value, _) => filter(context.ObjectToString(value)));

        void Digest(string name, Func<byte[], byte[]> hash) =>
            Add(name, text => text.Length == 0 ? "" : Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(text))));

        void Keyed(string name, Func<byte[], byte[], byte[]> hash) => filters.Add(name, "\"key\"", (context, value, arguments) => value is null || arguments[0] is null
            ? ""
            : Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(context.ObjectToString(arguments[0])), Encoding.UTF8.GetBytes(context.ObjectToString(value)))));
    }

    private static bool IsMissing(object? value, bool allowFalse) => value switch
    {
        null or "" => true,
        bool yes => !yes && !allowFalse,
        ScriptArray list => list.Count == 0,
        ScriptObject members => members.Count == 0,
        _ => false,
    };

    private static int Length(object?[] arguments, int usual) =>
        arguments is [{ } length, ..] ? (int)Math.Clamp(LiquidNumbers.Of(length), 0, int.MaxValue) : usual;

    private static string Ellipsis(LiquidContext context, object?[] arguments) => arguments.Length > 1 ? context.ObjectToString(arguments[1]) : "...";

    /// <summary>Cut so that it is no longer than that with the ellipsis.</summary>
    private static string Truncated(string text, int length, string ellipsis) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, Math.Max(0, length - ellipsis.Length)), ellipsis);

    private static string FirstWords(string text, int count, string ellipsis)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length <= count ? text : string.Join(' ', words.Take(count)) + ellipsis;
    }

    private static string EscapeOnce(string text)
    {
        var (written, from) = (new StringBuilder(), 0);
        foreach (var entity in Entity().EnumerateMatches(text))
        {
            written.Append(WebUtility.HtmlEncode(text[from..entity.Index])).Append(text, entity.Index, entity.Length);
            from = entity.Index + entity.Length;
        }

        return written.Append(WebUtility.HtmlEncode(text[from..])).ToString();
    }

    /// <summary>Small letters and digits with hyphens between the words; a capital after a small letter begins one.</summary>
    private static string Handle(string text) => BetweenWords().Replace(text, "-").Trim('-').ToLowerInvariant();

    private static string ReplaceLast(string text, string piece, string other) =>
        text.LastIndexOf(piece, StringComparison.Ordinal) is var at and >= 0 ? string.Concat(text.AsSpan(0, at), other, text.AsSpan(at + piece.Length)) : text;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Padded(string text) => text.PadRight((text.Length + 3) / 4 * 4, '=');

    private static string FromBase64(string filter, string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException cause)
        {
            throw new ExpressionException(LiquidTemplates.Kind, $"the filter '{filter}' got '{ExpressionException.Shown(text)}', which is no Base64. Give it what {filter.Replace("decode", "encode", StringComparison.Ordinal)} makes.", cause);
        }
    }

    /// <summary>Places such as <c>{0}</c>, <c>{1,10}</c> and <c>{2:0.00}</c> filled with the arguments.</summary>
    private static string Format(LiquidContext context, string format, object?[] arguments)
    {
        var (written, from) = (new StringBuilder(), 0);
        foreach (Match place in Place().Matches(format))
        {
            written.Append(format, from, place.Index - from).Append(place.Value is "{{" or "}}" ? place.Value[..1] : Filled(place));
            from = place.Index + place.Length;
            if (written.Length > context.LimitToString) break;
        }

        return written.Append(format, from, format.Length - from).ToString();

        string Filled(Match place)
        {
            if (!place.Groups["number"].Success || !int.TryParse(place.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= arguments.Length)
                throw new ExpressionException(LiquidTemplates.Kind, $"format_string met '{ExpressionException.Shown(place.Value)}' and has {arguments.Length} arguments. Count the places from {{0}}, and write a brace twice where it is text.");
            var text = Written(context, arguments[number], place.Groups["format"].Value);
            if (!place.Groups["width"].Success) return text;
            if (!int.TryParse(place.Groups["width"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var width) || Math.Abs(width) > Widest)
                throw new ExpressionException(LiquidTemplates.Kind, $"format_string met '{ExpressionException.Shown(place.Value)}'; a place is at most {Widest} wide. Write a smaller width.");
            return width < 0 ? text.PadRight(-width) : text.PadLeft(width);
        }
    }

    private static string Written(LiquidContext context, object? value, string format) => value switch
    {
        _ when format.Length == 0 => context.ObjectToString(value),
        DateTimeOffset or DateTime or DateOnly or LiquidMoment => context.ObjectToString(LiquidDates.Net(value, format, context.Clock)),
        _ when LiquidNumbers.IsNumber(value) => LiquidNumbers.Written(LiquidNumbers.Of(value), format),
        _ => context.ObjectToString(value),
    };

    [GeneratedRegex("&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);")]
    private static partial Regex Entity();

    [GeneratedRegex(@"[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"\{\{|\}\}|\{(?<number>\d+)(?:,\s*(?<width>-?\d+))?(?::(?<format>[^{}]*))?\}|[{}]")]
    private static partial Regex Place();
}

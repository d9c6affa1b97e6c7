using System.Diagnostics.CodeAnalysis;

namespace Alize.Domain;

/// <summary>
/// Numéro SIREN: the nine digits by which INSEE knows an enterprise, the last one a Luhn key. One read from a person goes
/// through <see cref="TryParse"/>, so that a value of this type is always a possible number.
/// </summary>
public readonly record struct Siren
{
    private readonly string? _digits;

    private Siren(string digits) => _digits = digits;

    /// <summary>The nine digits without spaces, as stored; empty for <c>default</c>.</summary>
    public string Digits => _digits ?? "";

    /// <summary>Reads a number as people type it, with or without spaces.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The number, when it is one.</param>
    /// <param name="problem">Otherwise what is wrong and what to do, in French, for the person who typed it.</param>
    public static bool TryParse(string? text, out Siren value, [NotNullWhen(false)] out string? problem)
    {
        value = default;
        problem = null;
        var digits = TypedNumber.Clean(text);
        if (digits.Length == 14 && digits.All(char.IsAsciiDigit))
            problem = $"Le SIREN a 9 chiffres ; vous en avez saisi 14, comme pour un SIRET. Gardez les 9 premiers : {TypedNumber.Group(digits[..9], 3)}.";
        else
            problem = TypedNumber.LengthProblem("SIREN", digits, 9);
        if (problem is null && !(TypedNumber.HasLuhnKey(digits) && digits.Any(c => c != '0')))
            problem = $"Le SIREN {TypedNumber.Group(digits, 3)} est faux : sa clé ne correspond pas. Vérifiez les 9 chiffres sur l’extrait Kbis.";

        if (problem is null)
        {
            value = new Siren(digits);
            return true;
        }

        problem = FrenchText.Typeset(problem);
        return false;
    }

    /// <summary>Reads a number that is already known to be right, e.g. from the database.</summary>
    /// <exception cref="FormatException">It is not one: somebody wrote to the database behind the program.</exception>
    public static Siren Parse(string text) => TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <summary>« 732 829 320 ».</summary>
    public override string ToString() => TypedNumber.Group(Digits, 3);
}

/// <summary>What the registration numbers share: cleaning what people type, Luhn's key, grouping.</summary>
internal static class TypedNumber
{
    /// <summary>Without the spaces, dots, dashes and invisible marks that people paste along, in capitals.</summary>
    public static string Clean(string? text) =>
        new([.. (text ?? "").Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('.' or '-' or '\u200B' or '\u200E' or '\u2011' or '\uFEFF')).Select(char.ToUpperInvariant)]);

    /// <summary>Null when there are exactly that many digits; else the French sentence saying what is there instead.</summary>
    public static string? LengthProblem(string name, string text, int length)
    {
        if (text.Length == 0)
            return $"Le {name} manque. Recopiez ses {length} chiffres depuis l’extrait Kbis.";
        var stranger = text.ToList().FindIndex(c => !char.IsAsciiDigit(c));
        if (stranger >= 0)
            return $"Le {name} « {text} » est faux : le {FrenchText.Ordinal(stranger + 1).Replace("1re", "1er", StringComparison.Ordinal)} caractère, « {text[stranger]} », n’est pas un chiffre. Saisissez {length} chiffres.";
        return text.Length == length
            ? null
            : $"Le {name} « {text} » est faux : il a {FrenchText.Plural(text.Length, "chiffre")} au lieu de {length}. Vérifiez-le sur l’extrait Kbis.";
    }

    /// <summary>Luhn: every second digit from the right doubled, the digits of all added, a multiple of ten.</summary>
    public static bool HasLuhnKey(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var weighted = i % 2 == 0 ? digit : 2 * digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return sum % 10 == 0;
    }

    /// <summary>Groups of that size from the left, with no-break spaces: what people compare with the paper.</summary>
    public static string Group(string text, int size) =>
        string.Join('\u00A0', text.Chunk(size).Select(chunk => new string(chunk)));
}

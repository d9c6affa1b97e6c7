using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Alize.Domain;

/// <summary>
/// Numéro de TVA intracommunautaire of a French enterprise: FR, a key of two characters, the SIREN (General tax code, art. 286 ter).
/// </summary>
public readonly record struct FrenchVatNumber
{
    // Letters O and I are left out because they look like digits.
    private const string KeyAlphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private readonly string? _text;

    private FrenchVatNumber(string text) => _text = text;

    /// <summary>The thirteen characters without spaces, as stored; empty for <c>default</c>.</summary>
    public string Compact => _text ?? "";

    /// <summary>The enterprise.</summary>
    public Siren Siren => _text is null ? default : Siren.Parse(_text[4..]);

    /// <summary>The number with the ordinary, numeric key: (12 + 3 × (SIREN mod 97)) mod 97.</summary>
    public static FrenchVatNumber Of(Siren siren)
    {
        if (siren == default) throw new ArgumentException("An empty SIREN has no VAT number.", nameof(siren));
        return new FrenchVatNumber($"FR{NumericKey(siren.Digits):00}{siren.Digits}");
    }

    /// <summary>Reads a number as people type it, with or without spaces.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The number, when it is one.</param>
    /// <param name="problem">Otherwise what is wrong and what to do, in French, for the person who typed it.</param>
    public static bool TryParse(string? text, out FrenchVatNumber value, [NotNullWhen(false)] out string? problem)
    {
        value = default;
        var typed = TypedNumber.Clean(text);
        problem = Problem(typed);
        if (problem is null)
        {
            value = new FrenchVatNumber(typed);
            return true;
        }

        problem = FrenchText.Typeset(problem);
        return false;
    }

    /// <summary>Reads a number that is already known to be right, e.g. from the database.</summary>
    /// <exception cref="FormatException">It is not one: somebody wrote to the database behind the program.</exception>
    public static FrenchVatNumber Parse(string text) =>
        TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <summary>« FR 44 732 829 320 ».</summary>
    public override string ToString() =>
        _text is null ? "" : $"FR\u00A0{_text[2..4]}\u00A0{TypedNumber.Group(_text[4..], 3)}";

    private static string? Problem(string typed)
    {
        if (typed.Length == 0)
            return "Le numéro de TVA manque. Recopiez-le depuis une facture de l’entreprise : FR, 2 caractères, 9 chiffres.";
        if (!typed.StartsWith("FR", StringComparison.Ordinal))
            return $"Le numéro de TVA « {typed} » est faux : il ne commence pas par FR. Saisissez le numéro français de l’entreprise.";
        if (typed.Length != 13)
            return $"Le numéro de TVA « {typed} » est faux : il a {typed.Length} caractères au lieu de 13. Saisissez FR, 2 caractères, 9 chiffres.";
        if (!Siren.TryParse(typed[4..], out var siren, out _))
            return $"Le numéro de TVA « {typed} » est faux : ses 9 derniers caractères ne forment pas un SIREN. Vérifiez-les sur l’extrait Kbis.";
        if (!KeyAlphabet.Contains(typed[2]) || !KeyAlphabet.Contains(typed[3]))
            return $"Le numéro de TVA « {typed} » est faux : sa clé « {typed[2..4]} » contient un signe interdit (I et O n’y figurent jamais). Vérifiez-la sur une facture.";
        return HasKey(typed)
            ? null
            : $"Le numéro de TVA « {typed} » est faux : sa clé {typed[2..4]} ne correspond pas au SIREN. Pour le SIREN {siren}, la clé usuelle est {NumericKey(siren.Digits):00}.";
    }

    // Keys with a letter are issued too; they carry two remainders by eleven instead of one by 97.
    private static bool HasKey(string typed)
    {
        var (first, second) = (KeyAlphabet.IndexOf(typed[2]), KeyAlphabet.IndexOf(typed[3]));
        if (first < 10 && second < 10) return (10 * first) + second == NumericKey(typed[4..]);

        var check = first < 10 ? (first * 24) + second - 10 : (first * 34) + second - 100;
        return (Number(typed[4..]) + 1 + (check / 11)) % 11 == check % 11;
    }

    private static int NumericKey(string siren) => (int)((12 + (3 * (Number(siren) % 97))) % 97);

    private static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);
}

using System.Diagnostics.CodeAnalysis;

namespace Alize.Domain;

/// <summary>
/// Numéro SIRET: the SIREN of the enterprise and the five digits (NIC) of one of its establishments, with a Luhn key
/// over all fourteen. La Poste ran out of such keys and has its own (see <see cref="HasKey"/>).
/// </summary>
public readonly record struct Siret
{
    private const string LaPoste = "356000000";
    private const string LaPosteHeadOffice = "35600000000048";

    private readonly string? _digits;

    private Siret(string digits) => _digits = digits;

    /// <summary>The fourteen digits without spaces, as stored; empty for <c>default</c>.</summary>
    public string Digits => _digits ?? "";

    /// <summary>The enterprise the establishment belongs to.</summary>
    public Siren Siren => _digits is null ? default : Siren.Parse(_digits[..9]);

    /// <summary>Numéro interne de classement: the establishment within its enterprise, five digits.</summary>
    public string Nic => _digits is null ? "" : _digits[9..];

    /// <summary>Reads a number as people type it, with or without spaces.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The number, when it is one.</param>
    /// <param name="problem">Otherwise what is wrong and what to do, in French, for the person who typed it.</param>
    public static bool TryParse(string? text, out Siret value, [NotNullWhen(false)] out string? problem)
    {
        value = default;
        var digits = TypedNumber.Clean(text);
        problem = digits.Length == 9 && digits.All(char.IsAsciiDigit)
            ? "Le SIRET a 14 chiffres ; vous en avez saisi 9, comme pour un SIREN. Ajoutez les 5 chiffres de l’établissement, lisibles sur l’extrait Kbis."
            : TypedNumber.LengthProblem("SIRET", digits, 14);
        if (problem is null && !Siren.TryParse(digits[..9], out var siren, out _))
            problem = $"Le SIRET {Readable(digits)} est faux : ses 9 premiers chiffres ne forment pas un SIREN. Vérifiez-les sur l’extrait Kbis.";
        else if (problem is null && !HasKey(digits))
            problem = $"Le SIRET {Readable(digits)} est faux : sa clé ne correspond pas. Vérifiez les 14 chiffres sur l’extrait Kbis.";

        if (problem is null)
        {
            value = new Siret(digits);
            return true;
        }

        problem = FrenchText.Typeset(problem);
        return false;
    }

    /// <summary>Reads a number that is already known to be right, e.g. from the database.</summary>
    /// <exception cref="FormatException">It is not one: somebody wrote to the database behind the program.</exception>
    public static Siret Parse(string text) => TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <summary>« 732 829 320 00074 ».</summary>
    public override string ToString() => _digits is null ? "" : Readable(_digits);

    // INSEE: the post offices' numbers have a plain digit sum that is a multiple of five; La Poste's head office keeps Luhn.
    private static bool HasKey(string digits) =>
        digits.StartsWith(LaPoste, StringComparison.Ordinal) && digits != LaPosteHeadOffice
            ? digits.Sum(digit => digit - '0') % 5 == 0
            : TypedNumber.HasLuhnKey(digits);

    private static string Readable(string digits) => $"{TypedNumber.Group(digits[..9], 3)}\u00A0{digits[9..]}";
}

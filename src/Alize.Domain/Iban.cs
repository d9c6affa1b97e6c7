using System.Diagnostics.CodeAnalysis;

namespace Alize.Domain;

/// <summary>
/// International bank account number (ISO 13616): country, two check digits, the country's own account number (BBAN).
/// A French one holds a RIB, whose clé RIB is checked too.
/// </summary>
public readonly record struct Iban
{
    private readonly string? _text;

    private Iban(string text) => _text = text;

    /// <summary>The characters without spaces, as stored and as a bank file wants them; empty for <c>default</c>.</summary>
    public string Compact => _text ?? "";

    /// <summary>ISO 3166 code of the country.</summary>
    public string Country => _text is null ? "" : _text[..2];

    /// <summary>Reads a number as people type it, with or without spaces, in capitals or not.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="value">The number, when it is one.</param>
    /// <param name="problem">Otherwise what is wrong and what to do, in French, for the person who typed it.</param>
    public static bool TryParse(string? text, out Iban value, [NotNullWhen(false)] out string? problem)
    {
        value = default;
        var typed = TypedNumber.Clean(text);
        // « IBAN FR14… » is what a statement of account prints.
        if (typed.StartsWith("IBAN", StringComparison.Ordinal)) typed = typed[4..].TrimStart(':');
        problem = Problem(typed);
        if (problem is null)
        {
            value = new Iban(typed);
            return true;
        }

        problem = FrenchText.Typeset(problem);
        return false;
    }

    /// <summary>Reads a number that is already known to be right, e.g. from the database.</summary>
    /// <exception cref="FormatException">It is not one: somebody wrote to the database behind the program.</exception>
    public static Iban Parse(string text) => TryParse(text, out var value, out var problem) ? value : throw new FormatException(problem);

    /// <summary>
    /// Clé RIB: 97 − ((89 × bank + 15 × branch + 3 × account) mod 97), letters of the account read as digits.
    /// </summary>
    /// <param name="bank">Code banque, five digits.</param>
    /// <param name="branch">Code guichet, five digits.</param>
    /// <param name="account">Numéro de compte, eleven digits or capitals.</param>
    public static int RibKey(string bank, string branch, string account)
    {
        if (!IbanCountries.Matches("5n5n11c", bank + branch + account))
            throw new ArgumentException($"'{bank} {branch} {account}' is not 5 digits, 5 digits and 11 digits or capitals.");

        return 97 - (int)(((89 * Digits(bank)) + (15 * Digits(branch)) + (3 * Digits(account))) % 97);
    }

    /// <summary>« FR14 2004 1010 0505 0001 3M02 606 ».</summary>
    public override string ToString() => TypedNumber.Group(Compact, 4);

    private static string? Problem(string typed)
    {
        if (typed.Length == 0)
            return "L’IBAN manque. Recopiez-le depuis le relevé d’identité bancaire (RIB).";
        var stranger = typed.ToList().FindIndex(c => !char.IsAsciiLetterOrDigit(c));
        if (stranger >= 0)
            return $"L’IBAN « {typed} » est faux : le signe « {typed[stranger]} » n’y a pas sa place. Saisissez seulement des lettres et des chiffres.";
        if (typed.Length < 4 || IbanCountries.Structure(typed[..2]) is not { } structure)
            return $"L’IBAN « {typed} » est faux : il ne commence pas par le code d’un pays qui utilise l’IBAN. Un IBAN français commence par FR.";

        var readable = TypedNumber.Group(typed, 4);
        var length = 4 + IbanCountries.Length(structure);
        if (typed.Length != length)
            return $"L’IBAN {readable} est faux : il a {typed.Length} caractères au lieu de {length} pour le pays {typed[..2]}. Vérifiez-le sur le RIB.";
        if (!char.IsAsciiDigit(typed[2]) || !char.IsAsciiDigit(typed[3]) || !IbanCountries.Matches(structure, typed[4..]))
            return $"L’IBAN {readable} est faux : une lettre y tient la place d’un chiffre, ou l’inverse. Vérifiez notamment O et 0, I et 1.";
        if (Remainder(typed[4..] + typed[..4]) != 1)
            return $"L’IBAN {readable} est faux : sa clé {typed[2..4]} ne correspond pas. Vérifiez chaque caractère sur le RIB.";
        return typed[..2] is "FR" or "MC" && RibKey(typed[4..9], typed[9..14], typed[14..25]) != Digits(typed[25..])
            ? $"L’IBAN {readable} est faux : sa clé RIB {typed[25..]} ne correspond pas. Vérifiez chaque caractère sur le RIB."
            : null;
    }

    // ISO 7064 mod 97-10, letters as 10 to 35, taken a character at a time: the whole number has up to 60 digits.
    private static int Remainder(string text) => text.Aggregate(0, (rest, c) => char.IsAsciiDigit(c)
        ? ((rest * 10) + (c - '0')) % 97
        : ((rest * 100) + (c - 'A' + 10)) % 97);

    // The RIB has its own letters: A, J = 1; B, K, S = 2 … I, R, Z = 9 (S starts at 2).
    private static long Digits(string text) => text.Aggregate(0L, (number, c) => (number * 10) + c switch
    {
        <= '9' => c - '0',
        <= 'I' => c - 'A' + 1,
        <= 'R' => c - 'J' + 1,
        _ => c - 'S' + 2,
    });
}

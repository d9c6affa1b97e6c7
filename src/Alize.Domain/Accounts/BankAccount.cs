namespace Alize.Domain.Accounts;

/// <summary>
/// Compte bancaire of one of the two accounts (R9, art. 4): each has an IBAN of its own, and what one receives the other never
/// sees. A new row replaces the former from its day on, so that an old statement still finds its account.
/// </summary>
public sealed class BankAccount
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>Which of the two.</summary>
    public required FundAccount Account { get; init; }

    /// <summary>Titulaire, as the bank knows it.</summary>
    public required string Holder { get; init; }

    /// <summary>IBAN, checked, without spaces.</summary>
    public required string Iban { get; init; }

    /// <summary>BIC. Empty: the bank finds it from the IBAN.</summary>
    public string Bic { get; init; } = "";

    /// <summary>Where the first statement starts: what the account held before it is in the journal.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Who entered it.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime RecordedAt { get; init; }

    /// <summary>
    /// What R9 holds against using this IBAN for the account: the other account has it.
    /// </summary>
    public static IEnumerable<Refusal> Refusals(FundAccount account, Iban iban, IEnumerable<BankAccount> known)
    {
        if (known.Any(k => k.Account != account && k.Iban == iban.Compact))
            yield return new("R9", "4", "iban-of-both-accounts", iban.ToString());
    }
}

/// <summary>
/// Relevé d'identité bancaire (RIB) of a company: where its advance is sent. Never edited: a changed IBAN is the classic fraud,
/// so each is a new row that says who entered it, and the newest counts.
/// </summary>
public sealed class PayeeAccount
{
    /// <summary>Id, ascending in time.</summary>
    public required Guid Id { get; init; }

    /// <summary>The programme.</summary>
    public required Guid ProgrammeId { get; init; }

    /// <summary>The company.</summary>
    public required Guid CompanyId { get; init; }

    /// <summary>IBAN, checked, without spaces.</summary>
    public required string Iban { get; init; }

    /// <summary>BIC. Empty: the bank finds it from the IBAN.</summary>
    public string Bic { get; init; } = "";

    /// <summary>Who entered it.</summary>
    public required string RecordedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTime RecordedAt { get; init; }
}

/// <summary>Bank identifier code (ISO 9362): eight or eleven letters and digits.</summary>
public static class BicCode
{
    /// <summary>Reads a code as people type it; an empty one is allowed, since the IBAN suffices within the single euro payments area.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="code">The code in capitals, or empty.</param>
    /// <returns>Null, or what is wrong in French.</returns>
    public static string? Problem(string? text, out string code)
    {
        code = TypedNumber.Clean(text);
        if (code.Length == 0) return null;
        var isCode = code.Length is 8 or 11 && code.All(char.IsAsciiLetterOrDigit) && code[4..6].All(char.IsAsciiLetterUpper);
        return isCode ? null : FrenchText.Typeset($"Le BIC « {code} » est faux : il a 8 ou 11 lettres et chiffres, dont le pays en 5e et 6e place. Recopiez-le depuis le RIB, ou laissez-le vide.");
    }
}

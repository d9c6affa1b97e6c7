namespace Alize.Domain.Accounts;

/// <summary>The two accounts of art. 4 (R9), between which nothing crosses, and beside them the days partners give, which are no money.</summary>
public enum FundAccount
{
    /// <summary>Fonds d'avances remboursables.</summary>
    Advances,

    /// <summary>Frais de fonctionnement.</summary>
    OperatingCosts,

    /// <summary>
    /// Compétences: half-days and their value (R11). A set of books of its own, so that the value of a day is never taken for a euro
    /// of one of the two accounts.
    /// </summary>
    Competences,
}

/// <summary>What people read for an account.</summary>
public static class FundAccountNames
{
    /// <summary>The two that hold money.</summary>
    public static IReadOnlyList<FundAccount> WithMoney { get; } = [FundAccount.Advances, FundAccount.OperatingCosts];

    /// <summary>French name.</summary>
    public static string French(this FundAccount account) => account switch
    {
        FundAccount.Advances => "Fonds d’avances remboursables",
        FundAccount.OperatingCosts => "Frais de fonctionnement",
        FundAccount.Competences => "Compétences valorisées",
        _ => throw new ArgumentOutOfRangeException(nameof(account), account, "An account without a name: add it here."),
    };

    /// <summary>Code of its journal (JournalCode of the FEC).</summary>
    public static string JournalCode(this FundAccount account) => account switch
    {
        FundAccount.Advances => "AV",
        FundAccount.OperatingCosts => "FO",
        FundAccount.Competences => "CO",
        _ => throw new ArgumentOutOfRangeException(nameof(account), account, "An account without a journal: add it here."),
    };
}

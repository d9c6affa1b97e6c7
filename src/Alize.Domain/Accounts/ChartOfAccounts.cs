namespace Alize.Domain.Accounts;

/// <summary>Ledger accounts of the programme's books; <see cref="ChartOfAccounts"/> gives each its number and where it may stand.</summary>
public enum LedgerAccount
{
    /// <summary>Banque.</summary>
    Bank,

    /// <summary>Dotations reçues: owed to the funders (R16).</summary>
    Endowments,

    /// <summary>Avances à recevoir: paid out and not yet repaid.</summary>
    AdvancesOutstanding,

    /// <summary>Trop-perçus à rendre: repaid beyond what was due.</summary>
    ExcessRepayments,

    /// <summary>Pertes constatées: what the committee gave up.</summary>
    Losses,

    /// <summary>Récupérations: received on what had been recorded as lost.</summary>
    Recoveries,

    /// <summary>Contribution à la tête de réseau (R12, art. 7).</summary>
    NetworkContribution,

    /// <summary>Défraiement de l'opérateur local (R13, art. 5.3).</summary>
    OperatorFee,

    /// <summary>Communication (art. 4).</summary>
    Communication,

    /// <summary>Other operating costs.</summary>
    Expenses,

    /// <summary>Avances décidées: carried by the committee, its convention not yet signed.</summary>
    AdvancesDecided,

    /// <summary>Avances engagées: convention signed, not yet paid.</summary>
    AdvancesCommitted,

    /// <summary>What answers to commitments given.</summary>
    CommitmentsGiven,

    /// <summary>Dotations promises and not yet called.</summary>
    EndowmentsPledged,

    /// <summary>Dotations appelées and not yet received.</summary>
    EndowmentsCalled,

    /// <summary>Échéances échues: due and not yet received. They are part of what is outstanding, and stand here beside it.</summary>
    InstallmentsDue,

    /// <summary>Prêts bonifiés of a partner: followed, not funded (art. 6.2).</summary>
    SubsidisedLoans,

    /// <summary>Journées promises by the partners (Annexe 1).</summary>
    DaysPledged,

    /// <summary>Journées engagées by decisions and not yet spent.</summary>
    DaysCommitted,

    /// <summary>What answers to commitments received.</summary>
    CommitmentsReceived,

    /// <summary>Journées passées, as a use of the programme's means.</summary>
    DaysSpent,

    /// <summary>Journées passées, as a contribution of the partner.</summary>
    DaysContributed,
}

/// <summary>One account of the chart.</summary>
/// <param name="Ledger">The account.</param>
/// <param name="Number">Number of the plan comptable; the bank's ends differently in each of the two accounts.</param>
/// <param name="Label">French label.</param>
/// <param name="Books">Where it may stand.</param>
/// <param name="IsCreditNormal">Whether its usual balance is a credit: a page shows it without a minus sign.</param>
public sealed record ChartLine(LedgerAccount Ledger, string Number, string Label, IReadOnlyList<FundAccount> Books, bool IsCreditNormal)
{
    /// <summary>Classe 8: hors bilan. What is not yet money, or never will be.</summary>
    public bool IsMemorandum => Number[0] == '8';
}

/// <summary>
/// Plan de comptes (R9, R19; art. 4, 5.3), numbered after the French plan comptable général and that of associations (règlements ANC
/// 2014-03 and 2018-06), so that the entries can be handed to an accountant as a FEC.
/// </summary>
public static class ChartOfAccounts
{
    private static readonly FundAccount[] Advances = [FundAccount.Advances];
    private static readonly FundAccount[] Costs = [FundAccount.OperatingCosts];
    private static readonly FundAccount[] Money = [FundAccount.Advances, FundAccount.OperatingCosts];
    private static readonly FundAccount[] Days = [FundAccount.Competences];
    private static readonly FundAccount[] All = [FundAccount.Advances, FundAccount.OperatingCosts, FundAccount.Competences];

    /// <summary>Every account, in order of number.</summary>
    public static IReadOnlyList<ChartLine> Lines { get; } =
    [
        new(LedgerAccount.Endowments, "1034", "Dotations reçues", Money, true),
        new(LedgerAccount.AdvancesOutstanding, "2748", "Avances à recevoir", Advances, false),
        new(LedgerAccount.ExcessRepayments, "4671", "Trop-perçus à rendre", Advances, true),
        new(LedgerAccount.Bank, "512", "Banque", Money, false),
        new(LedgerAccount.OperatorFee, "6226", "Défraiement de l’opérateur", Costs, false),
        new(LedgerAccount.Communication, "623", "Communication", Costs, false),
        new(LedgerAccount.NetworkContribution, "6281", "Contribution à la tête de réseau", Costs, false),
        new(LedgerAccount.Expenses, "6288", "Autres frais de fonctionnement", Costs, false),
        new(LedgerAccount.Losses, "6714", "Pertes constatées", Advances, false),
        new(LedgerAccount.Recoveries, "7714", "Récupérations après perte", Advances, true),
        new(LedgerAccount.AdvancesDecided, "8011", "Avances décidées, à signer", Advances, true),
        new(LedgerAccount.AdvancesCommitted, "8012", "Avances engagées, à verser", Advances, true),
        new(LedgerAccount.EndowmentsPledged, "8021", "Dotations promises, à appeler", Money, false),
        new(LedgerAccount.EndowmentsCalled, "8022", "Dotations appelées, à recevoir", Money, false),
        new(LedgerAccount.InstallmentsDue, "8023", "Échéances échues, à encaisser", Advances, false),
        new(LedgerAccount.DaysPledged, "8024", "Journées promises", Days, false),
        new(LedgerAccount.DaysCommitted, "8025", "Journées engagées, à passer", Days, false),
        new(LedgerAccount.SubsidisedLoans, "8026", "Prêts bonifiés des partenaires", Advances, false),
        new(LedgerAccount.CommitmentsGiven, "8091", "Contrepartie des engagements donnés", Advances, false),
        new(LedgerAccount.CommitmentsReceived, "8092", "Contrepartie des engagements reçus", All, true),
        new(LedgerAccount.DaysSpent, "862", "Mises à disposition de personnel", Days, false),
        new(LedgerAccount.DaysContributed, "871", "Prestations en nature des partenaires", Days, true),
    ];

    private static readonly Dictionary<LedgerAccount, ChartLine> ByAccount = Lines.ToDictionary(line => line.Ledger);

    /// <summary>The chart's line of an account.</summary>
    public static ChartLine Line(this LedgerAccount ledger) => ByAccount[ledger];

    /// <summary>French label.</summary>
    public static string French(this LedgerAccount ledger) => ledger.Line().Label;

    /// <summary>Number of the account in one of the books, as the FEC writes it: 5121 and 5122 are the two banks (R9).</summary>
    public static string NumberIn(this LedgerAccount ledger, FundAccount account) => ledger == LedgerAccount.Bank
        ? account == FundAccount.Advances ? "5121" : "5122"
        : ledger.Line().Number;

    /// <summary>The accounts that may stand in one of the books, by number.</summary>
    public static IEnumerable<ChartLine> Of(FundAccount account) => Lines.Where(line => line.Books.Contains(account));
}

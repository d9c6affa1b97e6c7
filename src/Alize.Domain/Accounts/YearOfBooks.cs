namespace Alize.Domain.Accounts;

/// <summary>What the journal moved on one account, for one party and one project, by one kind of movement, in one year.</summary>
/// <param name="Account">The books.</param>
/// <param name="Ledger">The ledger account.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Year">The calendar year.</param>
/// <param name="PartyId">Funder, partner or company. Null for none.</param>
/// <param name="ProjectId">The project. Null for none.</param>
/// <param name="Debits">Sum of the debits.</param>
/// <param name="Credits">Sum of the credits.</param>
/// <param name="HalfDays">Half-days, debits less credits.</param>
public sealed record JournalSum(
    FundAccount Account, LedgerAccount Ledger, MovementKind Kind, int Year, Guid? PartyId, Guid? ProjectId, Money Debits, Money Credits, int HalfDays)
{
    /// <summary>Debits less credits.</summary>
    public Money Balance => Debits - Credits;
}

/// <summary>What moved in the year and since the programme began.</summary>
/// <param name="Label">What it is, in French.</param>
/// <param name="Account">The books it is read from.</param>
/// <param name="Ledger">The ledger account it is read from: where its entries are.</param>
/// <param name="Kinds">The kinds of movement it counts. Empty: all.</param>
/// <param name="InYear">In the year.</param>
/// <param name="InAll">Since the beginning, the year included.</param>
public sealed record BooksFlow(string Label, FundAccount Account, LedgerAccount Ledger, IReadOnlyList<MovementKind> Kinds, Money InYear, Money InAll);

/// <summary>What stood there when the year began and when it ended.</summary>
/// <param name="Label">What it is, in French.</param>
/// <param name="Account">The books it is read from.</param>
/// <param name="Ledger">The ledger account it is read from.</param>
/// <param name="AtStart">When the year began.</param>
/// <param name="AtEnd">When it ended.</param>
public sealed record BooksStock(string Label, FundAccount Account, LedgerAccount Ledger, Money AtStart, Money AtEnd);

/// <summary>What one partner gave.</summary>
/// <param name="PartnerId">The partner.</param>
/// <param name="ForAdvances">Euros received from it in the year, for the fund of advances.</param>
/// <param name="ForCosts">Euros received from it in the year, for operating costs.</param>
/// <param name="ReceivedInAll">Since the beginning, both accounts.</param>
/// <param name="HalfDaysCommitted">Half-days that decisions of the year committed.</param>
/// <param name="HalfDaysSpent">Half-days spent in the year.</param>
/// <param name="ValueSpent">Their value (R11).</param>
/// <param name="HalfDaysInAll">Half-days spent since the beginning.</param>
/// <param name="ValueInAll">Their value.</param>
public sealed record PartnerContribution(
    Guid PartnerId, Money ForAdvances, Money ForCosts, Money ReceivedInAll, int HalfDaysCommitted, int HalfDaysSpent, Money ValueSpent, int HalfDaysInAll, Money ValueInAll)
{
    /// <summary>Euros received from it in the year, both accounts.</summary>
    public Money ReceivedInYear => ForAdvances + ForCosts;
}

/// <summary>One project's advance, by the journal.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="PaidInYear">Paid in the year.</param>
/// <param name="PaidOut">Paid since the beginning.</param>
/// <param name="RepaidInYear">Repaid in the year on what was owed.</param>
/// <param name="Repaid">Repaid since the beginning.</param>
/// <param name="Lost">Given up by the committee.</param>
/// <param name="Outstanding">Still owed at the year's end: paid out − repaid − lost.</param>
public sealed record AdvanceMovements(Guid ProjectId, Money PaidInYear, Money PaidOut, Money RepaidInYear, Money Repaid, Money Lost, Money Outstanding);

/// <summary>
/// Bilan des opérations of one year (R15, R19; art. 5.1, 5.3), every figure of it a sum of the journal: pages, documents and
/// spreadsheets read it here, so that they cannot differ.
/// </summary>
/// <param name="Year">The calendar year.</param>
/// <param name="Sums">What the journal moved up to the year's end; later years are left out by who reads them.</param>
public sealed record YearOfBooks(int Year, IReadOnlyList<JournalSum> Sums)
{
    private static readonly MovementKind[] Repaying = [MovementKind.Repayment, MovementKind.Recovery];

    // A dotation booked by mistake is reversed, and was not received.
    private static readonly MovementKind[] Receiving = [MovementKind.EndowmentReceived, MovementKind.Reversal];
    private static readonly MovementKind[] Returning = [MovementKind.EndowmentReturned];

    /// <summary>Fonds d'avances: what came in, was lent, came back, was lost.</summary>
    public IReadOnlyList<BooksFlow> AdvanceFlows =>
    [
        Flow("Dotations reçues", FundAccount.Advances, LedgerAccount.Endowments, Receiving, -1),
        Flow("Dotations rendues", FundAccount.Advances, LedgerAccount.Endowments, Returning, 1),
        Flow("Avances décidées", FundAccount.Advances, LedgerAccount.AdvancesDecided, [MovementKind.AdvanceDecided], -1),
        Flow("Avances versées", FundAccount.Advances, LedgerAccount.AdvancesOutstanding, [MovementKind.AdvancePaid], 1),
        Flow("Remboursements reçus", FundAccount.Advances, LedgerAccount.AdvancesOutstanding, Repaying, -1),
        Flow("Pertes constatées", FundAccount.Advances, LedgerAccount.Losses, [], 1),
        Flow("Récupérations après perte", FundAccount.Advances, LedgerAccount.Recoveries, [], -1),
    ];

    /// <summary>Fonds d'avances: what stood at the year's two ends.</summary>
    public IReadOnlyList<BooksStock> AdvanceStocks =>
    [
        Stock("Avances à recevoir (reste dû)", FundAccount.Advances, LedgerAccount.AdvancesOutstanding),
        Stock("dont échéances échues, à encaisser", FundAccount.Advances, LedgerAccount.InstallmentsDue),
        Stock("Trop-perçus à rendre", FundAccount.Advances, LedgerAccount.ExcessRepayments),
        Stock("Avances décidées, à signer", FundAccount.Advances, LedgerAccount.AdvancesDecided),
        Stock("Avances engagées, à verser", FundAccount.Advances, LedgerAccount.AdvancesCommitted),
        Stock("Banque, fonds d’avances", FundAccount.Advances, LedgerAccount.Bank),
    ];

    /// <summary>Frais de fonctionnement: dotations, and each cost of class 6.</summary>
    public IReadOnlyList<BooksFlow> CostFlows =>
    [
        Flow("Dotations reçues", FundAccount.OperatingCosts, LedgerAccount.Endowments, Receiving, -1),
        Flow("Dotations rendues", FundAccount.OperatingCosts, LedgerAccount.Endowments, Returning, 1),
        .. ChartOfAccounts.Of(FundAccount.OperatingCosts).Where(l => l.Number[0] == '6').Select(l => Flow(l.Label, FundAccount.OperatingCosts, l.Ledger, [], 1)),
    ];

    /// <summary>Frais de fonctionnement: the bank at the year's two ends.</summary>
    public IReadOnlyList<BooksStock> CostStocks => [Stock("Banque, frais de fonctionnement", FundAccount.OperatingCosts, LedgerAccount.Bank)];

    /// <summary>One line of <see cref="AdvanceFlows"/> or <see cref="CostFlows"/>, zero where nothing moved.</summary>
    public BooksFlow Cost(LedgerAccount cost) => CostFlows.Single(f => f.Ledger == cost);

    /// <summary>What each partner gave, whoever gave or committed anything.</summary>
    public IReadOnlyList<PartnerContribution> Contributions() =>
    [
        .. Sums.Where(s => s.PartyId is not null && s.Ledger is LedgerAccount.Endowments or LedgerAccount.DaysCommitted or LedgerAccount.DaysSpent)
            .GroupBy(s => s.PartyId!.Value)
            .Select(g => new PartnerContribution(
                g.Key,
                Sum(g.Where(s => s.Year == Year && s.Account == FundAccount.Advances && IsReceipt(s)), -1),
                Sum(g.Where(s => s.Year == Year && s.Account == FundAccount.OperatingCosts && IsReceipt(s)), -1), Sum(g.Where(IsReceipt), -1),
                g.Where(s => s.Year == Year && s is { Ledger: LedgerAccount.DaysCommitted, Kind: MovementKind.DaysCommitted }).Sum(s => s.HalfDays),
                g.Where(s => s.Year == Year && s.Ledger == LedgerAccount.DaysSpent).Sum(s => s.HalfDays),
                Sum(g.Where(s => s.Year == Year && s.Ledger == LedgerAccount.DaysSpent), 1),
                g.Where(s => s.Ledger == LedgerAccount.DaysSpent).Sum(s => s.HalfDays), Sum(g.Where(s => s.Ledger == LedgerAccount.DaysSpent), 1))),
    ];

    /// <summary>Each advance that was ever paid.</summary>
    public IReadOnlyList<AdvanceMovements> Advances() =>
    [
        .. Sums.Where(s => s.ProjectId is not null && s.Ledger is LedgerAccount.AdvancesOutstanding or LedgerAccount.Losses).GroupBy(s => s.ProjectId!.Value)
            .Select(g => new AdvanceMovements(
                g.Key, Sum(g.Where(s => s.Year == Year && IsPayment(s)), 1), Sum(g.Where(IsPayment), 1), Sum(g.Where(s => s.Year == Year && IsRepayment(s)), -1),
                Sum(g.Where(IsRepayment), -1), Sum(g.Where(s => s.Ledger == LedgerAccount.Losses), 1), Sum(g.Where(s => s.Ledger == LedgerAccount.AdvancesOutstanding), 1))),
    ];

    /// <summary>
    /// What each funder gave to an account, and what went back to it or away in its name: what a final distribution shares by (R16).
    /// </summary>
    public IReadOnlyList<(Guid FunderId, Money Contribution, Money Returned)> Funders(FundAccount account) =>
    [
        .. Sums.Where(s => s.Account == account && s.PartyId is not null && s.Ledger == LedgerAccount.Endowments).GroupBy(s => s.PartyId!.Value)
            .Select(g => (g.Key, Sum(g.Where(IsReceipt), -1), Sum(g.Where(s => Returning.Contains(s.Kind)), 1))).Where(f => f.Item2 > Money.Zero),
    ];

    /// <summary>Balance of a ledger account at the year's end, debits less credits.</summary>
    public Money Balance(FundAccount account, LedgerAccount ledger) => Sum(Sums.Where(s => s.Account == account && s.Ledger == ledger), 1);

    private static bool IsReceipt(JournalSum s) => s.Ledger == LedgerAccount.Endowments && Receiving.Contains(s.Kind);

    private static bool IsPayment(JournalSum s) => s is { Ledger: LedgerAccount.AdvancesOutstanding, Kind: MovementKind.AdvancePaid };

    private static bool IsRepayment(JournalSum s) => s.Ledger == LedgerAccount.AdvancesOutstanding && Repaying.Contains(s.Kind);

    private BooksFlow Flow(string label, FundAccount account, LedgerAccount ledger, MovementKind[] kinds, int sign)
    {
        var moved = Sums.Where(s => s.Account == account && s.Ledger == ledger && (kinds.Length == 0 || kinds.Contains(s.Kind))).ToList();
        return new(label, account, ledger, kinds, Sum(moved.Where(s => s.Year == Year), sign), Sum(moved, sign));
    }

    private BooksStock Stock(string label, FundAccount account, LedgerAccount ledger)
    {
        var sign = ledger.Line().IsCreditNormal ? -1 : 1;
        var all = Sums.Where(s => s.Account == account && s.Ledger == ledger).ToList();
        return new(label, account, ledger, Sum(all.Where(s => s.Year < Year), sign), Sum(all, sign));
    }

    private static Money Sum(IEnumerable<JournalSum> sums, int sign) => Money.Sum(sums.Select(s => s.Balance)) * sign;
}

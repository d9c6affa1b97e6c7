using Alize.Domain.Repayment;
using static Alize.Domain.Accounts.LedgerAccount;
using static Alize.Domain.Accounts.MovementKind;

namespace Alize.Domain.Accounts;

/// <summary>
/// What each event of the programme moves, and between which accounts: dotations promises → appelées → reçues; avances décidées →
/// engagées → versées → échues → remboursées → perdues; journées promises → engagées → passées (R5–R7, R9–R13, art. 4, 5.3, 6.2).
/// The one place that knows it.
/// </summary>
public static class Movements
{
    /// <summary>A funder promises money for a year (Annexe 1).</summary>
    public static Movement Pledged(string key, FundAccount account, Guid funderId, string funder, Money amount, int year, DateOnly on, EntrySource source) =>
        new(EndowmentPledged, account, key, $"Dotation {year} promise par {funder}", on, source, null,
            new Posting(EndowmentsPledged, CommitmentsReceived, amount, funderId));

    /// <summary>The operator calls a promised dotation.</summary>
    public static Movement Called(string key, FundAccount account, Guid funderId, string funder, Money amount, DateOnly on, EntrySource source) =>
        new(EndowmentCalled, account, key, $"Appel de fonds à {funder}", on, source, null,
            new Posting(EndowmentsCalled, EndowmentsPledged, amount, funderId));

    /// <summary>
    /// A dotation reaches the bank; the part of it that had been called, and the part that had been pledged without being called, are
    /// no longer expected.
    /// </summary>
    public static Movement Received(
        string key, FundAccount account, Guid funderId, string funder, Money amount, Money called, Money pledged, DateOnly on, EntrySource source)
    {
        List<Posting> postings = [new(Bank, Endowments, amount, funderId)];
        if (called > Money.Zero) postings.Add(new(CommitmentsReceived, EndowmentsCalled, called, funderId));
        if (pledged > Money.Zero) postings.Add(new(CommitmentsReceived, EndowmentsPledged, pledged, funderId));
        return new(EndowmentReceived, account, key, $"Dotation reçue, {funder}", on, source, null, postings);
    }

    /// <summary>
    /// What remains goes back to a funder, or in its name to a local structure (R16): what is owed to it falls by as much, so that no
    /// euro is shared twice.
    /// </summary>
    public static Movement Returned(string key, FundAccount account, string label, Guid funderId, Money amount, DateOnly on, EntrySource source) =>
        new(EndowmentReturned, account, key, label, on, source, null, new Posting(Endowments, Bank, amount, funderId));

    /// <summary>The committee decides an advance: its credits are taken (R7a).</summary>
    public static Movement Decided(Guid decisionId, string project, Guid companyId, Guid projectId, Money amount, DateOnly on) =>
        new(AdvanceDecided, FundAccount.Advances, $"decided:{decisionId:N}", $"Avance décidée, projet {project}", on,
            new(SourceKind.Decision, decisionId, $"Décision du {FrenchText.Date(on)}, projet {project}"), projectId,
            new Posting(CommitmentsGiven, AdvancesDecided, amount, companyId));

    /// <summary>Its convention is signed by all (R8).</summary>
    public static Movement Committed(Guid conventionId, string project, Guid companyId, Guid projectId, Money amount, DateOnly on) =>
        new(AdvanceCommitted, FundAccount.Advances, $"committed:{conventionId:N}", $"Avance engagée, convention signée, projet {project}", on,
            new(SourceKind.Document, conventionId, $"Convention de coopération et développement, projet {project}"), projectId,
            new Posting(AdvancesDecided, AdvancesCommitted, amount, companyId));

    /// <summary>What was decided and will not be paid gives its credits back.</summary>
    public static Movement Released(
        string key, string project, Guid companyId, Guid projectId, Money decided, Money committed, string reason, DateOnly on, EntrySource source)
    {
        List<Posting> postings = [];
        if (decided > Money.Zero) postings.Add(new(AdvancesDecided, CommitmentsGiven, decided, companyId));
        if (committed > Money.Zero) postings.Add(new(AdvancesCommitted, CommitmentsGiven, committed, companyId));
        return new(AdvanceReleased, FundAccount.Advances, key, $"Crédits rendus, projet {project} : {reason}", on, source, projectId, postings);
    }

    /// <summary>An advance, or a part of it, is paid out of what the project holds as committed.</summary>
    public static Movement Paid(string key, string reference, Guid companyId, Guid projectId, Money amount, Money held, DateOnly on, EntrySource source)
    {
        List<Posting> postings = [new(AdvancesOutstanding, Bank, amount, companyId)];
        if (Money.Min(amount, held) is { Cents: > 0 } part) postings.Add(new(AdvancesCommitted, CommitmentsGiven, part, companyId));
        return new(AdvancePaid, FundAccount.Advances, key, $"Versement de l’avance {reference}", on, source, projectId, postings);
    }

    /// <summary>Instalments fall due (a positive change), or are no longer due: repaid, rescheduled, given up.</summary>
    public static Movement Due(string key, string reference, Guid companyId, Guid projectId, Money change, DateOnly on, EntrySource source) =>
        new(MovementKind.InstallmentsDue, FundAccount.Advances, key,
            change > Money.Zero ? $"Échéances échues de l’avance {reference}" : $"Échéances réglées ou reportées de l’avance {reference}", on, source, projectId,
            change > Money.Zero
                ? new Posting(LedgerAccount.InstallmentsDue, CommitmentsReceived, change, companyId)
                : new Posting(CommitmentsReceived, LedgerAccount.InstallmentsDue, -change, companyId));

    /// <summary>
    /// A company repays: what is owed first, then on what had been lost, the rest is its own. A receipt that is taken back changes the
    /// same three the other way.
    /// </summary>
    public static Movement Repaid(
        string key, string label, Guid companyId, Guid projectId, AdvancePosition before, AdvancePosition after, DateOnly on, EntrySource source)
    {
        List<Posting> postings = [];
        Change(AdvancesOutstanding, after.Repaid - before.Repaid);
        Change(Recoveries, after.Recovered - before.Recovered);
        Change(ExcessRepayments, after.Excess - before.Excess);
        return new(after.Recovered > before.Recovered ? Recovery : MovementKind.Repayment, FundAccount.Advances, key, label, on, source, projectId, postings);

        void Change(LedgerAccount account, Money change)
        {
            if (change > Money.Zero) postings.Add(new(Bank, account, change, companyId));
            if (change < Money.Zero) postings.Add(new(account, Bank, -change, companyId));
        }
    }

    /// <summary>An excess goes back to the company.</summary>
    public static Movement ExcessGivenBack(string key, string reference, Guid companyId, Guid projectId, Money amount, DateOnly on, EntrySource source) =>
        new(ExcessReturned, FundAccount.Advances, key, $"Trop-perçu rendu, avance {reference}", on, source, projectId,
            new Posting(ExcessRepayments, Bank, amount, companyId));

    /// <summary>The committee gives up what a company still owes.</summary>
    public static Movement Lost(string key, string reference, Guid companyId, Guid projectId, Money amount, DateOnly on, EntrySource source) =>
        new(Loss, FundAccount.Advances, key, $"Perte constatée sur l’avance {reference}", on, source, projectId,
            new Posting(Losses, AdvancesOutstanding, amount, companyId));

    /// <summary>An operating cost is paid, to one of the accounts of class 6.</summary>
    public static Movement Spent(string key, LedgerAccount cost, string label, Money amount, Guid? payeeId, DateOnly on, EntrySource source) =>
        new(Expense, FundAccount.OperatingCosts, key, label, on, source, null, new Posting(cost, Bank, amount, payeeId));

    /// <summary>A partner's subsidised loan, or what was repaid on it (a negative change): followed beside the accounts.</summary>
    public static Movement Lent(string key, string label, Guid lenderId, Guid projectId, Money change, DateOnly on, EntrySource source) =>
        new(SubsidisedLoan, FundAccount.Advances, key, label, on, source, projectId,
            change > Money.Zero ? new Posting(SubsidisedLoans, CommitmentsReceived, change, lenderId) : new Posting(CommitmentsReceived, SubsidisedLoans, -change, lenderId));

    /// <summary>A partner promises days for a year (Annexe 1).</summary>
    public static Movement PledgedDays(string key, Guid partnerId, string partner, int halfDays, Money value, int year, DateOnly on, EntrySource source) =>
        new(MovementKind.DaysPledged, FundAccount.Competences, key, $"Journées {year} promises par {partner}", on, source, null,
            new Posting(LedgerAccount.DaysPledged, CommitmentsReceived, value, partnerId, halfDays));

    /// <summary>A decision commits a partner's days (R5, R20).</summary>
    public static Movement CommittedDays(Guid commitmentId, Guid decisionId, string field, Guid partnerId, Guid projectId, int halfDays, Money value, DateOnly on) =>
        new(MovementKind.DaysCommitted, FundAccount.Competences, $"days:{commitmentId:N}", $"Appui engagé : {field}", on,
            new(SourceKind.Decision, decisionId, $"Décision du {FrenchText.Date(on)}"), projectId,
            new Posting(LedgerAccount.DaysCommitted, CommitmentsReceived, value, partnerId, halfDays));

    /// <summary>
    /// Days are spent, at the rate of their day; the half-days of the commitment they fulfil, at most those left in it, leave it at the
    /// value they had there.
    /// </summary>
    public static Movement SpentDays(
        string key, string field, Guid partnerId, Guid projectId, int halfDays, Money value, int fulfilled, Money committedValue, DateOnly on, EntrySource source)
    {
        List<Posting> postings = [new(LedgerAccount.DaysSpent, DaysContributed, value, partnerId, halfDays)];
        if (fulfilled > 0) postings.Add(new(CommitmentsReceived, LedgerAccount.DaysCommitted, committedValue, partnerId, fulfilled));
        return new(MovementKind.DaysSpent, FundAccount.Competences, key, $"Temps passé : {field}", on, source, projectId, postings);
    }

    /// <summary>Days committed that will not be spent.</summary>
    public static Movement ReleasedDays(string key, string field, Guid partnerId, Guid projectId, int halfDays, Money value, string reason, DateOnly on, EntrySource source) =>
        new(DaysReleased, FundAccount.Competences, key, $"Appui non utilisé : {field} ({reason})", on, source, projectId,
            new Posting(CommitmentsReceived, LedgerAccount.DaysCommitted, value, partnerId, halfDays));
}

using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>One account of the chart, in one of the books.</summary>
public sealed record AccountBalance(ChartLine Line, Money Balance, int HalfDays)
{
    /// <summary>On the side where this account usually stands; negative where it stands on the other.</summary>
    public Money Shown => Line.IsCreditNormal ? -Balance : Balance;

    /// <summary>Half-days, on the same side.</summary>
    public int ShownHalfDays => Line.IsCreditNormal ? -HalfDays : HalfDays;
}

/// <summary>One of the books: its balances, and the two sums that must be equal.</summary>
public sealed record AccountBalances(FundAccount Account, IReadOnlyList<AccountBalance> Balances, Money Debits, Money Credits);

/// <summary>
/// The two accounts and the days (R9, R11), with the journal (R19), newest first. Every balance opens its movements, every movement its
/// entry and what it rests on.
/// </summary>
public sealed class IndexModel(AlizeDb db, Ledger ledger, Books books, EntryNames names) : ProgrammePage
{
    private const int Entries = 30;

    [BindProperty(SupportsGet = true)]
    public FundAccount? Account { get; set; }

    /// <summary>Place in the chain of the last entry of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    /// <summary>Balances at the end of that day; null for all that is booked.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? At { get; set; }

    public IReadOnlyList<AccountBalances> Accounts { get; private set; } = [];

    public Money CreditsAvailable { get; private set; }

    public DateOnly? ClosedThrough { get; private set; }

    public IReadOnlyList<JournalEntry> Journal { get; private set; } = [];

    public long? NextBefore { get; private set; }

    public EntryNames Names => names;

    // As typed.
    public string Through { get; private set; } = "";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostCloseAsync(string? through, CancellationToken cancel)
    {
        Through = through ?? "";
        var problems = Typed.Day(Through) is { } day
            ? await books.CloseAsync(ProgrammeId, day, By, cancel)
            : [new("through", "Indiquez le dernier jour à arrêter, par exemple 31/12/2026.")];
        if (problems.Count > 0)
        {
            await LoadAsync(cancel);
            return Refused(problems);
        }

        Say("Les comptes sont arrêtés. Aucun mouvement n’entre plus dans ces jours ; une correction se fait dans la période ouverte.");
        return Redirect($"{Root}/accounts");
    }

    /// <summary>The journal as a spreadsheet, a line each.</summary>
    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        var entries = db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == ProgrammeId);
        if (Account is { } one) entries = entries.Where(e => e.Account == one);
        var found = await entries.OrderBy(e => e.Sequence).ToListAsync(cancel);
        await names.LoadAsync(ProgrammeId, found, cancel);
        var sheet = new Sheet("Année", "N°", "Date", "Compte", "Libellé", "N° de compte", "Intitulé", "Tiers", "Débit (€)", "Crédit (€)", "Demi-journées débit", "Demi-journées crédit", "Pièce", "Date de pièce", "Projet", "Par");
        foreach (var entry in found)
            foreach (var line in entry.Lines)
                sheet.Row(
                    entry.Year, entry.Number, entry.BookedOn, entry.Account.French(), entry.Label, line.Ledger.NumberIn(entry.Account), line.Ledger.French(), names.Party(line.PartyId),
                    line.Debit, line.Credit, line.DebitHalfDays, line.CreditHalfDays, entry.SourceReference, entry.SourceOn, names.Project(entry), entry.BookedBy);
        return sheet.File("Journal");
    }

    /// <summary>The balances as a spreadsheet.</summary>
    public async Task<IActionResult> OnGetBalancesAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("Compte", "N° de compte", "Intitulé", "Solde débiteur (€)", "Solde créditeur (€)", "Journées");
        foreach (var account in Accounts)
            foreach (var balance in account.Balances)
                sheet.Row(
                    account.Account.French(), balance.Line.Ledger.NumberIn(account.Account), balance.Line.Label, balance.Balance > Money.Zero ? balance.Balance : Money.Zero,
                    balance.Balance < Money.Zero ? -balance.Balance : Money.Zero, balance.HalfDays / 2m);
        return sheet.File("Balance");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        CreditsAvailable = await ledger.CreditsAvailableAsync(ProgrammeId, cancel);
        ClosedThrough = await ledger.ClosedThroughAsync(ProgrammeId, cancel);
        var balances = await ledger.BalancesAsync(ProgrammeId, At, cancel);
        Accounts = [.. Enum.GetValues<FundAccount>().Select(account => Of(account, balances))];

        var entries = db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == ProgrammeId);
        if (Account is { } one) entries = entries.Where(e => e.Account == one);
        if (Before is { } last) entries = entries.Where(e => e.Sequence < last);
        var found = await entries.OrderByDescending(e => e.Sequence).Take(Entries + 1).ToListAsync(cancel);
        Journal = [.. found.Take(Entries)];
        if (found.Count > Entries) NextBefore = Journal[^1].Sequence;
        await names.LoadAsync(ProgrammeId, Journal, cancel);
    }

    private static AccountBalances Of(FundAccount account, IEnumerable<LedgerBalance> balances)
    {
        var of = balances.Where(b => b.Account == account).ToList();
        return new(
            account,
            [.. ChartOfAccounts.Of(account).Select(line => new AccountBalance(
                line, Money.Sum(of.Where(b => b.Ledger == line.Ledger).Select(b => b.Balance)), of.Where(b => b.Ledger == line.Ledger).Sum(b => b.HalfDays)))],
            Money.Sum(of.Select(b => b.Debits)),
            Money.Sum(of.Select(b => b.Credits)));
    }
}

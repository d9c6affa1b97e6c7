using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>The second account: what it paid, with the ceilings of ASTREES's contribution and of the operator's fee (R9, R12, R13).</summary>
public sealed class CostsModel(AlizeDb db, Ledger ledger, Endowments endowments) : FormPage
{
    public Money Balance { get; private set; }

    public Money NetworkInYear { get; private set; }

    public Money NetworkInAll { get; private set; }

    public Money FeeInYear { get; private set; }

    public IReadOnlyList<JournalEntry> Entries { get; private set; } = [];

    public IReadOnlyList<SelectListItem> CostItems { get; } =
        [.. ChartOfAccounts.Of(FundAccount.OperatingCosts).Where(l => l.Number[0] == '6').Select(l => new SelectListItem(l.Label, l.Ledger.ToString()))];

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(LedgerAccount cost, string? label, string? spent, string? spentOn, string? document, CancellationToken cancel)
    {
        IReadOnlyList<Problem> problems =
            !Money.TryParse(spent, out var amount) ? [new("spent", $"« {spent} » n’est pas un montant. Écrivez par exemple 6 000.")]
            : Look.Typed.Day(spentOn) is not { } day ? [new("spentOn", "Indiquez le jour du paiement.")]
            : await endowments.SpendAsync(ProgrammeId, cost, label ?? "", amount, day, document ?? "", By, cancel);
        if (problems.Count > 0) await LoadAsync(cancel);
        return Done(problems, "La dépense est inscrite au journal du compte de fonctionnement.", $"{Root}/accounts/costs");
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("Payé le", "N°", "Nature", "Libellé", "Montant (€)", "Pièce", "Par");
        foreach (var entry in Entries) sheet.Row(entry.BookedOn, EntryNames.Number(entry), Cost(entry), entry.Label, entry.Amount, entry.SourceReference, entry.BookedBy);
        return sheet.File("Frais de fonctionnement");
    }

    public static string Cost(JournalEntry entry) =>
        entry.Lines.Select(l => l.Ledger).FirstOrDefault(l => l.Line().Number[0] == '6', LedgerAccount.Expenses).French();

    private async Task LoadAsync(CancellationToken cancel)
    {
        Balance = await ledger.BalanceAsync(ProgrammeId, FundAccount.OperatingCosts, LedgerAccount.Bank, cancel);
        NetworkInAll = await ledger.BalanceAsync(ProgrammeId, FundAccount.OperatingCosts, LedgerAccount.NetworkContribution, cancel);
        NetworkInYear = NetworkInAll - await BeforeAsync(LedgerAccount.NetworkContribution, cancel);
        FeeInYear = await ledger.BalanceAsync(ProgrammeId, FundAccount.OperatingCosts, LedgerAccount.OperatorFee, cancel) - await BeforeAsync(LedgerAccount.OperatorFee, cancel);
        Entries = await db.JournalEntries.AsNoTracking()
            .Where(e => e.ProgrammeId == ProgrammeId && e.Account == FundAccount.OperatingCosts && (e.Kind == MovementKind.Expense || (e.Kind == MovementKind.Reversal && e.Lines.Any(l => l.Ledger != LedgerAccount.Endowments))))
            .OrderByDescending(e => e.Sequence).Take(200).ToListAsync(cancel);
    }

    private async Task<Money> BeforeAsync(LedgerAccount cost, CancellationToken cancel) =>
        Money.Sum((await ledger.BalancesAsync(ProgrammeId, new DateOnly(Clock.Today.Year - 1, 12, 31), cancel)).Where(b => b.Ledger == cost).Select(b => b.Balance));
}

using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>What one partner promised, was asked for, gave and spent.</summary>
/// <param name="Id">The partner.</param>
/// <param name="Name">Its name.</param>
/// <param name="ByYear">Euros and half-days promised, by year of Annexe 1.</param>
/// <param name="Called">Called and not yet received.</param>
/// <param name="Received">Received.</param>
/// <param name="HalfDaysCommitted">Committed by decisions and not yet spent.</param>
/// <param name="HalfDaysSpent">Spent.</param>
public sealed record PartnerPledges(
    Guid Id, string Name, IReadOnlyDictionary<int, (Money Euros, int HalfDays)> ByYear, Money Called, Money Received, int HalfDaysCommitted, int HalfDaysSpent)
{
    public Money Euros => Money.Sum(ByYear.Values.Select(v => v.Euros));

    public int HalfDays => ByYear.Values.Sum(v => v.HalfDays);
}

/// <summary>Annexe 1 as it is lived: pledges by partner and year in euros and days, calls for funds, what came in (R9, R10, R15).</summary>
public sealed class PledgesModel(AlizeDb db, Ledger ledger, Endowments endowments) : FormPage
{
    public IReadOnlyList<int> Years { get; private set; } = [];

    public IReadOnlyList<PartnerPledges> Partners { get; private set; } = [];

    public IReadOnlyList<FundsCall> Calls { get; private set; } = [];

    /// <summary>The letter of each call.</summary>
    public IReadOnlyDictionary<Guid, Guid> Letters { get; private set; } = new Dictionary<Guid, Guid>();

    public (Money Cdc, Money Others, Money Highest) Cdc { get; private set; }

    public IReadOnlyList<SelectListItem> PartnerItems { get; private set; } = [];

    public IReadOnlyList<SelectListItem> AccountItems { get; } =
        [.. FundAccountNames.WithMoney.Select(a => new SelectListItem(a.French(), a.ToString()))];

    public IReadOnlyList<SelectListItem> YearItems => [.. Years.Select(y => new SelectListItem($"{y}", $"{y}"))];

    public string PartnerName(Guid id) => Partners.FirstOrDefault(p => p.Id == id)?.Name ?? "–";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostPledgeAsync(Guid partnerId, int year, FundAccount account, string? amount, string? days, CancellationToken cancel)
    {
        var halfDays = Look.Typed.HalfDays(days);
        if (!TryAmount(amount, out var euros)) return await RefusedAsync([new("amount", $"« {amount} » n’est pas un montant. Écrivez par exemple 60 000.")], cancel);
        if (halfDays is null) return await RefusedAsync([new("days", $"« {days} » n’est pas un nombre de journées. Écrivez par exemple 30 ou 2,5.")], cancel);
        var problems = await endowments.PledgeAsync(ProgrammeId, partnerId, year, account, euros, halfDays.Value, By, cancel);
        return problems.Count > 0 ? await RefusedAsync(problems, cancel) : Done("La promesse est enregistrée.");
    }

    public async Task<IActionResult> OnPostCallAsync(Guid callPartnerId, int callYear, FundAccount callAccount, string? callAmount, string? report, CancellationToken cancel)
    {
        if (!TryAmount(callAmount, out var euros)) return await RefusedAsync([new("callAmount", $"« {callAmount} » n’est pas un montant. Écrivez par exemple 20 000.")], cancel);
        var problems = await endowments.CallAsync(ProgrammeId, callPartnerId, callYear, callAccount, euros, report ?? "", By, cancel);
        return problems.Count > 0 ? await RefusedAsync(problems, cancel) : Done("L’appel de fonds est parti par courriel et inscrit au journal.");
    }

    public async Task<IActionResult> OnPostReceiveAsync(Guid callId, string? receivedAmount, string? receivedDay, string? receivedReference, CancellationToken cancel)
    {
        if (!TryAmount(receivedAmount, out var euros)) return await RefusedAsync([new("receivedAmount", $"« {receivedAmount} » n’est pas un montant. Écrivez par exemple 20 000.")], cancel);
        if (Look.Typed.Day(receivedDay) is not { } day) return await RefusedAsync([new("receivedDay", "Indiquez le jour où la banque a reçu le virement.")], cancel);
        var problems = await endowments.ReceiveAsync(ProgrammeId, callId, euros, day, receivedReference ?? "", By, cancel);
        return problems.Count > 0 ? await RefusedAsync(problems, cancel) : Done("La dotation reçue est inscrite au journal.");
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet([
            "Partenaire", .. Years.SelectMany(y => new[] { $"Promis {y} (€)", $"Promis {y} (journées)" }), "Appelé, à recevoir (€)", "Reçu (€)", "Journées engagées, à passer", "Journées passées",
        ]);
        foreach (var partner in Partners)
            sheet.Row([
                partner.Name, .. Years.SelectMany(y => new object?[] { partner.ByYear.GetValueOrDefault(y).Euros, partner.ByYear.GetValueOrDefault(y).HalfDays / 2m }), partner.Called,
                partner.Received, partner.HalfDaysCommitted / 2m, partner.HalfDaysSpent / 2m,
            ]);
        return sheet.File("Dotations");
    }

    public async Task<IActionResult> OnGetCallsAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("Appel", "Partenaire", "Année", "Compte", "Appelé le", "Montant (€)", "Reçu (€)", "Rapport joint", "Par");
        foreach (var call in Calls)
            sheet.Row(call.Reference, PartnerName(call.PartnerId), call.Year, call.Account.French(), call.CalledOn, call.Amount, call.Received, call.Report, call.CalledBy);
        return sheet.File("Appels de fonds");
    }

    private static bool TryAmount(string? text, out Money amount)
    {
        amount = Money.Zero;
        return string.IsNullOrWhiteSpace(text) || Money.TryParse(text, out amount);
    }

    private RedirectResult Done(string sentence)
    {
        Say(sentence);
        return Redirect($"{Root}/accounts/pledges");
    }

    private async Task<IActionResult> RefusedAsync(IReadOnlyList<Problem> problems, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        return Again(problems);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Years = [.. Enumerable.Range(Programme.SignedOn.Year, Programme.EndsOn.Year - Programme.SignedOn.Year + 1)];
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).OrderBy(p => p.Kind).ThenBy(p => p.Name).ToListAsync(cancel);
        PartnerItems = [.. partners.Select(p => new SelectListItem(p.Name, p.Id.ToString()))];
        var pledges = await db.Pledges.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToListAsync(cancel);
        var balances = await ledger.BalancesAsync(ProgrammeId, null, cancel);
        Partners =
        [
            .. partners.Select(p => new PartnerPledges(
                    p.Id, p.Name,
                    pledges.Where(x => x.PartnerId == p.Id).GroupBy(x => x.Year).ToDictionary(g => g.Key, g => (Money.Sum(g.Select(x => x.Amount)), g.Sum(x => x.HalfDays))),
                    Of(p.Id, LedgerAccount.EndowmentsCalled), -Of(p.Id, LedgerAccount.Endowments), Days(p.Id, LedgerAccount.DaysCommitted), Days(p.Id, LedgerAccount.DaysSpent)))
                .Where(p => p.ByYear.Count > 0 || p.Received != Money.Zero || p.HalfDaysCommitted + p.HalfDaysSpent != 0),
        ];
        Calls = await db.FundsCalls.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId).OrderByDescending(c => c.CalledOn).ThenByDescending(c => c.Reference).ToListAsync(cancel);
        var calls = Calls.Select(c => c.Id).ToList();
        Letters = await db.Documents.Where(d => d.ProgrammeId == ProgrammeId && d.SubjectId != null && calls.Contains(d.SubjectId.Value)).Select(d => new { Call = d.SubjectId!.Value, d.Id }).ToDictionaryAsync(d => d.Call, d => d.Id, cancel);
        Cdc = await endowments.CdcAsync(Programme, cancel);

        Money Of(Guid id, LedgerAccount account) => Money.Sum(balances.Where(b => b.PartyId == id && b.Ledger == account).Select(b => b.Balance));
        int Days(Guid id, LedgerAccount account) => balances.Where(b => b.PartyId == id && b.Ledger == account).Sum(b => b.HalfDays);
    }
}

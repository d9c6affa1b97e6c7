using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts.Bank;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace Alize.Web.Pages.Bank;

/// <summary>What somebody typed for one account.</summary>
public sealed record TypedAccount(FundAccount Account, string Holder, string Iban, string Bic);

/// <summary>The IBAN of each of the two accounts (R9).</summary>
public sealed class AccountsModel(BankAccounts accounts) : ProgrammePage
{
    public IReadOnlyList<BankAccount> Known { get; private set; } = [];

    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    public TypedAccount Typed { get; private set; } = new(FundAccount.Advances, "", "", "");

    public IReadOnlyList<SelectListItem> Choices { get; } = [.. FundAccountNames.WithMoney.Select(a => new SelectListItem(a.French(), a.ToString()))];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Known = await accounts.AllAsync(ProgrammeId, cancel);
        var missing = FundAccountNames.WithMoney.FirstOrDefault(a => Known.All(k => k.Account != a));
        Typed = new(missing, Known.Count > 0 ? Known[^1].Holder : "", "", "");
    }

    public async Task<IActionResult> OnPostAsync(FundAccount account, string? holder, string? iban, string? bic, CancellationToken cancel)
    {
        if (!FundAccountNames.WithMoney.Contains(account)) return BadRequest();
        Typed = new(account, holder ?? "", iban ?? "", bic ?? "");
        var (refusals, problems) = await accounts.EnterAsync(ProgrammeId, account, Typed.Holder, Typed.Iban, Typed.Bic, By, cancel);
        Known = await accounts.AllAsync(ProgrammeId, cancel);
        Refusals = refusals;
        if (refusals.Count > 0 || problems.Count > 0) return Refused(problems);
        Say("Le compte bancaire est enregistré.");
        return Redirect($"{Root}/bank/accounts");
    }
}

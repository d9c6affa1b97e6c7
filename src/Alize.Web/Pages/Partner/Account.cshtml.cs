using Alize.Data;
using Alize.Domain.Repayment;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Mail;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace Alize.Web.Pages.Partner;

/// <summary>
/// What the link of a repayment mail opens: the company's advance, its schedule, what is paid, due and overdue; and on demand its
/// statement, as a file or by mail (R6). Looking changes nothing.
/// </summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class AccountModel(TaskLinks links, AccountStatements statements, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    public IReadOnlyList<CompanyAccount> Accounts { get; private set; } = [];

    /// <summary>Whether a statement was sent by mail just now.</summary>
    [BindProperty(SupportsGet = true, Name = "sent")]
    public bool IsSent { get; set; }

    public DateOnly Today => Clock.Today;

    public string Address => Masked(Visit.Contact!.Email);

    public string StateWords(Installment installment) => IsEnglish
        ? installment.IsSettled ? "Paid" : installment.CollectOn < Today ? "Overdue" : installment.CollectOn == Today ? "Due today" : "To come"
        : char.ToUpperInvariant(AccountStatements.StateOf(installment, Today)[0]) + AccountStatements.StateOf(installment, Today)[1..];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    /// <summary>The statement as a file.</summary>
    public async Task<IActionResult> OnPostDownloadAsync(string? reference, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Accounts.FirstOrDefault(a => a.Advance.Reference == reference) is not { } account) return NotFound();
        var document = await statements.MakeAsync(account, Visit.By, cancel);
        return File(document.Content, "application/pdf", document.FileName);
    }

    /// <summary>The statement by mail, to the rightful address alone.</summary>
    public async Task<IActionResult> OnPostMailAsync(string? reference, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Accounts.FirstOrDefault(a => a.Advance.Reference == reference) is not { } account) return NotFound();
        await statements.SendAsync(account, Visit.Contact!, Visit.By, cancel);
        return Redirect($"/a/{Token}?sent=true");
    }

    /// <returns>What to answer instead of the page; null when the link opens it.</returns>
    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is not { Fate: LinkFate.Usable, Link.Purpose: MailLinks.Account, Contact: { } contact })
            return Visit is { Fate: LinkFate.Usable } ? Redirect($"/t/{Token}") : Closed();
        if (!contact.IsActiveOn(Today)) return Withdrawn();
        Accounts = await statements.OfAsync(contact, cancel);
        return Accounts.Count == 0 ? Withdrawn() : null;
    }
}

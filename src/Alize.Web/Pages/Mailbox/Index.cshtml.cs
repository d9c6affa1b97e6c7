using Alize.Web.Look;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Mailbox;

/// <summary>The mails that were written to a folder instead of being sent; in development only, for they hold every personal link.</summary>
public sealed class IndexModel(DevelopmentPages development, DevelopmentMailbox mailbox) : PageModel
{
    public const int Most = 200;

    public IReadOnlyList<MailboxMessage> Messages { get; private set; } = [];

    public bool IsCut => Messages.Count == Most;

    public IActionResult OnGet()
    {
        if (!development.HasMailbox) return NotFound();
        Messages = mailbox.List(Most);
        return Page();
    }

    /// <summary>The name and address, without the quotation marks that mail puts around names with accents.</summary>
    public static string AddressOf(string header) => header.Replace("\"", "", StringComparison.Ordinal);
}

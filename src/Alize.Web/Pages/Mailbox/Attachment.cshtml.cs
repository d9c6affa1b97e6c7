using Alize.Web.Look;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Mailbox;

/// <summary>A file that goes with a mail of the development mailbox, to be saved.</summary>
public sealed class AttachmentModel(DevelopmentPages development, DevelopmentMailbox mailbox) : PageModel
{
    public IActionResult OnGet(string id, int number) =>
        development.HasMailbox && mailbox.Attachment(id, number) is { } file ? File(file.Content, file.Type, file.Name) : NotFound();
}

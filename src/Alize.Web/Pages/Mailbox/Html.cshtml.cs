using System.Net.Mime;
using Alize.Web.Hosting;
using Alize.Web.Look;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Mailbox;

/// <summary>A mail's HTML part, for the frame of its page: no script, no network, its links open in the whole window.</summary>
public sealed class HtmlModel(DevelopmentPages development, DevelopmentMailbox mailbox) : PageModel
{
    public IActionResult OnGet(string id)
    {
        if (!development.HasMailbox || mailbox.Find(id) is not { Html.Length: > 0 } message) return NotFound();
        Response.Headers.ContentSecurityPolicy = SecurityHeaders.MailBody;
        Response.Headers.XFrameOptions = "SAMEORIGIN";

        // An answer page inside the frame would be refused by its own headers.
        return Content(message.Html.Replace("<head>", "<head><base target=\"_top\">", StringComparison.Ordinal), $"{MediaTypeNames.Text.Html}; charset=utf-8");
    }
}

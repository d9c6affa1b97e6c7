using System.Text.RegularExpressions;
using Alize.Web.Look;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Alize.Web.Pages.Mailbox;

/// <summary>A piece of a text, an address or the words between two.</summary>
public sealed record TextRun(string Text, bool IsLink);

/// <summary>One mail of the development mailbox, as received and as text.</summary>
public sealed partial class MessageModel(DevelopmentPages development, DevelopmentMailbox mailbox) : PageModel
{
    public MailboxMessage? Message { get; private set; }

    public IEnumerable<TextRun> TextWithLinks =>
        Address().Split(Message?.Text ?? "").Select(text => new TextRun(text, Address().IsMatch(text)));

    public IActionResult OnGet(string id)
    {
        Message = development.HasMailbox ? mailbox.Find(id) : null;
        return Message is null ? NotFound() : Page();
    }

    // In a group of its own, so that Split keeps the addresses.
    [GeneratedRegex(@"(https?://[^\s<>""]+)")]
    private static partial Regex Address();
}

using Alize.Workflows.Mail;
using Microsoft.Extensions.Options;

namespace Alize.Web.Look;

/// <summary>Pages that exist for development only: the mailbox shows every personal link, so it opens nowhere else.</summary>
public sealed class DevelopmentPages(IHostEnvironment host, IOptions<MailOptions> mail)
{
    public bool HasMailbox { get; } = host.IsDevelopment() && mail.Value.IsDevelopmentMailbox;
}

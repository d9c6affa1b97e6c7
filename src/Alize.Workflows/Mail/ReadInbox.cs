using System.Runtime.Serialization;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Mail;

/// <summary>
/// Reads the mailbox: each new mail is acted on in a unit of work of its own and marked as read after it. A crash in between reads it
/// again, which changes nothing: an answer given twice is one answer.
/// </summary>
public sealed class ReadInbox(IServiceScopeFactory scopes, IOptions<InboxOptions> options, ILogger<ReadInbox> log)
{
    private const int MailsARound = 50;

    /// <summary>A calendar answer or a delivery report is small; what is larger is a person's mail, for a person to read.</summary>
    private const uint LargestBytes = 1024 * 1024;

    /// <returns>How many mails were acted on.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var inbox = options.Value;
        if (!inbox.IsRead) return 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(inbox.Timeout);
        using var client = new ImapClient { Timeout = (int)inbox.Timeout.TotalMilliseconds };
        await client.ConnectAsync(inbox.Host, inbox.Port, inbox.Security.ToSocketOptions(), limit.Token);
        await client.AuthenticateAsync(inbox.User, inbox.Password, limit.Token);
        var folder = await client.GetFolderAsync(inbox.Folder, limit.Token);
        await folder.OpenAsync(FolderAccess.ReadWrite, limit.Token);
        var done = 0;
        var unread = (await folder.SearchAsync(SearchQuery.NotSeen, limit.Token)).Take(MailsARound).ToList();
        foreach (var summary in await folder.FetchAsync(unread, MessageSummaryItems.Size | MessageSummaryItems.UniqueId, limit.Token))
        {
            if (summary.Size <= LargestBytes && await ActOnAsync(folder, summary.UniqueId, limit.Token)) done++;
            await folder.AddFlagsAsync(summary.UniqueId, MessageFlags.Seen, silent: true, limit.Token);
        }

        await client.DisconnectAsync(quit: true, limit.Token);
        return done;
    }

    private async Task<bool> ActOnAsync(IMailFolder folder, UniqueId id, CancellationToken cancel)
    {
        try
        {
            using var message = await folder.GetMessageAsync(id, cancel);
            await using var scope = scopes.CreateAsyncScope();
            var fate = await scope.ServiceProvider.GetRequiredService<IncomingMails>().TakeAsync(message, cancel);
            if (fate != IncomingFate.Ignored) log.LogInformation("Acted on incoming mail {Uid}: {Fate}", id.Id, fate);
            return fate != IncomingFate.Ignored;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or SerializationException)
        {
            // Anybody may send anything here: what cannot be read is left to the people who read this mailbox.
            log.LogWarning("Incoming mail {Uid} could not be read ({Reason}) and was left alone", id.Id, e.GetType().Name);
            return false;
        }
    }
}

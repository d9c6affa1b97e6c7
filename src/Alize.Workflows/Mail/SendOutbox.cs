using Alize.Data;
using Alize.Data.Outbox;
using Alize.Data.Signatures;
using Alize.Data.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Mail;

/// <summary>
/// Hands over the mails that are due. Each is claimed first, by moving its <see cref="OutboxMail.NotBefore"/> under the
/// condition that nobody else did: two senders never hand over the same one. A claim counts as a failed try until its outcome is
/// recorded, so a crash in between shows in <see cref="OutboxMail.Attempts"/>, and the mail goes again with the same Message-Id.
/// </summary>
public sealed class SendOutbox(AlizeDb db, MailMessages messages, IMailTransport transport, IOptions<MailOptions> options, TimeProvider time, ILogger<SendOutbox> log)
{
    private const int BatchSize = 50;
    private const string OutcomeUnknown = "Claimed, and no outcome recorded: it may have been handed over.";

    /// <summary>A mail that could not be handed over for so long is given up.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    /// <summary>Waits after the first failed tries; every hour from then on.</summary>
    private static readonly int[] BackoffMinutes = [1, 5, 15, 60];

    /// <summary>
    /// A claim lasts for so many times the longest hand-over: long enough for the sender to begin its hand-over before the last of
    /// them, short enough that the mail of a sender that was killed is not late for long (90 s by default).
    /// </summary>
    private const int LeaseInTimeouts = 3;

    private enum Progress
    {
        NotOurs,
        Withdrawn,
        Sent,
        Failed,
        Unreachable,
    }

    /// <returns>How many mails were handed over.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (db.ChangeTracker.HasChanges())
            throw new InvalidOperationException("SendOutbox was given a DbContext with unsaved changes; run it in a scope of its own, after the commit.");
        var sent = 0;
        try
        {
            while (await DueAsync(cancel) is { Count: > 0 } batch)
            {
                foreach (var mail in batch)
                {
                    var progress = await SendAsync(mail, cancel);
                    if (progress == Progress.Sent) sent++;

                    // The other mails keep their turn and their tries: nothing is wrong with them.
                    if (progress == Progress.Unreachable) return sent;
                }
            }

            return sent;
        }
        finally
        {
            await transport.CloseAsync(cancel);
        }
    }

    private Task<List<OutboxMail>> DueAsync(CancellationToken cancel)
    {
        var now = Now;
        return db.OutboxMails.AsNoTracking()
            .Where(m => m.State == MailState.Waiting && m.NotBefore <= now)
            .OrderBy(m => m.NotBefore).ThenBy(m => m.CreatedAt).ThenBy(m => m.Id)
            .Take(BatchSize).ToListAsync(cancel);
    }

    private async Task<Progress> SendAsync(OutboxMail mail, CancellationToken cancel)
    {
        if (!await ClaimAsync(mail, cancel)) return Progress.NotOurs;
        if (await IsOutdatedAsync(mail, cancel))
        {
            await Claimed(mail).ExecuteUpdateAsync(set => set
                .SetProperty(m => m.State, MailState.Withdrawn).SetProperty(m => m.Attempts, m => m.Attempts - 1).SetProperty(m => m.LastError, (string?)null), cancel);
            log.LogInformation("Withdrew mail {MailId} ({Mail}): no longer true", mail.Id, mail.Name);
            return Progress.Withdrawn;
        }

        try
        {
            using var message = await messages.MakeAsync(mail, await MakeLinkAsync(mail, cancel), cancel);

            // Held up until the claim may run out during the hand-over: another sender would take the mail as well. It is due again then.
            if (mail.NotBefore - Now < options.Value.Timeout) return Progress.NotOurs;
            await transport.HandOverAsync(message, cancel);
        }
        catch (MailNotHandedOverException e)
        {
            await RecordFailureAsync(mail, e, cancel);
            return e.Failure == MailFailure.Unreachable ? Progress.Unreachable : Progress.Failed;
        }

        // Recorded even when the program is told to stop now: the mail is gone.
        var now = Now;
        await Claimed(mail).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.State, MailState.Sent).SetProperty(m => m.SentAt, now)
            .SetProperty(m => m.Attempts, m => m.Attempts - 1).SetProperty(m => m.LastError, (string?)null), CancellationToken.None);
        log.LogInformation("Handed over mail {MailId} ({Mail})", mail.Id, mail.Name);
        return Progress.Sent;
    }

    private async Task<bool> ClaimAsync(OutboxMail mail, CancellationToken cancel)
    {
        var until = Now + (LeaseInTimeouts * options.Value.Timeout);
        var seen = mail.NotBefore;
        var claimed = await db.OutboxMails
            .Where(m => m.Id == mail.Id && m.State == MailState.Waiting && m.NotBefore == seen)
            .ExecuteUpdateAsync(set => set
                .SetProperty(m => m.NotBefore, until).SetProperty(m => m.Attempts, m => m.Attempts + 1).SetProperty(m => m.LastError, OutcomeUnknown), cancel);
        if (claimed == 0) return false;
        (mail.NotBefore, mail.Attempts) = (until, mail.Attempts + 1);
        return true;
    }

    private IQueryable<OutboxMail> Claimed(OutboxMail mail)
    {
        var until = mail.NotBefore;
        return db.OutboxMails.Where(m => m.Id == mail.Id && m.State == MailState.Waiting && m.NotBefore == until);
    }

    private async Task<bool> IsOutdatedAsync(OutboxMail mail, CancellationToken cancel) =>
        (mail.UnlessSettledInstallmentId is { } installment && await db.Installments.AnyAsync(i => i.Id == installment && (i.SettledOn != null || i.SupersededOn != null), cancel))
        || (mail is { OnlyWhileTaskOpen: true, TaskId: { } task } && !await db.PartnerTasks.AnyAsync(t => t.Id == task && t.State == PartnerTaskState.Open, cancel));

    // A fresh token for each try: the one of a failed try may have reached somebody's log on the way.
    private async Task<string?> MakeLinkAsync(OutboxMail mail, CancellationToken cancel)
    {
        if (mail.LinkPurpose is null) return null;
        if (mail.LinkPurpose == MailLinks.Code) return await MakeCodeAsync(mail, cancel);
        var token = MailLinks.NewToken();
        db.TaskLinks.Add(MailLinks.LinkFor(mail, token, Now, options.Value.LinkLifetime));
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return messages.UrlOf(mail.LinkPurpose, token);
    }

    // So is a code: the digits are in the mail, their hash is kept.
    private async Task<string> MakeCodeAsync(OutboxMail mail, CancellationToken cancel)
    {
        var (code, digits) = SigningCode.Make(mail.ProgrammeId!.Value, mail.TaskId!.Value, mail.ContactId!.Value, Now);
        db.SigningCodes.Add(code);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return digits;
    }

    private async Task RecordFailureAsync(OutboxMail mail, MailNotHandedOverException e, CancellationToken cancel)
    {
        var now = Now;
        var isOver = e.Failure == MailFailure.Refused || now - mail.CreatedAt >= GiveUpAfter;
        var state = isOver ? MailState.Failed : MailState.Waiting;
        var next = now.AddMinutes(BackoffMinutes[Math.Min(mail.Attempts, BackoffMinutes.Length) - 1]);
        await Claimed(mail).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.State, state).SetProperty(m => m.NotBefore, next).SetProperty(m => m.LastError, e.Message), cancel);
        log.LogWarning("Mail {MailId} ({Mail}) was not taken at try {Attempt}, {Failure}; it is now {State}", mail.Id, mail.Name, mail.Attempts, e.Failure, state);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}

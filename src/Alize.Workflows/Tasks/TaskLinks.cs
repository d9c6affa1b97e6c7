using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Tasks;

/// <summary>What became of a link.</summary>
public enum LinkFate
{
    /// <summary>It opens its page.</summary>
    Usable,

    /// <summary>No such link was ever sent, or it was cut on its way.</summary>
    Unknown,

    /// <summary>Too old; a new one can be asked for.</summary>
    Expired,

    /// <summary>Its task has its answer.</summary>
    AlreadyAnswered,

    /// <summary>Its task was closed without an answer.</summary>
    NoLongerNeeded,

    /// <summary>Its task is now somebody else's.</summary>
    Reassigned,

    /// <summary>It was sent to who acted for an absent person, and the absence is over.</summary>
    AbsenceOver,
}

/// <summary>What a link opens, for whom.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Link">The link. Null: there is no such one.</param>
/// <param name="Task">The task it opens. Null for none.</param>
/// <param name="Contact">Who it was sent to.</param>
/// <param name="For">The absent person for whom who it was sent to acts. Null: the person acts alone.</param>
public sealed record LinkVisit(LinkFate Fate, TaskLink? Link, PartnerTask? Task, Contact? Contact, Contact? For = null)
{
    /// <summary>Who acts, as the trail names them.</summary>
    public string By => For is null ? Contact?.FullName ?? "" : Substitution.SignedAs(Contact!.FullName, For.FullName);
}

/// <summary>Personal links: found by the hash of their token, for looking only; a page's button acts.</summary>
public sealed class TaskLinks(AlizeDb db, Outbox outbox, Delegates delegates, ProgrammeClock clock)
{
    /// <summary>Looks a link up. Never changes anything: mail scanners open links too.</summary>
    public async Task<LinkVisit> VisitAsync(string token, CancellationToken cancel)
    {
        var hash = MailLinks.HashOf(token);
        var link = await db.TaskLinks.AsNoTracking().SingleOrDefaultAsync(l => l.TokenHash == hash, cancel);
        if (link is null) return new(LinkFate.Unknown, null, null, null);
        var contact = await db.Contacts.AsNoTracking().SingleAsync(c => c.Id == link.ContactId, cancel);
        var task = link.TaskId is null ? null : await db.PartnerTasks.AsNoTracking().SingleAsync(t => t.Id == link.TaskId, cancel);
        var assignee = task is null || task.AssigneeContactId == contact.Id
            ? null
            : await db.Contacts.AsNoTracking().SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        var standing = assignee is null ? Delegation.None : await delegates.StandingAsync(contact, assignee, task!, cancel);
        var isInvited = link.SessionId is not { } sessionId
            || await db.CommitteeSessions.AnyAsync(s => s.Id == sessionId && s.Invitees.Any(i => i.ContactId == link.ContactId), cancel);
        var fate = task switch
        {
            { State: PartnerTaskState.Answered } => LinkFate.AlreadyAnswered,
            { State: not PartnerTaskState.Open } => LinkFate.NoLongerNeeded,
            not null when standing == Delegation.Over => LinkFate.AbsenceOver,
            not null when assignee is not null && standing == Delegation.None => LinkFate.Reassigned,
            _ when !isInvited => LinkFate.NoLongerNeeded,
            _ when link.ExpiresAt <= clock.UtcNow => LinkFate.Expired,
            _ => LinkFate.Usable,
        };
        return new(fate, link, task, contact, standing == Delegation.None ? null : assignee);
    }

    /// <summary>Sends a new link to the rightful address, whoever asks; at most one an hour.</summary>
    public async Task SendFreshAsync(string oldToken, CancellationToken cancel)
    {
        var visit = await VisitAsync(oldToken, cancel);
        if (visit.Link is null || visit.Fate is LinkFate.AlreadyAnswered or LinkFate.NoLongerNeeded) return;
        var hour = clock.UtcNow.ToString("yyyyMMddHH", System.Globalization.CultureInfo.InvariantCulture);
        var key = visit switch
        {
            { Task: { } asked } => $"{asked.StepKey}:fresh:{hour}",
            { Link.Purpose: MailLinks.Account } => $"account:{visit.Contact!.Id:N}:fresh:{hour}",
            { Link.SessionId: { } session } => $"session:{session:N}:{visit.Contact!.Id:N}:fresh:{hour}",
            _ => $"detect:{visit.Contact!.Id:N}:{hour}",
        };
        if (visit.Task is { } task)
        {
            var assignee = await db.Contacts.SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
            await outbox.PostAsync(
                new FreshLinkMail(task.Title), assignee,
                PartnerTasks.MailAboutTask(task), key, cancel);
        }
        else if (visit.Link.SessionId is { } sessionId)
        {
            var session = await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancel);
            var day = FrenchText.Date(DateOnly.FromDateTime(clock.ToLocal(session.StartsAt)));
            await outbox.PostAsync(
                new FreshLinkMail($"{CommitteeNames.French(session.Kind)} du {day}"), visit.Contact!,
                new(visit.Link.ProgrammeId, LinkPurpose: MailLinks.Session, SessionId: sessionId), key, cancel);
        }
        else if (visit.Link.Purpose == MailLinks.Account)
        {
            var title = MailComposer.LanguageOf(visit.Contact!) == "en" ? "your account" : "votre compte";
            await outbox.PostAsync(new FreshLinkMail(title), visit.Contact!, new(visit.Link.ProgrammeId, LinkPurpose: MailLinks.Account), key, cancel);
        }
        else
        {
            await outbox.PostAsync(
                new DetectionLinkMail(), visit.Contact!, new(visit.Link.ProgrammeId, LinkPurpose: MailLinks.Detect),
                key, cancel);
        }

        await outbox.SaveOnceAsync(key, cancel);
    }
}

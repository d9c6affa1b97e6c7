using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>
/// Invites every member of the committee and ASTREES to the session (R4, art. 5.1, 5.2 and 7), tells whoever was invited before what
/// changed since, or that it is called off; with a calendar entry. One person gets one mail a change, whatever their roles.
/// </summary>
[Activity("Alize", "Comité", "Invite tous les membres du comité et ASTREES à la séance, avec une entrée d’agenda ; prévient ceux qui l’étaient déjà de ce qui a changé.", DisplayName = "Inviter à la séance")]
public sealed class InviteMembers : CodeActivity
{
    [Input(DisplayName = "Objet", Description = "Objet du courriel. {{ session.date }}, {{ session.time }}… sont remplacés.")]
    public Input<string> Subject { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "{{ session.date }}, {{ session.time }}, {{ session.place }}, {{ agenda }} sont remplacés.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Objet en anglais", Description = "Vide : l’objet français.", Category = "Anglais")]
    public Input<string?>? EnglishSubject { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Objet d’un changement", Description = "Pour qui était déjà convoqué. Vide : l’objet de l’invitation.", Category = "Changement")]
    public Input<string?>? ChangedSubject { get; set; }

    [Input(DisplayName = "Objet d’un changement, en anglais", Description = "Vide : l’objet français.", Category = "Changement")]
    public Input<string?>? EnglishChangedSubject { get; set; }

    [Input(DisplayName = "Objet d’une annulation", Description = "Vide : l’objet de l’invitation.", Category = "Annulation")]
    public Input<string?>? CalledOffSubject { get; set; }

    [Input(DisplayName = "Message d’une annulation", Description = "{{ session.reason }} est remplacé.", Category = "Annulation", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? CalledOffMessage { get; set; }

    [Input(DisplayName = "Objet d’une annulation, en anglais", Description = "Vide : l’objet français.", Category = "Annulation")]
    public Input<string?>? EnglishCalledOffSubject { get; set; }

    [Input(DisplayName = "Message d’une annulation, en anglais", Description = "Vide : le message français.", Category = "Annulation", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishCalledOffMessage { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var session = subject.Session ?? throw new InvalidOperationException("InviteMembers needs a session as its correlation.");
        var trail = context.GetRequiredService<Trail>();
        if (session.State == SessionState.Cancelled)
        {
            foreach (var contact in await InvitedAsync(context, session)) await TellCalledOffAsync(context, subject, contact);
            trail.Add(session.ProgrammeId, "session", $"Annulation annoncée à {FrenchText.Plural(session.Invitees.Count, "personne")}", subjectId: session.Id);
            return;
        }

        var members = await context.GetRequiredService<CommitteeMembers>().OfAsync(session.ProgrammeId, session.Kind, cancel);
        var astrees = await context.GetRequiredService<Addressees>().FindAsync("astrees", session.ProgrammeId, null, cancel);
        var own = new Dictionary<string, object?> { ["agenda"] = await AgendaAsync(context, session) };
        var now = context.GetRequiredService<ProgrammeClock>().UtcNow;
        var known = await InvitedAsync(context, session);
        var told = new List<(Contact Contact, bool IsChange)>();
        foreach (var person in members.Concat(astrees).DistinctBy(c => c.Email.ToUpperInvariant()))
        {
            bool Is(Contact other) => string.Equals(other.Email, person.Email, StringComparison.OrdinalIgnoreCase);
            var contact = known.FirstOrDefault(Is) ?? person;
            var before = session.Invitees.FirstOrDefault(i => i.ContactId == contact.Id);
            if (before?.ToldSequence == session.Sequence) continue;
            session.Invite(contact.Id, contact.PartnerId, members.Any(Is), astrees.Any(Is), now);
            told.Add((contact, before is not null));
        }

        if (told.Count > 0)
        {
            // The letter names everybody invited: it is made once all are.
            var letter = await context.GetRequiredService<DocumentArchive>().MakeAsync(
                new(context.StepKey(), await InvitationAsync(context, session), session.ProgrammeId, Trail.Service, SubjectId: session.Id), cancel);
            foreach (var (contact, isChange) in told) await InviteAsync(context, subject, contact, isChange, letter.Id, own);
        }

        if (session.State == SessionState.Planned) session.State = SessionState.Invited;
        trail.Add(session.ProgrammeId, "session", $"Invitations envoyées : {FrenchText.Plural(told.Count, "personne")}, ASTREES comprise parmi les convoqués", subjectId: session.Id);
    }

    private static async Task<InvitationDocument> InvitationAsync(ActivityExecutionContext context, CommitteeSession session)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var invited = session.Invitees.Select(i => i.ContactId).Append(session.ChairContactId ?? Guid.Empty).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => invited.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == session.ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var ids = session.Agenda.Select(a => a.ProjectId).ToList();
        var projects = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id))
            .Join(db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new { p.Id, Line = new AgendaLine(p.Number, p.Title, c.Name) }).ToDictionaryAsync(p => p.Id, p => p.Line, cancel);
        return new(
            CommitteeNames.InSentence(session.Kind), session.StartsAt, session.Place,
            session.ChairContactId is { } chair ? people[chair].FullName : "",
            [.. ids.Select(id => projects[id])],
            [.. session.Invitees.Select(i => new PersonNamed(people[i.ContactId].FullName, i.PartnerId is { } partner ? partners.GetValueOrDefault(partner, "") : ""))],
            await db.Partners.Where(p => p.ProgrammeId == session.ProgrammeId && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel) ?? "")
        {
            VideoLink = session.VideoLink,
            Topics = session.Topics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            DecidesOnProjects = session.Kind == CommitteeKind.Approval,
        };
    }

    private async Task InviteAsync(ActivityExecutionContext context, StepSubject subject, Contact contact, bool isChange, Guid letter, IReadOnlyDictionary<string, object?> own)
    {
        var cancel = context.CancellationToken;
        var session = subject.Session!;
        var texts = context.GetRequiredService<ProcedureTexts>();
        var title = await texts.PlainAsync(TitleOf(context, isChange), contact, subject, own, cancel);
        var message = new Wording(context.Get(Message)!, context.Get(EnglishMessage));
        await context.GetRequiredService<Outbox>().PostAsync(
            new SessionInvitationMail(title, new(await texts.MarkdownAsync(message, contact, subject, own, cancel)), session.VideoLink is { Length: > 0 } link ? link : null, isChange),
            contact,
            new(session.ProgrammeId, LinkPurpose: MailLinks.Session, SessionId: session.Id, Calendar: Entry(context, subject, contact, title)) { Attachments = [letter] },
            KeyOf(session, contact), cancel);
    }

    private Wording TitleOf(ActivityExecutionContext context, bool isChange) =>
        isChange && context.Get(ChangedSubject) is { Length: > 0 } changed
            ? new(changed, context.Get(EnglishChangedSubject))
            : new(context.Get(Subject)!, context.Get(EnglishSubject));

    private async Task TellCalledOffAsync(ActivityExecutionContext context, StepSubject subject, Contact contact)
    {
        var cancel = context.CancellationToken;
        var session = subject.Session!;
        var texts = context.GetRequiredService<ProcedureTexts>();
        var title = context.Get(CalledOffSubject) is { Length: > 0 } written
            ? new Wording(written, context.Get(EnglishCalledOffSubject))
            : new Wording(context.Get(Subject)!, context.Get(EnglishSubject));
        var message = new Wording(context.Get(CalledOffMessage) ?? "{{ session.reason }}", context.Get(EnglishCalledOffMessage));
        var summary = await texts.PlainAsync(title, contact, subject, null, cancel);
        await context.GetRequiredService<Outbox>().PostAsync(
            new NotifyMail(summary, new(await texts.MarkdownAsync(message, contact, subject, null, cancel))),
            contact, new(session.ProgrammeId, Calendar: Entry(context, subject, contact, summary)), KeyOf(session, contact), cancel);
    }

    private static string Entry(ActivityExecutionContext context, StepSubject subject, Contact contact, string summary)
    {
        var session = subject.Session!;
        var invitation = new CalendarInvitation(
            session.Id, session.Sequence, session.StartsAt, session.EndsAt, summary, session.Place, session.VideoLink,
            session.CancelledBecause ?? session.Topics, session.State == SessionState.Cancelled);
        return invitation.For(
            contact, subject.Programme.Name, context.GetRequiredService<MailMessages>().SenderAddress, context.GetRequiredService<ProgrammeClock>().UtcNow);
    }

    // By what it says and to whom, not by the step: the loop of changes comes here again.
    private static string KeyOf(CommitteeSession session, Contact contact) => $"session:{session.Id:N}:{session.Sequence}:{contact.Id:N}";

    private static async Task<List<Contact>> InvitedAsync(ActivityExecutionContext context, CommitteeSession session)
    {
        var ids = session.Invitees.Select(i => i.ContactId).ToList();
        return await context.GetRequiredService<AlizeDb>().Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(context.CancellationToken);
    }

    private static async Task<string[]> AgendaAsync(ActivityExecutionContext context, CommitteeSession session)
    {
        var ids = session.Agenda.Select(a => a.ProjectId).ToList();
        var projects = await context.GetRequiredService<AlizeDb>().Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, context.CancellationToken);
        return [.. session.Topics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), .. ids.Select(id => $"{projects[id].Number} — {projects[id].Title}")];
    }
}

/// <summary>Invites one person to a session, or tells what changed; the link opens the session's page.</summary>
public sealed record SessionInvitationMail(string Title, MarkdownText Message, string? VideoLink, bool IsChange);

/// <summary>Waits until the session is over, was changed, or is called off; reminds nobody by itself.</summary>
[Activity("Alize", "Comité", "Attend que la séance soit levée, modifiée ou annulée.", DisplayName = "Attendre la fin de la séance")]
[FlowNode("Done", "Changed", "CalledOff")]
public sealed class AwaitSession : Activity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var session = await SessionAsync(context);
        if (OutcomeOf(session) is { } outcome)
        {
            await context.CompleteActivityWithOutcomesAsync(outcome);
            return;
        }

        foreach (var signal in (string[])[Signals.SessionClosed, Signals.SessionChanged])
            context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = signal, Stimulus = Signals.Key(session.Id), Callback = OnSignalAsync });
    }

    // A change may concern people and not the session itself: who joined the committee since is invited by the same step.
    private static async ValueTask OnSignalAsync(ActivityExecutionContext context) =>
        await context.CompleteActivityWithOutcomesAsync(OutcomeOf(await SessionAsync(context)) ?? "Changed");

    private static string? OutcomeOf(CommitteeSession session) => session.State switch
    {
        SessionState.Closed or SessionState.MinutesSent => "Done",
        SessionState.Cancelled => "CalledOff",
        _ when session.IsAhead && session.Invitees.Any(i => i.ToldSequence < session.Sequence) => "Changed",
        _ => null,
    };

    private static Task<CommitteeSession> SessionAsync(ActivityExecutionContext context)
    {
        var id = context.Correlation();
        return context.GetRequiredService<AlizeDb>().CommitteeSessions.SingleAsync(s => s.Id == id, context.CancellationToken);
    }
}

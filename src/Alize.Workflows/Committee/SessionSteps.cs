using System.Text;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>Invites every member of the committee and ASTREES to the session (R4, art. 5.2 and 7); one person gets one mail.</summary>
[Activity("Alize", "Comité", "Invite tous les membres du comité et ASTREES à la séance.", DisplayName = "Inviter à la séance")]
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

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var session = subject.Session ?? throw new InvalidOperationException("InviteMembers needs a session as its correlation.");
        var addressees = context.GetRequiredService<Addressees>();
        var texts = context.GetRequiredService<ProcedureTexts>();
        var members = await context.GetRequiredService<CommitteeSessions>().MembersAsync(session.ProgrammeId, cancel);
        var astrees = await addressees.FindAsync("astrees", session.ProgrammeId, null, cancel);
        var own = new Dictionary<string, object?> { ["agenda"] = await AgendaAsync(db, session, cancel) };
        var now = context.GetRequiredService<ProgrammeClock>().UtcNow;
        var title = new Wording(context.Get(Subject)!, context.Get(EnglishSubject));
        var message = new Wording(context.Get(Message)!, context.Get(EnglishMessage));
        foreach (var contact in members.Concat(astrees).DistinctBy(c => c.Email.ToUpperInvariant()))
        {
            var isMember = members.Any(m => m.Id == contact.Id);
            session.Invite(contact.Id, contact.PartnerId, isMember, astrees.Any(a => string.Equals(a.Email, contact.Email, StringComparison.OrdinalIgnoreCase)), now);
            await context.GetRequiredService<Outbox>().PostAsync(
                new NotifyMail(
                    await texts.PlainAsync(title, contact, subject, own, cancel), new(await texts.MarkdownAsync(message, contact, subject, own, cancel))),
                contact, new(session.ProgrammeId), $"{context.StepKey()}:{contact.Id:N}", cancel);
        }

        await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(context.StepKey(), await InvitationAsync(context, session), session.ProgrammeId, Trail.Service, SubjectId: session.Id), cancel);
        if (session.State == SessionState.Planned) session.State = SessionState.Invited;
        context.GetRequiredService<Trail>().Add(
            session.ProgrammeId, "session", $"Invitations envoyées : {FrenchText.Plural(members.Count, "membre")} et ASTREES", subjectId: session.Id);
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
            CommitteeNames.French(session.Kind), session.StartsAt, session.Place,
            session.ChairContactId is { } chair ? people[chair].FullName : "",
            [.. ids.Select(id => projects[id])],
            [.. session.Invitees.Select(i => new PersonNamed(people[i.ContactId].FullName, i.PartnerId is { } partner ? partners.GetValueOrDefault(partner, "") : ""))], "");
    }

    private static async Task<string[]> AgendaAsync(AlizeDb db, CommitteeSession session, CancellationToken cancel)
    {
        var ids = session.Agenda.OrderBy(a => a.Position).Select(a => a.ProjectId).ToList();
        var projects = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        return [.. ids.Select(id => $"{projects[id].Number} — {projects[id].Title}")];
    }
}

/// <summary>Waits until the session is over; reminds nobody by itself.</summary>
[Activity("Alize", "Comité", "Attend que la séance soit levée.", DisplayName = "Attendre la fin de la séance")]
public sealed class AwaitSession : Activity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var id = context.Correlation();
        var session = await context.GetRequiredService<AlizeDb>().CommitteeSessions.SingleAsync(s => s.Id == id, context.CancellationToken);
        if (session.State is SessionState.Closed or SessionState.MinutesSent) await context.CompleteActivityAsync();
        else context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = Signals.SessionClosed, Stimulus = Signals.Key(id), Callback = OnClosedAsync });
    }

    private static ValueTask OnClosedAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
}

/// <summary>Drafts the minutes of the session: who was there, and each decision with the proof of its majority (R2).</summary>
[Activity("Alize", "Comité", "Rédige le projet de compte rendu à partir des présences et des votes.", DisplayName = "Rédiger le compte rendu")]
public sealed class DraftMinutes : CodeActivity
{
    [Output(DisplayName = "Président de séance", Description = "Qui approuve le compte rendu : la personne qui a présidé, même si la présidence a changé depuis.")]
    public Output<string>? Chair { get; set; }

    [Output(DisplayName = "Compte rendu", Description = "Le texte rédigé, Markdown.")]
    public Output<string>? Minutes { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var clock = context.GetRequiredService<ProgrammeClock>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var session = subject.Session!;
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == session.ProgrammeId).ToDictionaryAsync(c => c.Id, c => c.FullName, cancel);
        var decisions = await db.Decisions.AsNoTracking().Where(d => d.SessionId == session.Id).OrderBy(d => d.Id).ToListAsync(cancel);

        var minutes = new StringBuilder();
        var local = clock.ToLocal(session.StartsAt);
        minutes.Append("## Séance du ").Append(FrenchText.Date(DateOnly.FromDateTime(local))).Append(", ").AppendLine(MarkdownText.Escape(session.Place)).AppendLine();
        minutes.Append("Présidence : ").AppendLine(session.ChairContactId is { } chair ? MarkdownText.Escape(people[chair]) : "—").AppendLine();
        foreach (var (label, presences) in new (string, Presence[])[]
            { ("Présents", [Presence.Room]), ("Présents par visioconférence", [Presence.Video]), ("Partis avant la fin", [Presence.Left]), ("Absents", [Presence.Absent]) })
        {
            var names = session.Invitees.Where(i => presences.Contains(i.Presence)).Select(i => MarkdownText.Escape(people[i.ContactId])).ToList();
            if (names.Count > 0) minutes.Append("- ").Append(label).Append(" : ").AppendLine(string.Join(", ", names));
        }

        foreach (var decision in decisions)
        {
            var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == decision.ProjectId, cancel);
            minutes.AppendLine().Append("### ").Append(project.Number).Append(" — ").AppendLine(MarkdownText.Escape(project.Title)).AppendLine();
            minutes.Append("**").Append(OutcomeNames.French(decision.Outcome)).Append(".** ");
            minutes.AppendLine(new VoteCount(decision.Present, decision.Yes, decision.No, decision.Abstained).Proof());
            if (decision.Advance > Money.Zero)
                minutes.AppendLine().AppendLine($"Avance remboursable de {decision.Advance} sur {decision.Months} mois, dont {decision.DeferralMonths} de différé.");
            if (decision.Reason.Length > 0) minutes.AppendLine().AppendLine(MarkdownText.Escape(decision.Reason));
        }

        session.Minutes = FrenchText.Typeset(minutes.ToString());
        context.Set(Minutes, session.Minutes);

        // Who has left since cannot be asked: then it is for whoever chairs now.
        var today = clock.Today;
        var presided = await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == session.ChairContactId, cancel);
        context.Set(Chair, presided?.IsActiveOn(today) == true ? $"contact:{presided.Id}" : "chair");
    }
}

/// <summary>Replaces the minutes by the operator's corrected text.</summary>
[Activity("Alize", "Comité", "Reporte le compte rendu corrigé.", DisplayName = "Corriger le compte rendu")]
public sealed class RecordMinutes : CodeActivity
{
    [Input(DisplayName = "Réponse", Description = "La réponse reçue : minutes.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    [Output(DisplayName = "Compte rendu", Description = "Le texte corrigé, Markdown.")]
    public Output<string>? Minutes { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var session = (await context.GetRequiredService<StepSubjects>().OfAsync(context)).Session!;
        if ((string?)context.Get(Answer)?["minutes"] is { Length: > 0 } corrected) session.Minutes = corrected;
        context.Set(Minutes, session.Minutes);
    }
}

/// <summary>Sends the approved minutes to all members and ASTREES (R4).</summary>
[Activity("Alize", "Comité", "Envoie le compte rendu approuvé à tous les membres et à ASTREES.", DisplayName = "Envoyer le compte rendu")]
public sealed class SendMinutes : CodeActivity
{
    [Input(DisplayName = "Objet", Description = "Objet du courriel. {{ session.date }}, {{ session.time }}… sont remplacés.")]
    public Input<string> Subject { get; set; } = default!;

    [Input(DisplayName = "Objet en anglais", Description = "Vide : l’objet français.", Category = "Anglais")]
    public Input<string?>? EnglishSubject { get; set; }

    [Input(DisplayName = "Introduction en anglais", Description = "Précède, pour qui lit l’anglais, le compte rendu, qui fait foi en français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var session = subject.Session!;
        var ids = session.Invitees.Select(i => i.ContactId).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancel);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var title = new Wording(context.Get(Subject)!, context.Get(EnglishSubject));
        const string minutes = "{{ session.minutes }}";
        var message = new Wording(minutes, context.Get(EnglishMessage) is { Length: > 0 } introduction ? $"{introduction}\n\n{minutes}" : null);
        foreach (var contact in people)
            await context.GetRequiredService<Outbox>().PostAsync(
                new NotifyMail(
                    await texts.PlainAsync(title, contact, subject, null, cancel), new(await texts.MarkdownAsync(message, contact, subject, null, cancel))), contact, new(session.ProgrammeId), $"{context.StepKey()}:{contact.Id:N}", cancel);
        var chair = people.FirstOrDefault(p => p.Id == session.ChairContactId)?.FullName ?? "";
        await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(context.StepKey(), new MinutesDocument(
                    CommitteeNames.French(session.Kind), session.StartsAt, session.Place, chair, new(session.Minutes ?? ""), chair, session.PresentCount),
                session.ProgrammeId, Trail.Service, SubjectId: session.Id), cancel);
        session.State = SessionState.MinutesSent;
        context.GetRequiredService<Trail>().Add(
            session.ProgrammeId, "minutes", $"Compte rendu envoyé à {FrenchText.Plural(people.Count, "personne")}, ASTREES comprise", subjectId: session.Id);
    }
}

/// <summary>What people read for a committee, in a sentence.</summary>
public static class CommitteeNames
{
    public static string French(CommitteeKind kind) => kind == CommitteeKind.Approval ? "comité d’agrément" : "comité local de pilotage et d’évaluation";
}

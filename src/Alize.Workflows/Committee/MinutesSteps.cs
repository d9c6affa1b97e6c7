using System.Text;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

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
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == session.ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var decisions = await db.Decisions.AsNoTracking().Where(d => d.SessionId == session.Id).OrderBy(d => d.Id).ToListAsync(cancel);

        var minutes = new StringBuilder();
        var local = clock.ToLocal(session.StartsAt);
        minutes.Append("## ").Append(CommitteeNames.French(session.Kind)).Append(" – séance du ").Append(FrenchText.Date(DateOnly.FromDateTime(local))).Append(" à ").Append(FrenchText.Time(TimeOnly.FromDateTime(local)))
            .Append(", ").AppendLine(MarkdownText.Escape(session.Place)).AppendLine();
        minutes.Append("Présidence : ").AppendLine(session.ChairContactId is { } chair ? MarkdownText.Escape(people[chair]) : "—").AppendLine();
        foreach (var (label, presences) in new (string, Presence[])[]
            { ("Présents", [Presence.Room]), ("Présents par visioconférence", [Presence.Video]), ("Partis avant la fin", [Presence.Left]), ("Absents", [Presence.Absent]) })
        {
            var names = session.Invitees.Where(i => i.IsVotingMember && presences.Contains(i.Presence)).Select(i => MarkdownText.Escape(people[i.ContactId])).ToList();
            if (names.Count > 0) minutes.Append("- ").Append(label).Append(" : ").AppendLine(string.Join(", ", names));
        }

        // Who is counted and who is not must not stand in one list: the majority is of the members present (R2).
        var guests = session.Invitees.Where(i => !i.IsVotingMember && i.Presence is (Presence.Room or Presence.Video)).ToList();
        if (guests.Count > 0) minutes.Append("- Présents sans voix : ").AppendLine(string.Join(", ", guests.Select(i => MarkdownText.Escape(people[i.ContactId]) + (i.IsAstrees ? " (ASTREES)" : ""))));

        var topics = session.Topics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (topics.Length > 0) minutes.AppendLine().AppendLine("### Ordre du jour").AppendLine();
        foreach (var topic in topics) minutes.Append("- ").AppendLine(MarkdownText.Escape(topic));

        var replaced = await db.Reopenings.AsNoTracking().Where(r => r.ProgrammeId == session.ProgrammeId).ToDictionaryAsync(r => r.DecisionId, cancel);
        foreach (var decision in decisions)
        {
            var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == decision.ProjectId, cancel);
            minutes.AppendLine().Append("### ").Append(project.Number).Append(" — ").AppendLine(MarkdownText.Escape(project.Title)).AppendLine();
            minutes.Append("**").Append(OutcomeNames.French(decision.Outcome)).Append(".** ");
            minutes.AppendLine(decision.Count.Proof());
            if (decision.Recusals.Count > 0)
                minutes.AppendLine().Append("Se sont déportés : ")
                    .Append(string.Join(", ", decision.Recusals.Select(r => MarkdownText.Escape(people[r.ContactId])))).AppendLine(".");
            if (decision.Condition.Length > 0)
                minutes.AppendLine().Append("La décision prend effet à cette condition : ").AppendLine(MarkdownText.Escape(decision.Condition));
            if (decision.ReplacesDecisionId is { } former && replaced.TryGetValue(former, out var reopening))
                minutes.AppendLine().Append("Cette décision remplace celle rouverte le ").Append(FrenchText.Date(DateOnly.FromDateTime(clock.ToLocal(reopening.At))))
                    .Append(", pour ce motif : ").AppendLine(MarkdownText.Escape(reopening.Reason));
            if (replaced.TryGetValue(decision.Id, out var reopened))
                minutes.AppendLine().Append("Décision rouverte le ").Append(FrenchText.Date(DateOnly.FromDateTime(clock.ToLocal(reopened.At))))
                    .Append(" : ").AppendLine(MarkdownText.Escape(reopened.Reason));
            if (decision.Advance > Money.Zero)
                minutes.AppendLine().AppendLine($"Avance remboursable de {decision.Advance} sur {decision.Months} mois, dont {decision.DeferralMonths} de différé.");
            var lent = await db.CompetenceCommitments.AsNoTracking().Where(c => c.DecisionId == decision.Id).OrderBy(c => c.Id).ToListAsync(cancel);
            if (lent.Count > 0)
                minutes.AppendLine().Append("Appui en compétences : ").Append(string.Join(" ; ", lent.Select(c => MarkdownText.Escape($"{partners[c.PartnerId]}, {FrenchText.Days(c.HalfDays)} en « {c.Field} »")))).AppendLine(".");
            if (decision.Outcome == DecisionOutcome.Approved && project.LeadPartnerId is { } lead)
                minutes.AppendLine().Append("Mandataire : ").Append(MarkdownText.Escape(partners[lead])).AppendLine(".");
            if (decision.Reason.Length > 0) minutes.AppendLine().AppendLine(MarkdownText.Escape(decision.Reason));
        }

        session.Minutes = FrenchText.Typeset(minutes.ToString());
        context.Set(Minutes, session.Minutes);

        // Who has left since cannot be asked: then it is for whoever chairs now.
        var today = clock.Today;
        var presided = await db.Contacts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == session.ChairContactId, cancel);
        var approver = presided?.IsActiveOn(today) == true
            ? presided
            : await context.GetRequiredService<CommitteeMembers>().ChairAsync(session.ProgrammeId, session.Kind, cancel);
        context.Set(Chair, approver is null ? "chair" : $"contact:{approver.Id}");
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

/// <summary>Seals the approved minutes and sends them to all members and ASTREES (R4): the text, and the PDF with it.</summary>
[Activity("Alize", "Comité", "Scelle le compte rendu approuvé et l’envoie, en PDF, à tous les membres et à ASTREES.", DisplayName = "Envoyer le compte rendu")]
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
        var invited = await db.Contacts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancel);

        // Who joined the committee since is a member too.
        var members = await context.GetRequiredService<CommitteeMembers>().OfAsync(session.ProgrammeId, session.Kind, cancel);
        var people = invited.Concat(members).DistinctBy(c => c.Email.ToUpperInvariant()).ToList();
        var title = new Wording(context.Get(Subject)!, context.Get(EnglishSubject));
        const string minutes = "{{ session.minutes }}";
        var message = new Wording(minutes, context.Get(EnglishMessage) is { Length: > 0 } introduction ? $"{introduction}\n\n{minutes}" : null);
        var document = await context.GetRequiredService<ApprovedMinutes>().KeepAsync(session, context.StepKey(), context.WorkflowExecutionContext.Id, cancel);
        await context.TellAsync(people, title, message, subject, null, new(session.ProgrammeId) { Attachments = [document.Id] });
        session.State = SessionState.MinutesSent;
        context.GetRequiredService<Trail>().Add(
            session.ProgrammeId, "minutes", $"Compte rendu envoyé à {FrenchText.Plural(people.Count, "personne")}, ASTREES comprise", subjectId: session.Id);
    }
}

using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Results;

/// <summary>Draws up the rapport d'activité of the year (R15, art. 5.1, 5.3), from the journal and the operator's words.</summary>
[Activity("Alize", "Résultats", "Établit le rapport d’activité de l’année : le texte de l’opérateur et les chiffres du journal, en PDF archivé.", DisplayName = "Établir le rapport d’activité")]
public sealed class DraftActivityReport : CodeActivity
{
    [Input(DisplayName = "Réponse", Description = "La réponse reçue : commentary, le compte rendu d’activité.")]
    public Input<JsonObject?>? Answer { get; set; }

    [Output(DisplayName = "Rapport", Description = "Identifiant du document archivé.")]
    public Output<string>? Report { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var programme = subject.Programme;
        var commentary = ((string?)context.Get(Answer)?["commentary"])?.Trim() ?? year.Commentary;
        var report = await context.GetRequiredService<ActivityReports>().OfAsync(programme, year.Year, cancel);
        var chair = await context.GetRequiredService<CommitteeMembers>().ChairAsync(programme.Id, CommitteeKind.Approval, cancel);
        var localOperator = await context.GetRequiredService<AlizeDb>().Partners.AsNoTracking()
            .Where(p => p.ProgrammeId == programme.Id && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var document = await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(
                context.StepKey(), ActivityReportDocument.Of(report, commentary, localOperator ?? "l’opérateur local", chair?.FullName ?? "–"), programme.Id, Trail.Service,
                SubjectId: year.Id, Reference: $"RA-{year.Year}"),
            cancel);
        year.Draft(document.Id, commentary, context.GetRequiredService<ProgrammeClock>().Today);
        context.Set(Report, document.Id.ToString());
        context.GetRequiredService<Trail>().Add(programme.Id, "report", $"Rapport d’activité {year.Year} établi", subjectId: year.Id);
    }
}

/// <summary>Records that the chair of the approval committee approves the report (art. 5.1, 5.3).</summary>
[Activity("Alize", "Résultats", "Consigne que le président du comité d’agrément approuve le rapport d’activité.", DisplayName = "Approuver le rapport d’activité")]
public sealed class ApproveActivityReport : CodeActivity
{
    [Input(DisplayName = "Approuvé par", Description = "Nom de la personne qui a répondu.")]
    public Input<string> By { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var by = context.Get(By) ?? "";
        year.Approve(by, context.GetRequiredService<ProgrammeClock>().Today);
        context.GetRequiredService<Trail>().Add(subject.Programme.Id, "report", $"Rapport d’activité {year.Year} approuvé", by, subjectId: year.Id);
    }
}

/// <summary>Sends the approved report to every member of the steering committee and to ASTREES (R4, R15; art. 5.1, 7).</summary>
[Activity("Alize", "Résultats", "Envoie le rapport d’activité approuvé à tous les membres du comité de pilotage et à ASTREES, en pièce jointe.", DisplayName = "Envoyer le rapport d’activité")]
public sealed class SendActivityReport : CodeActivity
{
    [Input(DisplayName = "Objet", Description = "Objet du courriel. {{ year.number }} est remplacé.")]
    public Input<string> Subject { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "Texte du courriel, en Markdown ; le rapport y est joint.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Objet en anglais", Description = "Vide : l’objet français.", Category = "Anglais")]
    public Input<string?>? EnglishSubject { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var people = await context.GetRequiredService<Addressees>().FindAsync("steering-members,astrees", subject.Programme.Id, null, cancel);
        var (title, message) = (new Wording(context.Get(Subject)!, context.Get(EnglishSubject)), new Wording(context.Get(Message)!, context.Get(EnglishMessage)));
        await context.TellAsync(people, title, message, subject, null, new(subject.Programme.Id) { AlsoToDelegate = true, Attachments = [year.ReportId!.Value] });
        year.Send(context.GetRequiredService<ProgrammeClock>().Today);
        context.GetRequiredService<Trail>().Add(
            subject.Programme.Id, "report", $"Rapport d’activité {year.Year} envoyé à {FrenchText.Plural(people.Count, "personne")}, ASTREES comprise", subjectId: year.Id);
    }
}

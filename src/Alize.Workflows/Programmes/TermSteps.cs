using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Documents;
using Alize.Workflows.Results;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>Waits until so many months before the end of the convention; 0 is the morning after its last day.</summary>
[Activity("Alize", "Programme", "Attend un jour compté en mois avant le terme de la convention ; 0 : le lendemain de son dernier jour.", DisplayName = "Attendre le terme")]
public sealed class AwaitTermDay : Activity
{
    [Input(DisplayName = "Mois avant", Description = "9 : le début de l’étude des conditions de poursuite. 0 : le lendemain du terme.", DefaultValue = 0)]
    public Input<int> MonthsBefore { get; set; } = default!;

    [Input(DisplayName = "Libellé", Description = "Ce que le calendrier des échéances affiche.")]
    public Input<string> Label { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (subject, _) = await context.GetRequiredService<StepSubjects>().TermAsync(context);
        var day = subject.Calendar.OnOrAfter(subject.Programme.EndsOn.AddDays(1).AddMonths(-context.Get(MonthsBefore)));
        context.DelayUntil(context.GetRequiredService<ProgrammeClock>().MorningOf(day), OnDayAsync, FrenchText.Typeset($"Terme · {context.Get(Label)}"));
    }

    private static ValueTask OnDayAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
}

/// <summary>Draws up the étude des conditions de poursuite (R16, art. 8): where the programme stands, for the partners to decide.</summary>
[Activity("Alize", "Programme", "Établit l’étude des conditions de poursuite : où en est le dispositif, pour que les partenaires décident.", DisplayName = "Étudier le renouvellement")]
public sealed class DraftRenewalStudy : CodeActivity
{
    [Output(DisplayName = "Étude", Description = "Identifiant du document archivé.")]
    public Output<string>? Study { get; set; }

    [Output(DisplayName = "Jours restants", Description = "Jours jusqu’au dernier jour de la convention.")]
    public Output<int>? DaysLeft { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, term) = await context.GetRequiredService<StepSubjects>().TermAsync(context);
        var (programme, clock) = (subject.Programme, context.GetRequiredService<ProgrammeClock>());
        var report = await context.GetRequiredService<ActivityReports>().OfAsync(programme, clock.Today.Year, cancel);
        var localOperator = await context.GetRequiredService<AlizeDb>().Partners.AsNoTracking()
            .Where(p => p.ProgrammeId == programme.Id && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var document = await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(context.StepKey(), RenewalStudyDocument.Of(report, programme.SignedOn, programme.EndsOn, localOperator ?? "l’opérateur local"), programme.Id, Trail.Service, SubjectId: term.Id), cancel);
        term.Study(document.Id);
        context.Set(Study, document.Id.ToString());
        context.Set(DaysLeft, Math.Max(1, programme.EndsOn.DayNumber - clock.Today.DayNumber));
        context.GetRequiredService<Trail>().Add(programme.Id, "term", "Étude des conditions de poursuite établie", subjectId: term.Id);
    }
}

/// <summary>Records whether the partners go on for another three years (R16, art. 8).</summary>
[Activity("Alize", "Programme", "Consigne si les partenaires renouvellent la convention pour trois ans.", DisplayName = "Consigner le renouvellement")]
public sealed class RecordRenewal : CodeActivity
{
    [Input(DisplayName = "Renouvelée", Description = "Vrai : une nouvelle période de trois ans. Faux : les aides en cours sont gérées jusqu’à leur fin.")]
    public Input<bool> IsRenewed { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : minutes, où la décision est écrite. Vide : aucune décision n’est parvenue au terme.")]
    public Input<JsonObject?>? Answer { get; set; }

    [Input(DisplayName = "Décidé par", Description = "Nom de la personne qui a répondu. Vide : personne.")]
    public Input<string?>? By { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (subject, term) = await context.GetRequiredService<StepSubjects>().TermAsync(context);
        var clock = context.GetRequiredService<ProgrammeClock>();
        if (term.RenewalOf(subject.Programme).DecisionRefusals(clock.Today).FirstOrDefault() is { } refusal) throw new InvalidOperationException($"The renewal cannot be recorded: {refusal}");
        var isRenewed = context.Get(IsRenewed);
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        var writtenIn = ((string?)context.Get(Answer)?["minutes"])?.Trim() is { Length: > 0 } minutes ? minutes : "aucune décision des partenaires au terme";
        term.Decide(isRenewed ? RenewalDecision.Renewed : RenewalDecision.NotRenewed, clock.Today, by, writtenIn);
        context.GetRequiredService<Trail>().Add(
            subject.Programme.Id, "term", $"{(isRenewed ? "Convention renouvelée pour trois ans" : "Convention non renouvelée")} : {writtenIn}", by, subjectId: term.Id);
    }
}

/// <summary>Records where what remains goes (R16, art. 8): to the funders, or to a local structure with the steering chair's agreement.</summary>
[Activity("Alize", "Programme", "Consigne où vont les sommes restantes : aux financeurs, ou à une structure locale avec l’accord du président du comité de pilotage.", DisplayName = "Consigner la destination des sommes")]
[FlowNode("Done", "Refused")]
public sealed class RecordRemainder : Activity
{
    [Input(DisplayName = "À une structure", Description = "Vrai : reversées à la structure nommée dans la réponse. Faux : rendues aux financeurs.")]
    public Input<bool> IsTransfer { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : structure, agreement.")]
    public Input<JsonObject?>? Answer { get; set; }

    [Input(DisplayName = "Décidé par", Description = "Nom de la personne qui a répondu.")]
    public Input<string> By { get; set; } = default!;

    [Output(DisplayName = "Motif du refus", Description = "Ce qui s’oppose au reversement. Vide : rien.")]
    public Output<string>? Reason { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (subject, term) = await context.GetRequiredService<StepSubjects>().TermAsync(context);
        var today = context.GetRequiredService<ProgrammeClock>().Today;
        var chair = (await context.GetRequiredService<CommitteeMembers>().ChairAsync(subject.Programme.Id, CommitteeKind.Steering, context.CancellationToken))?.FullName ?? "";
        var by = context.Get(By) ?? "";

        // A delegate's answer names both: it is the chair's own.
        var agreedBy = chair.Length > 0 && by.Contains(chair, StringComparison.Ordinal) ? chair : by;
        var answer = context.Get(Answer) ?? [];
        var agreement = ((string?)answer["agreement"])?.Trim() is { Length: > 0 } written ? written : $"réponse de {by} du {FrenchText.Date(today)}";
        var structure = context.Get(IsTransfer) ? ((string?)answer["structure"])?.Trim() ?? "" : "";
        var refusals = context.Get(IsTransfer) ? new TransferToLocalStructure(structure, agreedBy, today, agreement).Refusals(chair, today).ToList() : [];
        context.Set(Reason, string.Join(" ", refusals));
        if (refusals.Count == 0)
        {
            term.Destine(context.Get(IsTransfer) ? RemainderWay.ToLocalStructure : RemainderWay.ToFunders, structure, agreedBy, today, agreement);
            context.GetRequiredService<Trail>().Add(
                subject.Programme.Id, "term",
                structure.Length > 0 ? $"Sommes restantes à reverser à {structure} ({agreement})" : $"Sommes restantes à rendre aux financeurs ({agreement})", by, subjectId: term.Id);
        }

        await context.CompleteActivityWithOutcomesAsync(refusals.Count == 0 ? "Done" : "Refused");
    }
}

using Alize.Domain.Eligibility;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;

namespace Alize.Workflows.Eligibility;

/// <summary>Moves the project to a stage of its life and records who decided it and why.</summary>
[Activity("Alize", "Projet", "Fait passer le projet à une étape et consigne pourquoi.", DisplayName = "Changer d’étape")]
public sealed class EnterStage : CodeActivity
{
    [Input(DisplayName = "Étape", Description = "L’étape où entre le projet.", UIHint = InputUIHints.DropDown, UIHandler = typeof(StageChoices))]
    public Input<ProjectStage> Stage { get; set; } = default!;

    [Input(DisplayName = "Pourquoi", Description = "Motif consigné dans l’historique du projet.")]
    public Input<string> Reason { get; set; } = default!;

    [Input(DisplayName = "Décidé par", Description = "Vide : le service, selon la procédure.")]
    public Input<string?>? By { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var file = subject.File ?? throw new InvalidOperationException("EnterStage needs a project; this instance is about a session.");
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        var reason = await context.GetRequiredService<ProcedureTexts>().PlainAsync(context.Get(Reason)!, subject, context.CancellationToken);
        var stage = context.Get(Stage);
        if (file.Project.Stage == stage) return;
        if (stage is ProjectStage.Abandoned or ProjectStage.Closed)
        {
            var over = $"projet {StageNames.French(stage).ToLowerInvariant()}";
            await context.GetRequiredService<AdvanceCredits>().ReleaseAsync(file.Project, over, file.Project.Id, by, context.CancellationToken);
            await context.GetRequiredService<StaffDays>()
                .ProjectEndedAsync(file.Project.Id, over, context.GetRequiredService<ProgrammeClock>().Today, by, context.CancellationToken);
        }

        file.Project.Enter(stage, context.GetRequiredService<ProgrammeClock>().UtcNow, by, reason);
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, "stage", $"Étape « {StageNames.French(stage)} » : {reason}", by, file.Project.Id, file.Project.Id);
    }
}

/// <summary>What people read for a stage.</summary>
public static class StageNames
{
    public static string French(ProjectStage stage) => stage switch
    {
        ProjectStage.Detected => "Détecté",
        ProjectStage.Eligibility => "Éligibilité",
        ProjectStage.Instruction => "Instruction",
        ProjectStage.Committee => "Comité d’agrément",
        ProjectStage.Signature => "Signature de la convention",
        ProjectStage.Support => "Mise en œuvre",
        ProjectStage.Repayment => "Remboursement",
        ProjectStage.Evaluation => "Évaluation des emplois",
        ProjectStage.Closed => "Clos",
        ProjectStage.NotEligible => "Inéligible",
        ProjectStage.OrientedElsewhere => "Orienté vers un autre dispositif",
        ProjectStage.Rejected => "Rejeté",
        ProjectStage.Abandoned => "Abandonné",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "A stage without a name: add it here."),
    };
}

using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Signatures;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>
/// Réouverture of a decision, with a reason (R2, R19): the project comes before the committee again, what was under way because of the
/// decision stops, and the next decision states that it replaces this one.
/// </summary>
public sealed class DecisionReopening(
    AlizeDb db, Trail trail, AdvanceCredits credits, StaffDays days, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, ProgrammeClock clock)
{
    /// <summary>Reopens the decision in force on a project. An empty list means: done.</summary>
    public async Task<IReadOnlyList<Problem>> ReopenAsync(Guid projectId, string reason, string by, CancellationToken cancel)
    {
        var programmeId = await db.Projects.Where(p => p.Id == projectId).Select(p => p.ProgrammeId).SingleAsync(cancel);
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var project = await db.Projects.SingleAsync(p => p.Id == projectId, cancel);
        var decision = await db.DecisionsInForce.Where(d => d.ProjectId == projectId).OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancel);
        var problems = await ProblemsAsync(project, decision, reason, cancel);
        if (problems.Count > 0) return problems;
        if (await DecisionStepAsync(cancel) is not { } step)
            return [new("", "La procédure publiée n’attend plus de décision du comité : aucune étape « Attendre la décision du comité ». Rétablissez-la, puis rouvrez la décision.")];

        await VoidAsync(decision!, project, reason.Trim(), by, cancel);
        foreach (var task in await db.PartnerTasks.Where(t => t.ProjectId == projectId && t.State == PartnerTaskState.Open).ToListAsync(cancel))
            task.Close(PartnerTaskState.Cancelled);
        foreach (var convention in await db.Conventions.Where(c => c.ProjectId == projectId && c.State == ConventionState.AwaitingSignatures).ToListAsync(cancel))
            convention.Refuse(null, "La décision du comité a été rouverte");
        project.Enter(ProjectStage.Committee, clock.UtcNow, by, $"Décision rouverte : {reason.Trim()}");

        var sent = new List<string>();
        var correlation = projectId.ToString();
        foreach (var instanceId in await db.WorkflowInstances.Where(i => i.CorrelationId == correlation && i.ParentInstanceId == null
            && i.DefinitionId == Detection.Procedure && i.Status == WorkflowStatus.Running).Select(i => i.Id).ToListAsync(cancel))
            sent.Add(Post(Stimuli.Cancel(instanceId, clock.UtcNow)));
        var times = await db.Reopenings.CountAsync(r => db.Decisions.Any(d => d.Id == r.DecisionId && d.ProjectId == projectId), cancel) + 1;
        sent.Add(Post(signals.Start(
            Detection.Procedure, $"project-{projectId:N}-{times}", projectId, programmeId, project.Title, activityId: step)));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var id in sent) await runtime.DeliverAsync(id, cancel);
        return [];
    }

    /// <summary>Records that a decision no longer takes effect; a second call changes nothing.</summary>
    internal async Task VoidAsync(CommitteeDecision decision, CompanyProject project, string reason, string by, CancellationToken cancel)
    {
        db.Reopenings.Add(new Reopening { DecisionId = decision.Id, ProgrammeId = decision.ProgrammeId, Reason = reason, By = by, At = clock.UtcNow });
        await credits.ReleaseAsync(project, "décision rouverte", decision.Id, by, cancel);
        foreach (var commitment in await db.CompetenceCommitments.Where(c => c.DecisionId == decision.Id).ToListAsync(cancel))
            await days.ReopenedAsync(commitment, clock.Today, by, cancel);
        trail.Add(decision.ProgrammeId, "decision-reopened", $"Décision du {Domain.FrenchText.Date(decision.DecidedOn)} rouverte : {reason}", by, decision.ProjectId, decision.Id);
    }

    private string Post(Engine.Storage.Stimulus stimulus)
    {
        store.Enqueue(stimulus);
        return stimulus.Id;
    }

    /// <summary>Where the published procedure waits for the committee: the new run begins there.</summary>
    private async Task<string?> DecisionStepAsync(CancellationToken cancel)
    {
        var definition = await store.FindDefinitionAsync(Detection.Procedure, published: true, cancel);
        var steps = definition is null ? null : DefinitionDocument.Parse(definition.Json).Json["root"]?["activities"]?.AsArray();
        return (string?)steps?.FirstOrDefault(s => (string?)s?["type"] == $"Alize.{nameof(AwaitDecision)}")?["id"];
    }

    private async Task<IReadOnlyList<Problem>> ProblemsAsync(CompanyProject project, CommitteeDecision? decision, string reason, CancellationToken cancel)
    {
        if (decision is null) return [new("", $"Le projet {project.Number} n’a pas de décision en vigueur : il n’y a rien à rouvrir.")];
        if (reason.Trim().Length == 0) return [new("reopen", "Dites pourquoi la décision est rouverte : le motif est consigné et figure au compte rendu.")];
        if (project.Stage == ProjectStage.Committee) return [new("", $"Le projet {project.Number} est déjà devant le comité.")];
        if (decision.Outcome == DecisionOutcome.Deferred) return [new("", "Un projet ajourné revient de lui-même devant le comité après son instruction.")];
        if (await db.Conventions.AnyAsync(c => c.DecisionId == decision.Id && c.State == ConventionState.Signed, cancel))
            return [new("", "La convention est signée par tous : la décision est exécutée et ne se rouvre plus. Une nouvelle décision du comité peut la compléter (rééchelonnement, perte constatée).")];
        if (await db.Advances.AnyAsync(a => a.DecisionId == decision.Id, cancel))
            return [new("", "L’avance est versée : la décision ne se rouvre plus.")];
        return [];
    }
}

/// <summary>Reopens the decision because its condition was not met; the project comes before the committee again.</summary>
[Activity("Alize", "Comité", "Constate que la condition d’un agrément n’est pas remplie : la décision ne prend pas effet.", DisplayName = "Rouvrir la décision")]
public sealed class ReopenDecision : CodeActivity
{
    [Input(DisplayName = "Motif", Description = "Pourquoi la décision ne prend pas effet.")]
    public Input<string> Reason { get; set; } = default!;

    [Input(DisplayName = "Constaté par", Description = "Vide : le service, selon la procédure.")]
    public Input<string?>? By { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var projectId = context.Correlation();
        var db = context.GetRequiredService<AlizeDb>();
        var decision = await db.DecisionsInForce.Where(d => d.ProjectId == projectId)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstOrDefaultAsync(context.CancellationToken);
        if (decision is null) return;
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        var project = await db.Projects.SingleAsync(p => p.Id == projectId, context.CancellationToken);
        await context.GetRequiredService<DecisionReopening>().VoidAsync(decision, project, context.Get(Reason) ?? "Condition non remplie", by, context.CancellationToken);
    }
}

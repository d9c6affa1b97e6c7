using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>Waits until the approval committee has decided on the project (R2), and goes on as it decided.</summary>
[Activity("Alize", "Comité", "Attend la décision du comité d’agrément sur le projet.", DisplayName = "Attendre la décision du comité")]
[FlowNode("Approved", "Conditional", "Rejected", "Deferred")]
public sealed class AwaitDecision : Activity
{
    [Output(DisplayName = "Avance accordée", Description = "Vrai quand la décision accorde une avance remboursable.")]
    public Output<bool>? HasAdvance { get; set; }

    [Output(DisplayName = "Compétences accordées", Description = "Vrai quand la décision comporte un appui en compétences.")]
    public Output<bool>? HasCompetences { get; set; }

    [Output(DisplayName = "Condition", Description = "Ce qui doit être rempli avant que la décision prenne effet ; vide quand rien ne l’est.")]
    public Output<string>? Condition { get; set; }

    [Output(DisplayName = "Motif", Description = "Le motif consigné au compte rendu.")]
    public Output<string>? Reason { get; set; }

    protected override void Execute(ActivityExecutionContext context) =>
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = Signals.ProjectDecided,
            Stimulus = Signals.Key(context.Correlation()),
            Callback = OnDecidedAsync,
        });

    private async ValueTask OnDecidedAsync(ActivityExecutionContext context)
    {
        var decision = await DecisionsOf(context, context.Correlation())
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstAsync(context.CancellationToken);
        var commitments = await context.GetRequiredService<AlizeDb>().CompetenceCommitments
            .CountAsync(c => c.DecisionId == decision.Id, context.CancellationToken);
        context.Set(HasAdvance, decision.Advance > Money.Zero);
        context.Set(HasCompetences, commitments > 0);
        context.Set(Reason, decision.Reason);
        context.Set(Condition, decision.Condition);
        await context.CompleteActivityWithOutcomesAsync(
            decision is { Outcome: DecisionOutcome.Approved, Condition.Length: > 0 } ? "Conditional" : decision.Outcome.ToString());
    }

    private static IQueryable<CommitteeDecision> DecisionsOf(ActivityExecutionContext context, Guid projectId) =>
        context.GetRequiredService<AlizeDb>().Decisions.Where(d => d.ProjectId == projectId);
}

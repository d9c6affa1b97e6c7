using Alize.Data;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>Who moves a procedure by hand, and why.</summary>
/// <param name="By">Name for the trail.</param>
/// <param name="Reason">Why. Null for a program that gives none.</param>
/// <param name="Programmes">Programmes where the person designs or operates: the trail of what belongs to no programme.</param>
public sealed record ByHand(string By, string? Reason, IReadOnlyCollection<Guid> Programmes);

/// <summary>
/// Moves instances by hand. The message that moves one is written together with its line in the trail, and delivered at once; what a
/// crash interrupts is delivered at the next start.
/// </summary>
public sealed class ProcedureRepair(AlizeDb db, WorkflowRuntime runtime, Trail trail, TimeProvider time)
{
    /// <summary>
    /// Kinds of waiting that an answer, a vote, a session or a payment ends: each has its page, where what is decided is written. To go
    /// on without it would be to go on without the answer.
    /// </summary>
    private static readonly Dictionary<string, string> OwnPage = new()
    {
        [Signals.TermChanged] = "Cette procédure attend que les sommes restantes puissent être réparties. Enregistrez la clause à la page « Terme de la convention », ou attendez le point mensuel.",
        [Signals.InstallmentSettled] = "Cette étape attend le paiement d’une échéance. Enregistrez le remboursement à la page de l’avance.",
        [Signals.ProjectDecided] = "Cette étape attend la décision du comité d’agrément. Enregistrez le vote à la page de la séance.",
        [Signals.SessionChanged] = "Cette étape attend que la séance soit déplacée, complétée ou annulée. Faites-le à la page de la séance.",
        [Signals.SessionClosed] = "Cette étape attend la fin de la séance. Levez la séance à sa page.",
        [Signals.TaskAnswered] = "Cette étape attend la réponse à une demande. Répondez-y à la page des tâches, ou relancez la personne.",
    };

    /// <summary>Why a wait may not be ended by hand; null when it may.</summary>
    public static string? ResumeRefusal(string bookmarkName) => OwnPage.GetValueOrDefault(bookmarkName);

    /// <summary>Why an instance cannot be retried; null when it can.</summary>
    public static string? RetryRefusal(WorkflowInstance instance) => instance switch
    {
        { Status: WorkflowStatus.Finished } => "Cette procédure est terminée : elle ne peut plus être relancée. Démarrez-en une nouvelle.",
        { IncidentCount: 0 } => "Cette procédure n’a aucune étape en échec : il n’y a rien à relancer.",
        _ => null,
    };

    /// <summary>Runs the failed steps again, from where they stood.</summary>
    public Task RetryAsync(WorkflowInstance instance, ByHand hand, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return ActAsync(instance, hand, "procedure-retry", "étape en échec relancée", new Stimulus
        {
            Id = Id("retry"),
            Kind = StimulusKind.Retry,
            InstanceId = instance.Id,
            CreatedAt = now,
            NotBefore = now,
            ExpiresAt = now + Stimuli.DefaultLife,
        }, cancel);
    }

    /// <summary>Ends an instance and those it waits for; one that has ended stays as it ended. False when it had.</summary>
    public async Task<bool> CancelAsync(WorkflowInstance instance, ByHand hand, CancellationToken cancel)
    {
        if (instance.Status == WorkflowStatus.Finished) return false;
        await ActAsync(instance, hand, "procedure-cancel", "procédure annulée", Stimuli.Cancel(instance.Id, time.GetUtcNow()), cancel);
        return true;
    }

    /// <summary>Ends a wait before what it waits for.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that has its own page; see <see cref="ResumeRefusal"/>.</exception>
    public Task ResumeAsync(WorkflowInstance instance, StoredBookmark bookmark, IReadOnlyDictionary<string, object?>? input, ByHand hand, CancellationToken cancel)
    {
        if (ResumeRefusal(bookmark.Name) is { } refusal) throw new InvalidOperationException(refusal);
        var now = time.GetUtcNow().UtcDateTime;
        return ActAsync(instance, hand, "procedure-resume", $"attente levée à l’étape « {bookmark.ActivityNodeId.Split(':')[^1]} »", new Stimulus
        {
            Id = Id("resume"),
            Kind = StimulusKind.Deliver,
            InstanceId = instance.Id,
            BookmarkId = bookmark.Id,
            Input = input is null ? null : System.Text.Json.JsonSerializer.Serialize(input),
            CreatedAt = now,
            NotBefore = now,
            ExpiresAt = now + Stimuli.DefaultLife,
        }, cancel);
    }

    /// <summary>Writes a line on an instance into the unit of work at hand.</summary>
    public async Task NoteAsync(WorkflowInstance instance, ByHand hand, string kind, string what, CancellationToken cancel)
    {
        Guid? projectId = Guid.TryParse(instance.CorrelationId, out var about) && await db.Projects.AnyAsync(p => p.Id == about, cancel) ? about : null;
        var reason = string.IsNullOrWhiteSpace(hand.Reason) ? "" : $" Motif : {hand.Reason.Trim()}";
        foreach (var programme in Guid.TryParse(instance.TenantId, out var own) ? [own] : hand.Programmes)
            trail.Add(programme, kind, Domain.FrenchText.Typeset($"« {instance.Name ?? instance.DefinitionId} » : {what}.{reason}"), hand.By, projectId);
    }

    private async Task ActAsync(WorkflowInstance instance, ByHand hand, string kind, string what, Stimulus stimulus, CancellationToken cancel)
    {
        await NoteAsync(instance, hand, kind, what, cancel);
        if (!await db.Stimuli.AnyAsync(s => s.Id == stimulus.Id, cancel)) db.Stimuli.Add(stimulus);
        await db.SaveChangesAsync(cancel);
        await runtime.DeliverAsync(stimulus.Id, cancel);
    }

    private string Id(string what) => $"{what}:{Guid.CreateVersion7(time.GetUtcNow()):N}";
}

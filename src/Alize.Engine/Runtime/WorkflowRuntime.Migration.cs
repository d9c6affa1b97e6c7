using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime.Migration;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Runtime;

/// <summary>Says that an instance is about to be moved, in the unit of work that moves it: for the host's trail.</summary>
/// <param name="scope">That unit of work's services.</param>
/// <param name="plan">What is done.</param>
/// <param name="cancel">Gives up.</param>
public delegate Task NoteMigration(IServiceProvider scope, MigrationPlan plan, CancellationToken cancel);

/// <summary>Moving running instances to another version of their definition.</summary>
public sealed partial class WorkflowRuntime
{
    /// <summary>What moving an instance would do: where it stands, where it would land, and why it cannot be moved. Changes nothing.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="versionId">Id of the version to move to.</param>
    /// <param name="replacements">New activity id by old one, for steps that were renamed or replaced by one of the same type. Null for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    /// <exception cref="DefinitionException">There is no such version, or it cannot run.</exception>
    public async Task<MigrationPlan> PlanMigrationAsync(
        string instanceId, string versionId, IReadOnlyDictionary<string, string>? replacements, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await PrepareMigrationAsync(Store(scope), instanceId, versionId, replacements, cancel)).Plan;
    }

    /// <summary>
    /// Moves an instance, in one transaction: what was done stays done, bookmarks and deadlines keep their ids and due moments, and the
    /// journal says who moved it and why. Nothing changes when the plan has refusals.
    /// </summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="versionId">Id of the version to move to.</param>
    /// <param name="replacements">As at <see cref="PlanMigrationAsync"/>.</param>
    /// <param name="by">Who moves it, for the journal.</param>
    /// <param name="reason">Why, for the journal. Null for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What was done; or, with refusals, why nothing was.</returns>
    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    /// <exception cref="DefinitionException">There is no such version, or it cannot run.</exception>
    public Task<MigrationPlan> MigrateAsync(
        string instanceId, string versionId, IReadOnlyDictionary<string, string>? replacements, string by, string? reason, CancellationToken cancel) =>
        MigrateAsync(instanceId, versionId, replacements, by, reason, note: null, cancel);

    /// <summary>As above, with a word for the host's trail, committed with the move.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="versionId">Id of the version to move to.</param>
    /// <param name="replacements">As at <see cref="PlanMigrationAsync"/>.</param>
    /// <param name="by">Who moves it, for the journal.</param>
    /// <param name="reason">Why, for the journal. Null for none.</param>
    /// <param name="note">Told before the commit; again when another burst came first. Null for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What was done; or, with refusals, why nothing was.</returns>
    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    /// <exception cref="DefinitionException">There is no such version, or it cannot run.</exception>
    public async Task<MigrationPlan> MigrateAsync(
        string instanceId, string versionId, IReadOnlyDictionary<string, string>? replacements, string by, string? reason, NoteMigration? note, CancellationToken cancel)
    {
        for (var collisions = 0; ; collisions++)
        {
            using (await _locks.EnterAsync(instanceId, cancel))
            {
                await using var scope = scopes.CreateAsyncScope();
                var store = Store(scope);
                var prepared = await PrepareMigrationAsync(store, instanceId, versionId, replacements, cancel);
                if (prepared.Workflow is not { } workflow || !prepared.Plan.IsPossible)
                    return prepared.Plan;

                try
                {
                    if (note is not null)
                        await note(scope.ServiceProvider, prepared.Plan, cancel);
                    await CommitMigrationAsync(store, workflow, prepared.Plan, replacements, by, reason, cancel);
                    log.LogInformation("Instance {InstanceId} moved from version {From} to {To}", instanceId, prepared.Plan.FromVersion, prepared.Plan.ToVersion);
                    return prepared.Plan;
                }
                catch (StaleInstanceException e) when (collisions < options.Value.MaxCollisions)
                {
                    log.LogDebug(e, "Instance {InstanceId} was changed meanwhile; looking again", instanceId);
                }
            }
        }
    }

    private async Task<(MigrationPlan Plan, WorkflowExecutionContext? Workflow)> PrepareMigrationAsync(
        IWorkflowStore store, string instanceId, string versionId, IReadOnlyDictionary<string, string>? replacements, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        ArgumentNullException.ThrowIfNull(versionId);
        var instance = await store.FindInstanceAsync(instanceId, cancel)
            ?? throw new InvalidOperationException($"Instance '{instanceId}' does not exist. Was it deleted by retention?");
        var version = await store.FindDefinitionVersionAsync(versionId, cancel)
            ?? throw new DefinitionException(new Sentence("no-such-version", instance.DefinitionId, versionId));
        MigrationPlan Refused(MigrationReason why, string subject = "") =>
            new(instanceId, instance.DefinitionVersion, version.Version, [], [], [new(why, subject)]);
        if (version.DefinitionId != instance.DefinitionId) return (Refused(MigrationReason.OtherDefinition, version.Name), null);
        if (version.Id == instance.DefinitionVersionId) return (Refused(MigrationReason.SameVersion), null);
        if (instance.Status == WorkflowStatus.Finished) return (Refused(MigrationReason.Ended), null);

        var from = instance.DefinitionVersion;
        var (source, target) = (await cache.GetAsync(instance.DefinitionVersionId, store, cancel), await cache.GetAsync(version, store, cancel));
        var migration = new StateMigration(source, target, replacements ?? new Dictionary<string, string>(), instance.State);
        migration.Rewrite(instanceId);
        var workflow = migration.Refusals.Count > 0 ? null : Read(migration, instance, version, target, cancel);
        return (new(instanceId, from, version.Version, migration.Steps, migration.PassedOver, migration.Refusals), workflow);
    }

    /// <summary>The instance as the other version reads it: the proof that it can go on.</summary>
    private WorkflowExecutionContext? Read(StateMigration migration, WorkflowInstance instance, StoredDefinition version, CompiledWorkflow target, CancellationToken cancel)
    {
        var workflow = new WorkflowExecutionContext(instance, target, EmptyServices.Instance, time, cancel);
        try
        {
            StateReader.Read(workflow, migration.Bytes());
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            log.LogWarning(e, "The state of {InstanceId} cannot be read with version {Version}", instance.Id, version.Version);
            migration.Refuse(MigrationReason.Unreadable, "");
            return null;
        }

        (instance.DefinitionVersionId, instance.DefinitionVersion) = (version.Id, version.Version);
        return workflow;
    }

    private async Task CommitMigrationAsync(
        IWorkflowStore store, WorkflowExecutionContext workflow, MigrationPlan plan, IReadOnlyDictionary<string, string>? replacements, string by, string? reason, CancellationToken cancel)
    {
        var note = new JsonObject
        {
            ["from"] = plan.FromVersion,
            ["to"] = plan.ToVersion,
            ["by"] = by,
            ["reason"] = reason,
            ["replacements"] = new JsonObject((replacements ?? new Dictionary<string, string>()).Select(r => new KeyValuePair<string, JsonNode?>(r.Key, r.Value))),
        };
        workflow.Journal.Migrated(workflow.Root, $"Version {plan.FromVersion} → {plan.ToVersion}", note.ToJsonString());
        foreach (var context in workflow.Contexts)
            workflow.Journal.Touch(context);

        var moved = (await store.BookmarksOfAsync(workflow.Id, cancel))
            .Select(b => (Row: b, NodeId: workflow.FindContext(b.ActivityInstanceId)?.NodeId ?? b.ActivityNodeId))
            .Where(b => b.NodeId != b.Row.ActivityNodeId).ToList();
        workflow.Instance.UpdatedAt = time.GetUtcNow().UtcDateTime;
        workflow.Instance.State = StateWriter.Write(workflow, isFinished: false);
        await store.CommitAsync(new Burst
        {
            Instance = workflow.Instance,
            RemovedBookmarkIds = [.. moved.Select(b => b.Row.Id)],
            AddedBookmarks = [.. moved.Select(b => new StoredBookmark
            {
                Id = b.Row.Id,
                InstanceId = b.Row.InstanceId,
                Name = b.Row.Name,
                Hash = b.Row.Hash,
                CorrelationId = b.Row.CorrelationId,
                ActivityNodeId = b.NodeId,
                ActivityInstanceId = b.Row.ActivityInstanceId,
                Payload = b.Row.Payload,
                CreatedAt = b.Row.CreatedAt,
            })],
            Journal = workflow.Journal.Lines,
            Executions = workflow.Journal.Executions(),
        }, cancel);
    }
}

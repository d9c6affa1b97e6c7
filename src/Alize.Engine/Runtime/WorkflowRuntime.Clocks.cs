using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alize.Engine.Runtime;

/// <summary>Starts by clock.</summary>
public sealed partial class WorkflowRuntime
{
    /// <summary>Starts what a clock starts. The id follows from the moment, so that several sweeps and nodes start it once.</summary>
    private async Task<int> StartScheduledAsync(CancellationToken cancel)
    {
        var bursts = 0;
        await using var scope = scopes.CreateAsyncScope();
        var store = Store(scope);
        foreach (var definition in await store.PublishedDefinitionsAsync(cancel))
        {
            try
            {
                bursts += await StartScheduledAsync(definition, store, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One definition that cannot run must not stop the deadlines of all others.
                log.LogError(e, "Definition {DefinitionId} could not be started by its clock", definition.DefinitionId);
            }
        }

        return bursts;
    }

    private async Task<int> StartScheduledAsync(StoredDefinition definition, IWorkflowStore store, CancellationToken cancel)
    {
        var bursts = 0;
        var published = new DateTimeOffset(DateTime.SpecifyKind(definition.PublishedAt ?? definition.CreatedAt, DateTimeKind.Utc));
        var compiled = await cache.GetAsync(definition, store, cancel);
        foreach (var (activityId, at) in await triggers.DueAsync(compiled, published, time.GetUtcNow() - options.Value.MissedStarts, cancel))
        {
            var instanceId = $"{definition.DefinitionId}@{activityId}@{at.UtcDateTime:yyyyMMdd'T'HHmmss}";
            if (time.GetUtcNow() - at > options.Value.MissedStarts || await store.FindInstanceAsync(instanceId, cancel) is not null)
                continue;

            // A process may have died of it before this one: as a message it is counted like all that was left.
            if (at.UtcDateTime < _begunAt)
            {
                var ends = at + options.Value.MissedStarts;
                await store.SendAsync(Stimuli.Start(definition.DefinitionId, instanceId, null, null, null, null, at, activityId, ends), cancel);
                continue;
            }

            try
            {
                await StartAsync(new StartWorkflow { DefinitionId = definition.DefinitionId, InstanceId = instanceId, TriggerActivityId = activityId }, cancel);
                bursts++;
            }
            catch (ActivationRefusedException refusal)
            {
                // The one before still runs: it starts when that has ended, unless its own moment is long past by then.
                log.LogDebug("{Refusal}", refusal.Message);
            }
        }

        return bursts;
    }
}

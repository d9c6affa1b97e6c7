using System.Text.Json.Nodes;
using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>What came of writing variables of an instance by hand.</summary>
/// <param name="Unknown">Ids that no open part of the instance declares.</param>
/// <param name="WrongType">Names of variables whose type the value does not fit.</param>
/// <param name="IsEnded">Whether the instance has ended, so that nothing can be written any more.</param>
public sealed record VariablesWritten(IReadOnlyList<string> Unknown, IReadOnlyList<string> WrongType, bool IsEnded)
{
    /// <summary>Whether they were written; else nothing was.</summary>
    public bool IsDone => Unknown.Count == 0 && WrongType.Count == 0 && !IsEnded;
}

/// <summary>Writing variables of a running instance by hand.</summary>
public sealed partial class WorkflowRuntime
{
    /// <summary>Writes variables, all or none, in one burst of its own; the journal says which and who.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="values">New values by variable id.</param>
    /// <param name="by">Who writes them, for the journal.</param>
    /// <param name="note">For the host's trail, in the same unit of work. Null for none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What came of it; null when there is no such instance.</returns>
    public async Task<VariablesWritten?> SetVariablesAsync(
        string instanceId, IReadOnlyDictionary<string, JsonNode?> values, string by, Func<IServiceProvider, CancellationToken, Task>? note, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(values);
        VariablesWritten? written = null;
        await BurstAsync(instanceId, null, async (workflow, _) =>
        {
            var cells = workflow.Contexts.SelectMany(c => c.Cells ?? []).DistinctBy(c => c.Id).ToDictionary(c => c.Id);
            var converted = values.Where(v => cells.ContainsKey(v.Key)).Select(v => (Cell: cells[v.Key], Value: Values.Convert(Values.FromJson(v.Value), cells[v.Key].Type))).ToList();
            written = new(
                [.. values.Keys.Where(id => !cells.ContainsKey(id))],
                [.. converted.Where(c => c.Value is not null && c.Cell.Type?.IsInstanceOfType(c.Value) == false).Select(c => c.Cell.Name)],
                workflow.Instance.Status == WorkflowStatus.Finished);
            if (!written.IsDone || converted.Count == 0)
                return false;

            foreach (var (cell, value) in converted)
                cell.Value = value;
            workflow.Journal.VariablesWritten(
                workflow.Root, string.Join(", ", converted.Select(c => c.Cell.Name)),
                new JsonObject { ["by"] = by, ["variables"] = new JsonArray([.. converted.Select(c => (JsonNode)c.Cell.Name)]) }.ToJsonString());
            if (note is not null)
                await note(workflow.Services, cancel);
            return true;
        }, cancel);
        return written;
    }
}

using System.Security.Claims;
using System.Text.Json.Nodes;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa.Instances;

/// <summary>The journal of an instance, page by page. Of an unknown instance Elsa answers an empty page.</summary>
internal static class Journals
{
    private const int LongestPage = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        var journal = api.MapGroup("/workflow-instances/{id}/journal");
        journal.MapGet("", (string id, int? page, int? pageSize, int? skip, int? take, JournalReader reader, ClaimsPrincipal user, CancellationToken cancel) =>
            ListAsync(id, new(Page: page, PageSize: pageSize, Skip: skip, Take: take), null, reader, user, cancel));
        journal.MapPost("", (string id, int? skip, int? take, Asked? asked, JournalReader reader, ClaimsPrincipal user, CancellationToken cancel) =>
            ListAsync(id, asked is null ? new(Skip: skip, Take: take) : asked with { Skip = asked.Skip ?? skip, Take = asked.Take ?? take }, asked?.Filter, reader, user, cancel));
        journal.MapGet("/{activityId}", LastAsync);
    }

    private static async Task<Ok<PagedAnswer<JournalLine>>> ListAsync(
        string id, Asked asked, JournalFilter? filter, JournalReader reader, ClaimsPrincipal user, CancellationToken cancel)
    {
        var take = Math.Clamp(asked.Take ?? asked.PageSize ?? LongestPage, 1, LongestPage);
        var skip = Math.Max(asked.Skip ?? (asked.Page ?? 0) * take, 0);
        var (lines, total) = await reader.PageAsync(id, filter, skip, take, user, cancel);
        return TypedResults.Ok(new PagedAnswer<JournalLine>(lines, total));
    }

    private static async Task<Results<Ok<LastJournalLine>, NotFound>> LastAsync(string id, string activityId, JournalReader reader, ClaimsPrincipal user, CancellationToken cancel) =>
        await reader.LastAsync(id, activityId, user, cancel) is { } line ? TypedResults.Ok(line) : TypedResults.NotFound();

    private sealed record Asked(JournalFilter? Filter = null, int? Page = null, int? PageSize = null, int? Skip = null, int? Take = null);
}

/// <summary>Which lines; each list narrows, null is "any".</summary>
internal sealed record JournalFilter(
    IReadOnlyList<string>? ActivityIds, IReadOnlyList<string>? ActivityNodeIds, IReadOnlyList<string>? ExcludedActivityTypes, IReadOnlyList<string>? EventNames)
{
    public bool Holds(JournalRecord line) =>
        (ActivityIds is null || ActivityIds.Contains(line.ActivityId))
        && (ActivityNodeIds is null || ActivityNodeIds.Contains(line.NodeId))
        && ExcludedActivityTypes?.Contains(line.ActivityType) != true
        && (EventNames is null || EventNames.Contains(line.EventName));
}

/// <summary>Reads journals of instances within reach.</summary>
internal sealed class JournalReader(InstancesInReach instances, IWorkflowStore store, ActivityRegistry registry)
{
    private const int AtOnce = 1000;

    /// <summary>A page, and how many lines the filter lets through. The lines of one instance are read whole: a filter can be counted in no other way.</summary>
    public async Task<(IReadOnlyList<JournalLine> Lines, int Total)> PageAsync(
        string instanceId, JournalFilter? filter, int skip, int take, ClaimsPrincipal user, CancellationToken cancel)
    {
        var page = new List<JournalLine>();
        var total = 0;
        if (await instances.FindAsync(instanceId, user, cancel) is not null)
        {
            await foreach (var line in LinesAsync(instanceId, cancel))
            {
                if (filter?.Holds(line) == false) continue;
                if (total >= skip && page.Count < take) page.Add(Line(line));
                total++;
            }
        }

        return (page, total);
    }

    /// <summary>The last line of an activity; null when it never ran.</summary>
    public async Task<LastJournalLine?> LastAsync(string instanceId, string activityId, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await instances.FindAsync(instanceId, user, cancel) is not { } instance) return null;
        JournalRecord? last = null;
        await foreach (var line in LinesAsync(instanceId, cancel))
            if (line.ActivityId == activityId)
                last = line;
        return last is null ? null : LastJournalLine.Of(instance, Line(last), last.NodeId);
    }

    /// <summary>Every line, in order.</summary>
    public async IAsyncEnumerable<JournalRecord> LinesAsync(string instanceId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var after = 0L;
        while (await store.JournalAsync(instanceId, after, AtOnce, cancel) is { Count: > 0 } lines)
        {
            foreach (var line in lines) yield return line;
            after = lines[^1].Sequence;
            if (lines.Count < AtOnce) yield break;
        }
    }

    public JournalLine Line(JournalRecord line) => new(
        line.Id, line.ActivityInstanceId, line.ParentActivityInstanceId, line.ActivityId, line.ActivityType,
        registry.TryFind(line.ActivityType, out var descriptor) ? descriptor.Version : 1,
        line.ActivityName, line.NodeId, ElsaTime.Of(line.At), line.Sequence, line.EventName, line.Message, line.Payload is null ? null : JsonNode.Parse(line.Payload));
}

/// <summary>A line as the viewer reads it.</summary>
internal sealed record JournalLine(
    string Id, string ActivityInstanceId, string? ParentActivityInstanceId, string ActivityId, string ActivityType, int ActivityTypeVersion, string? ActivityName, string NodeId,
    DateTimeOffset Timestamp, long Sequence, string EventName, string? Message, JsonNode? Payload);

/// <summary>The last line of an activity, with the instance it belongs to.</summary>
internal sealed record LastJournalLine(
    string WorkflowDefinitionId, string WorkflowDefinitionVersionId, string WorkflowInstanceId, int WorkflowVersion, string Id, string ActivityInstanceId,
    string? ParentActivityInstanceId, string ActivityId, string ActivityType, int ActivityTypeVersion, string? ActivityName, string ActivityNodeId,
    DateTimeOffset Timestamp, long Sequence, string EventName, string? Message, JsonNode? Payload)
{
    public static LastJournalLine Of(WorkflowInstance instance, JournalLine line, string nodeId) => new(
        instance.DefinitionId, instance.DefinitionVersionId, instance.Id, instance.DefinitionVersion, line.Id, line.ActivityInstanceId, line.ParentActivityInstanceId,
        line.ActivityId, line.ActivityType, line.ActivityTypeVersion, line.ActivityName, nodeId, line.Timestamp, line.Sequence, line.EventName, line.Message, line.Payload);
}

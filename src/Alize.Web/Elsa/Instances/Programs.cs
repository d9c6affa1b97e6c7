using System.Security.Claims;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa.Instances;

/// <summary>
/// What programs tell instances: events, finished tasks, bookmarks. Where somebody does not reach every programme of the server, an
/// event is for one of them: Elsa's header <c>X-Tenant-Id</c> names it, by its id or its slug.
/// </summary>
internal static class Programs
{
    public const string TenantHeader = "X-Tenant-Id";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/events/{name}/trigger", TriggerAsync);
        api.MapPost("/tests/activities", TryAlone);
        api.MapPost("/tasks/{taskId}/complete", CompleteAsync);
        api.MapPost("/bookmarks/resume", ResumeAsync);
        api.MapGet("/bookmark-queue/dead-letters", DeadLettersAsync);
    }

    /// <summary>An event that nobody awaits yet is kept for a while: the answer is the same, as at Elsa.</summary>
    private static async Task<Results<Ok, JsonHttpResult<ElsaProblem>>> TriggerAsync(
        string name, EventGiven? given, HttpRequest request, Senders senders, ClaimsPrincipal user, CancellationToken cancel)
    {
        var tenant = await senders.TenantAsync(request.Headers[TenantHeader].ToString(), user, cancel);
        if (tenant.Refusal is { } refusal) return ElsaErrors.Invalid(refusal);
        if (given?.WorkflowInstanceId is { Length: > 0 } id && !await senders.ReachesAsync(id, user, cancel))
            return ElsaErrors.Invalid($"L’instance « {id} » n’existe pas. Vérifiez son identifiant.");

        await senders.SendEventAsync(name, given ?? new EventGiven(), tenant.Id, user, cancel);
        return TypedResults.Ok();
    }

    /// <summary>A task that nobody waits for is answered alike, as at Elsa: whoever reports it twice does no harm.</summary>
    private static async Task<Ok> CompleteAsync(string taskId, TaskGiven? given, Senders senders, ClaimsPrincipal user, CancellationToken cancel)
    {
        await senders.CompleteTaskAsync(taskId, given?.Result, user, cancel);
        return TypedResults.Ok();
    }

    private static async Task<Results<Ok, NotFound, JsonHttpResult<ElsaProblem>>> ResumeAsync(
        string? t, BookmarkGiven? given, Senders senders, ClaimsPrincipal user, CancellationToken cancel)
    {
        if ((t ?? given?.BookmarkId) is not { Length: > 0 } id) return ElsaErrors.Invalid("Nommez le signet à reprendre : bookmarkId dans le corps, ou t dans l’adresse.");
        return await senders.ResumeAsync(id, given?.Input, given?.Reason, user, cancel) switch
        {
            null => TypedResults.NotFound(),
            "" => TypedResults.Ok(),
            var refusal => ElsaErrors.Refused(StatusCodes.Status409Conflict, refusal),
        };
    }

    /// <summary>Messages that have found nobody so far, oldest first.</summary>
    private static async Task<Ok<PagedAnswer<DeadLetter>>> DeadLettersAsync(int? page, int? pageSize, AlizeDb db, ProgrammeReach reach, ClaimsPrincipal user, CancellationToken cancel)
    {
        var tenants = await reach.TenantsAsync(user, cancel);
        var letters = db.Stimuli.AsNoTracking().Where(s => s.Kind == StimulusKind.Deliver && s.Attempts > 0
            && (s.TenantId == null || tenants.Contains(s.TenantId))
            && (s.InstanceId == null || !db.WorkflowInstances.Any(i => i.Id == s.InstanceId && i.TenantId != null && !tenants.Contains(i.TenantId))));
        var found = await new ElsaPage(page, pageSize).Of(letters.OrderBy(s => s.CreatedAt).ThenBy(s => s.Id)).ToListAsync(cancel);
        return TypedResults.Ok(new PagedAnswer<DeadLetter>(
            [.. found.Select(s => new DeadLetter(s.Id, s.Name, s.Hash, s.InstanceId, s.CorrelationId, s.BookmarkId, s.Attempts, s.LastError, ElsaTime.Of(s.CreatedAt), ElsaTime.Of(s.ExpiresAt)))],
            await letters.LongCountAsync(cancel)));
    }

    /// <summary>
    /// Elsa runs the step for real. Here a step writes and sends in a programme's name, so it is tried only with its whole procedure, on
    /// a copy: the answer says where.
    /// </summary>
    private static Ok<Tried> TryAlone() => TypedResults.Ok(new Tried(
        [], [], [],
        new TrialRefused("NotSupported", "Une étape seule ne s’essaie pas : elle écrirait et enverrait pour de vrai. Essayez la procédure entière à la page « Conception », lien « Ce qui se passerait »."),
        "Faulted"));

    private sealed record Tried(JsonObject ActivityState, JsonObject Outputs, JsonObject Payload, TrialRefused Exception, string Status);

    private sealed record TrialRefused(string Type, string Message);

    private sealed record TaskGiven(JsonNode? Result);

    private sealed record BookmarkGiven(string? BookmarkId, IReadOnlyDictionary<string, JsonNode?>? Input, string? Reason);

    private sealed record DeadLetter(
        string Id, string? ActivityTypeName, string? StimulusHash, string? WorkflowInstanceId, string? CorrelationId, string? BookmarkId, int Attempts, string? LastError,
        DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);
}

/// <summary>An event as Elsa's clients send it.</summary>
internal sealed record EventGiven(
    string? WorkflowInstanceId = null, string? CorrelationId = null, string? ActivityInstanceId = null, JsonNode? Input = null, string? WorkflowExecutionMode = null);

/// <summary>Sends messages for somebody, and notes them in the trail.</summary>
internal sealed class Senders(
    AlizeDb db, WorkflowRuntime runtime, IWorkflowStore store, ProgrammeReach reach, InstancesInReach instances, Hands hands, ProcedureRepair repair, Trail trail, TimeProvider time)
{
    /// <summary>Whose instances an event is for: null for all. Or why that cannot be said.</summary>
    public async Task<(string? Id, string? Refusal)> TenantAsync(string asked, ClaimsPrincipal user, CancellationToken cancel)
    {
        var reached = await reach.ProgrammesAsync(user, cancel);
        if (asked.Length > 0)
        {
            var programme = await db.Programmes.AsNoTracking().Where(p => reached.Contains(p.Id)).ToListAsync(cancel);
            return programme.Find(p => p.Slug == asked || p.Id.ToString() == asked) is { } found
                ? (found.Id.ToString(), null)
                : (null, $"Le programme « {asked} » n’existe pas, ou vous n’y êtes ni opérateur ni concepteur.");
        }

        if (!await db.Programmes.AnyAsync(p => !reached.Contains(p.Id), cancel)) return (null, null);
        return reached.Count == 1
            ? (reached.Single().ToString(), null)
            : (null, $"Dites à quel programme cet événement s’adresse, par l’en-tête {Programs.TenantHeader}.");
    }

    public async Task<bool> ReachesAsync(string instanceId, ClaimsPrincipal user, CancellationToken cancel) => await instances.FindAsync(instanceId, user, cancel) is not null;

    public async Task SendEventAsync(string name, EventGiven given, string? tenantId, ClaimsPrincipal user, CancellationToken cancel)
    {
        var stimulus = Stimuli.Event(name, Empty(given.CorrelationId), given.Input, time.GetUtcNow(), instanceId: Empty(given.WorkflowInstanceId), tenantId: tenantId);
        await NoteAsync($"événement « {name} » envoyé", tenantId, user, cancel);
        await SendAsync(stimulus, cancel);
    }

    public async Task CompleteTaskAsync(string taskId, JsonNode? result, ClaimsPrincipal user, CancellationToken cancel)
    {
        // A task's id is that of the execution that asked for it.
        if (await instances.FindAsync(ExecutionReader.InstanceOf(taskId), user, cancel) is not { } instance) return;
        if ((await store.BookmarksOfAsync(instance.Id, cancel)).FirstOrDefault(b => b.ActivityInstanceId == taskId && b.Name == RunTaskType) is not { } bookmark) return;
        await repair.ResumeAsync(instance, bookmark, new Dictionary<string, object?> { ["Result"] = result }, await hands.OfAsync(user, null, cancel), cancel);
    }

    /// <summary>Null: no such bookmark. Empty: done. Else why not.</summary>
    public async Task<string?> ResumeAsync(string bookmarkId, IReadOnlyDictionary<string, JsonNode?>? input, string? reason, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await store.FindBookmarkAsync(bookmarkId, cancel) is not { } bookmark || await instances.FindAsync(bookmark.InstanceId, user, cancel) is not { } instance) return null;
        if (ProcedureRepair.ResumeRefusal(bookmark.Name) is { } refusal) return refusal;
        await repair.ResumeAsync(instance, bookmark, input?.ToDictionary(p => p.Key, p => (object?)p.Value), await hands.OfAsync(user, reason, cancel), cancel);
        return "";
    }

    private const string RunTaskType = "Elsa.RunTask";

    private async Task NoteAsync(string what, string? tenantId, ClaimsPrincipal user, CancellationToken cancel)
    {
        var hand = await hands.OfAsync(user, null, cancel);
        foreach (var programme in Guid.TryParse(tenantId, out var one) ? [one] : hand.Programmes)
            trail.Add(programme, "procedure-event", Domain.FrenchText.Typeset($"Procédures : {what}."), hand.By);
    }

    private async Task SendAsync(Stimulus stimulus, CancellationToken cancel)
    {
        db.Stimuli.Add(stimulus);
        await db.SaveChangesAsync(cancel);
        await runtime.DeliverAsync(stimulus.Id, cancel);
    }

    private static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

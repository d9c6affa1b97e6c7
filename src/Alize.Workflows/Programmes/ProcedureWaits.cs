using System.Text.Json;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>Why a procedure waits, as the operator reads it.</summary>
/// <param name="Words">What it waits for, a French sentence.</param>
/// <param name="Step">The waiting step's id in the definition.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="DueAt">Until when, UTC. Null: without limit.</param>
/// <param name="BookmarkId">The wait itself. Null for the next try of a failed step.</param>
/// <param name="TaskId">The open request it waits for. Null for none.</param>
/// <param name="Refusal">Why it cannot be ended by hand. Null: it can.</param>
/// <param name="IsMoment">Whether only time has to pass.</param>
public sealed record ProcedureWait(string Words, string Step, DateTime Since, DateTime? DueAt, string? BookmarkId, Guid? TaskId, string? Refusal, bool IsMoment);

/// <summary>Says why procedures wait and until when.</summary>
public sealed class ProcedureWaits(AlizeDb db, ProgrammeClock clock)
{
    /// <summary>The waits of some instances: what somebody has to do first, then the moments that come by themselves.</summary>
    public async Task<ILookup<string, ProcedureWait>> OfAsync(IReadOnlyCollection<string> instanceIds, CancellationToken cancel)
    {
        var bookmarks = await db.Bookmarks.AsNoTracking().Where(b => instanceIds.Contains(b.InstanceId)).OrderBy(b => b.CreatedAt).ThenBy(b => b.Id).ToListAsync(cancel);
        var timers = await db.Timers.AsNoTracking().Where(t => instanceIds.Contains(t.InstanceId)).OrderBy(t => t.DueAt).ThenBy(t => t.Id).ToListAsync(cancel);
        var tasks = await TasksAsync(bookmarks, cancel);
        var children = await ChildrenAsync(bookmarks, instanceIds, cancel);

        var waits = new List<(string Instance, ProcedureWait Wait)>();
        foreach (var bookmark in bookmarks)
        {
            var timer = timers.Find(t => t.BookmarkId == bookmark.Id);
            var task = bookmark.Name == Signals.TaskAnswered ? tasks.GetValueOrDefault(ThingOf(bookmark)) : default;
            waits.Add((bookmark.InstanceId, new ProcedureWait(
                Words(bookmark, timer, task, children), StepOf(bookmark.ActivityNodeId), bookmark.CreatedAt, timer?.DueAt ?? (task.DueOn is { } due ? clock.MorningOf(due).UtcDateTime : null), bookmark.Id,
                task.Title is null ? null : ThingOf(bookmark), ProcedureRepair.ResumeRefusal(bookmark.Name), bookmark.Name == Stimuli.TimerName)));
        }

        foreach (var retry in timers.Where(t => t.BookmarkId is null))
            waits.Add((retry.InstanceId, new ProcedureWait("Le prochain essai d’une étape en échec", retry.Label ?? "", retry.DueAt, retry.DueAt, null, null, null, true)));
        return waits.OrderBy(w => w.Wait.IsMoment).ThenBy(w => w.Wait.DueAt is null).ThenBy(w => w.Wait.DueAt).ThenBy(w => w.Wait.Since).ToLookup(w => w.Instance, w => w.Wait);
    }

    private static string Words(StoredBookmark bookmark, StoredTimer? timer, (string? Title, string? Assignee, DateOnly? DueOn) task, Dictionary<string, string> children) => bookmark.Name switch
    {
        Stimuli.TimerName => string.IsNullOrEmpty(timer?.Label) ? "Le moment prévu par la procédure" : timer.Label,
        Signals.TaskAnswered => task.Title is null ? "La réponse à une demande" : $"La réponse de {task.Assignee} à « {task.Title} »",
        Signals.ProjectDecided => "La décision du comité d’agrément",
        Signals.SessionChanged => "Un changement de la séance",
        Signals.SessionClosed => "La fin de la séance",
        Signals.InstallmentSettled => "Le paiement de l’échéance",
        Signals.TermChanged => "Une clause sur les sommes restantes",
        Stimuli.EventName => $"L’événement « {Text(bookmark)} »",
        "Elsa.ExecuteWorkflow" or "Elsa.DispatchWorkflow" or "Elsa.BulkDispatchWorkflows" =>
            children.TryGetValue(bookmark.InstanceId, out var names) ? $"La fin de {names}" : "La fin d’une procédure qu’elle a démarrée",
        "Elsa.RunTask" => "La fin d’une tâche confiée à un autre programme",
        _ => $"Un signal de type {bookmark.Name}",
    };

    private static string Text(StoredBookmark bookmark)
    {
        try
        {
            return bookmark.Payload is null ? "" : JsonSerializer.Deserialize<JsonElement>(bookmark.Payload) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : bookmark.Payload;
        }
        catch (JsonException)
        {
            return bookmark.Payload ?? "";
        }
    }

    private static Guid ThingOf(StoredBookmark bookmark) => Guid.TryParse(Text(bookmark), out var thing) ? thing : Guid.Empty;

    private static string StepOf(string nodeId) => nodeId[(nodeId.LastIndexOf(':') + 1)..];

    private async Task<Dictionary<Guid, (string? Title, string? Assignee, DateOnly? DueOn)>> TasksAsync(List<StoredBookmark> bookmarks, CancellationToken cancel)
    {
        var ids = bookmarks.Where(b => b.Name == Signals.TaskAnswered).Select(ThingOf).Distinct().ToList();
        var found = await db.PartnerTasks.AsNoTracking().Where(t => ids.Contains(t.Id) && t.State == PartnerTaskState.Open)
            .Select(t => new { t.Id, t.Title, t.DueOn, Assignee = db.Contacts.Where(c => c.Id == t.AssigneeContactId).Select(c => c.FullName).FirstOrDefault() })
            .ToListAsync(cancel);
        return found.ToDictionary(t => t.Id, t => ((string?)t.Title, t.Assignee, t.DueOn));
    }

    /// <summary>What each instance has started and waits for, by name.</summary>
    private async Task<Dictionary<string, string>> ChildrenAsync(List<StoredBookmark> bookmarks, IReadOnlyCollection<string> instanceIds, CancellationToken cancel)
    {
        if (!bookmarks.Exists(b => b.Name is "Elsa.ExecuteWorkflow" or "Elsa.DispatchWorkflow" or "Elsa.BulkDispatchWorkflows")) return [];
        var running = await db.WorkflowInstances.AsNoTracking()
            .Where(i => i.ParentInstanceId != null && instanceIds.Contains(i.ParentInstanceId) && i.Status == WorkflowStatus.Running)
            .Select(i => new { Parent = i.ParentInstanceId!, Name = i.Name ?? db.Definitions.Where(d => d.Id == i.DefinitionVersionId).Select(d => d.Name).FirstOrDefault() ?? i.DefinitionId })
            .ToListAsync(cancel);
        return running.GroupBy(c => c.Parent).ToDictionary(c => c.Key, c => Domain.FrenchText.List(c.Select(x => $"« {x.Name} »").Distinct()));
    }
}

using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Procedures;

/// <summary>One procedure: why it waits, what failed, its last steps; and the operator's three acts, each with a reason.</summary>
public sealed class ProcedureModel(AlizeDb db, IWorkflowStore store, WorkflowRuntime runtime, ProcedureWaits waits, ProcedureSubjects subjects, ProcedureRepair repair) : ProgrammePage
{
    private const int LinesOfJournal = 15;

    // Beginnings, and what only holds other steps, are passed over.
    private const int LinesRead = 100;
    private const int ShortestReason = 5;
    private const int LongestReason = 500;

    [BindProperty(SupportsGet = true)]
    public string Id { get; set; } = "";

    /// <summary>Which form was sent, so that it is open again when it was refused.</summary>
    public string Sent { get; private set; } = "";

    public string Reason { get; private set; } = "";

    public WorkflowInstance Instance { get; private set; } = null!;

    public string Definition { get; private set; } = "";

    public ProcedureSubject? Subject { get; private set; }

    public IReadOnlyList<ProcedureWait> Waits { get; private set; } = [];

    public IReadOnlyList<SnapshotIncident> Incidents { get; private set; } = [];

    /// <summary>The newest lines, newest first.</summary>
    public IReadOnlyList<JournalRecord> Journal { get; private set; } = [];

    public bool CanRetry => ProcedureRepair.RetryRefusal(Instance) is null;

    /// <summary>Whether it runs an older version than the published one.</summary>
    public bool IsBehind { get; private set; }

    public bool IsRunning => Instance.Status == WorkflowStatus.Running;

    /// <summary>This page's address.</summary>
    public string Here => $"{Root}/procedures/{Uri.EscapeDataString(Id)}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostRetryAsync(string? reason, CancellationToken cancel)
    {
        if (await RefusedAsync("retry", reason, () => ProcedureRepair.RetryRefusal(Instance), cancel) is { } refused) return refused;
        await repair.RetryAsync(Instance, Hand, cancel);
        var after = await store.FindInstanceAsync(Id, cancel);
        Say(after?.IncidentCount > 0 ? "L’étape a été relancée et a échoué de nouveau : la raison est ci-dessous." : "L’étape a été relancée et la procédure a continué.");
        return Redirect(Here);
    }

    public async Task<IActionResult> OnPostCancelAsync(string? reason, CancellationToken cancel)
    {
        if (await RefusedAsync("cancel", reason, () => IsRunning ? null : "Cette procédure est déjà terminée.", cancel) is { } refused) return refused;
        await repair.CancelAsync(Instance, Hand, cancel);
        Say("La procédure est annulée. Ses demandes et ses échéances ne courent plus.");
        return Redirect(Here);
    }

    public async Task<IActionResult> OnPostResumeAsync(string? bookmark, string? reason, CancellationToken cancel)
    {
        var found = bookmark is { Length: > 0 } ? await store.FindBookmarkAsync(bookmark, cancel) : null;
        if (await RefusedAsync($"resume-{bookmark}", reason, () => found is null || found.InstanceId != Id
            ? "Cette attente est terminée : la procédure a continué entre-temps."
            : ProcedureRepair.ResumeRefusal(found.Name), cancel) is { } refused) return refused;
        await repair.ResumeAsync(Instance, found!, null, Hand, cancel);
        Say("L’attente est levée et la procédure a continué.");
        return Redirect(Here);
    }

    private ByHand Hand => new(By, Reason, [ProgrammeId]);

    private async Task<IActionResult?> RefusedAsync(string form, string? reason, Func<string?> refusal, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Sent, Reason) = (form, reason?.Trim() ?? "");
        if (refusal() is { } sentence)
        {
            Problems = [new Problem("", sentence)];
            return new PageResult { StatusCode = StatusCodes.Status409Conflict };
        }

        return Reason.Length is >= ShortestReason and <= LongestReason
            ? null
            : Refused([new Problem($"reason-{form}", $"Écrivez pourquoi, en quelques mots ({LongestReason} signes au plus) : le motif reste dans l’historique.")]);
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await store.FindInstanceAsync(Id, cancel) is not { } instance || instance.TenantId != ProgrammeId.ToString()) return false;
        Instance = instance;
        Definition = await db.Definitions.AsNoTracking().Where(d => d.Id == instance.DefinitionVersionId).Select(d => d.Name).SingleOrDefaultAsync(cancel) ?? instance.DefinitionId;
        IsBehind = IsRunning && await db.Definitions.AnyAsync(d => d.DefinitionId == instance.DefinitionId && d.IsPublished && d.Version > instance.DefinitionVersion, cancel);
        Subject = (await subjects.OfAsync(ProgrammeId, Root, [instance.CorrelationId], cancel)).GetValueOrDefault(instance.CorrelationId ?? "");
        Waits = [.. (await waits.OfAsync([Id], cancel))[Id]];
        try
        {
            var snapshot = await runtime.InspectAsync(instance, store, cancel);
            Incidents = snapshot.Incidents;
            Journal = [.. (await store.JournalAsync(Id, Math.Max(0, snapshot.JournalLines - LinesRead), LinesRead, cancel))
                .Where(l => l.EventName != "Started" && l.ActivityType is not ("Elsa.Workflow" or "Elsa.Flowchart" or "Elsa.Sequence")).Reverse().Take(LinesOfJournal)];
        }
        catch (Exception unreadable) when (unreadable is DefinitionException or InvalidOperationException or UnreadableInstanceException)
        {
            // Its version is gone: it can still be cancelled.
            Problems = [new Problem("", "La définition de cette procédure ne peut plus être lue : ses étapes ne peuvent pas être montrées.")];
        }

        return true;
    }
}

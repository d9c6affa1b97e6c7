using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Tasks;

/// <summary>
/// One task. The operator answers the operator's own; a partner's is shown, and only the partner answers it, from the link in the
/// mail.
/// </summary>
public sealed class AnswerModel(AlizeDb db, PartnerTasks tasks, Payments payments) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public PartnerTask PartnerTask { get; private set; } = null!;

    public Contact Assignee { get; private set; } = null!;

    public string? ProjectNumber { get; private set; }

    public string? ProjectTitle { get; private set; }

    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    /// <summary>As typed; empty before.</summary>
    public IReadOnlyDictionary<string, string> Values { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<TaskField> Fields => PartnerTasks.FieldsOf(PartnerTask);

    public IReadOnlyList<TaskOutcome> Outcomes => PartnerTasks.OutcomesOf(PartnerTask);

    public bool IsOperators => Assignee.Role == ContactRole.OperatorStaff;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string? outcome, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        if (!IsOperators)
            return Conflict([new("", $"Cette demande est adressée à {Assignee.FullName}, qui y répond depuis son courriel. Rien n’a été changé.")]);

        Values = Fields.ToDictionary(f => f.Name, f => Request.Form[f.Name].ToString());
        if (PartnerTask is { Kind: PayAdvance.TaskKind, State: PartnerTaskState.Open, ProjectId: { } projectId } && outcome == PayAdvance.Ordered)
        {
            // The same door as the project's page: a shut lock is refused here, before the answer is spent.
            Refusals = await payments.PayAsync(projectId, By, cancel);
            if (Refusals.Count > 0) return Conflict([]);
        }
        else
        {
            var wasOpen = PartnerTask.State == PartnerTaskState.Open;
            var evidence = $"{HttpContext.Connection.RemoteIpAddress} {Request.Headers.UserAgent}";
            var problems = await tasks.AnswerAsync(Id, outcome ?? "", Values, By, evidence, cancel);
            if (problems.Count > 0) return wasOpen ? Refused(problems) : Conflict(problems);
        }

        Say("Votre réponse est enregistrée. La procédure a continué.");
        return Redirect(ProjectNumber is null ? $"{Root}/tasks" : $"{Root}/projects/{ProjectNumber}");
    }

    private PageResult Conflict(IReadOnlyList<Problem> problems)
    {
        Problems = problems;
        return new PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var task = await db.PartnerTasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == Id && t.ProgrammeId == ProgrammeId, cancel);
        if (task is null) return false;
        PartnerTask = task;
        Assignee = await db.Contacts.AsNoTracking().SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        var project = await db.Projects.AsNoTracking().Where(p => p.Id == task.ProjectId && p.ProgrammeId == ProgrammeId)
            .Select(p => new { p.Number, p.Title }).SingleOrDefaultAsync(cancel);
        (ProjectNumber, ProjectTitle) = (project?.Number, project?.Title);
        return true;
    }
}

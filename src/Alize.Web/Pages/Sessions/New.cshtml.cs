using Alize.Data;
using Alize.Domain.Committee;
using Alize.Workflows.Committee;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Sessions;

/// <summary>Plans a session of either committee: its procedure convenes every member and ASTREES at once (R4).</summary>
public sealed class NewModel(AlizeDb db, SessionPlans plans) : PlanPage(db)
{
    /// <summary>The steering committee when the address says <c>?kind=steering</c>.</summary>
    [BindProperty(SupportsGet = true, Name = "kind")]
    public string? Asked { get; set; }

    public override CommitteeKind Kind => Asked == "steering" ? CommitteeKind.Steering : CommitteeKind.Approval;

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadProjectsAsync(null, cancel);
        Input = PlanInput.Empty with { Projects = [.. Ready.Where(p => p.PlannedOn is null).Select(p => p.Id)] };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        await LoadProjectsAsync(null, cancel);
        Input = PlanInput.From(Request.Form);
        var (plan, typing) = Input.Read(Clock);
        if (plan is null) return Refused(typing);
        var (id, problems) = await plans.PlanAsync(ProgrammeId, Kind, plan, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("La séance est prévue. Chaque membre et ASTREES reçoivent leur convocation, avec une entrée d’agenda.");
        return Redirect($"{Root}/sessions/{id}");
    }
}

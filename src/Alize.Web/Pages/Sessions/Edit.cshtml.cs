using Alize.Data;
using Alize.Domain.Committee;
using Alize.Workflows.Committee;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Sessions;

/// <summary>Moves a session, changes its agenda or calls it off; everyone invited is told, in their calendars too.</summary>
public sealed class EditModel(AlizeDb db, SessionPlans plans) : PlanPage(db)
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public CommitteeSession Session { get; private set; } = null!;

    public override CommitteeKind Kind => Session.Kind;

    /// <summary>Why it is called off, as typed.</summary>
    public string Reason { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Input = PlanInput.From(Session, Clock);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Input = PlanInput.From(Request.Form);
        var (plan, typing) = Input.Read(Clock);
        if (plan is null) return Refused(typing);
        var problems = await plans.ChangeAsync(Id, plan, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("La séance est modifiée. Toutes les personnes convoquées en sont prévenues, et leur agenda se met à jour.");
        return Redirect($"{Root}/sessions/{Id}");
    }

    public async Task<IActionResult> OnPostCallOffAsync(string? reason, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Input, Reason) = (PlanInput.From(Session, Clock), reason ?? "");
        var problems = await plans.CallOffAsync(Id, Reason, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("La séance est annulée. Toutes les personnes convoquées en sont prévenues ; ses projets attendent une autre séance.");
        return Redirect($"{Root}/sessions/{Id}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (await Db.CommitteeSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == Id && s.ProgrammeId == ProgrammeId, cancel) is not { } session) return false;
        Session = session;
        await LoadProjectsAsync(Id, cancel);
        return true;
    }
}

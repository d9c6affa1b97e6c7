using System.Globalization;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Alize.Workflows.Results;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Programmes;

/// <summary>The communes of the territory (art. 2), and how far the programme is from its objectives X and Y (R17, art. 3).</summary>
public sealed class TerritoryModel(ActivityReports reports, ProgrammeAgreement agreement) : ProgrammePage
{
    public int ProjectsAgreed { get; private set; }

    public int JobsCounted { get; private set; }

    // As typed.
    public string Projects { get; private set; } = "";

    public string Jobs { get; private set; } = "";

    public string Communes { get; private set; } = "";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAimsAsync(string? projects, string? jobs, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        (Projects, Jobs) = (projects ?? "", jobs ?? "");
        var problems = await agreement.AimAsync(ProgrammeId, Projects, Jobs, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("Les objectifs sont enregistrés.");
        return Redirect($"{Root}/programme/territory");
    }

    public async Task<IActionResult> OnPostCommunesAsync(string? communes, CancellationToken cancel)
    {
        await agreement.DescribeTerritoryAsync(ProgrammeId, communes ?? "", By, cancel);
        Say("Les communes sont enregistrées.");
        return Redirect($"{Root}/programme/territory");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        (Projects, Jobs) = (Programme.TargetProjects.ToString(CultureInfo.InvariantCulture), Programme.TargetJobs.ToString(CultureInfo.InvariantCulture));
        Communes = string.Join('\n', Programme.Communes);
        var (projects, jobs) = await reports.ObjectivesAsync(Programme, cancel);
        (ProjectsAgreed, JobsCounted) = (projects.Reached, jobs.Reached);
    }
}

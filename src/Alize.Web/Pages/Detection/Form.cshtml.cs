using Alize.Data;
using Alize.Web.Hosting;
using Alize.Web.Pages.Partner;
using Alize.Workflows;
using Alize.Workflows.Mail;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Detection;

/// <summary>A partner's contact signals a project (détection, art. 6.1) through a personal link, as often as there are projects.</summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class FormModel(TaskLinks links, Workflows.Eligibility.Detection detection, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    private Dictionary<string, string>? typed;

    public IReadOnlyList<FormPart> Parts => DetectionParts.In(IsEnglish);

    public string? Typed(string field) => typed is null ? null : typed.GetValueOrDefault(field, "");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ?? Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Visit is not { Link: { } link, Contact: { PartnerId: { } partner } contact }) return Closed();

        var form = await Request.ReadFormAsync(cancel);
        typed = Parts.SelectMany(p => p.Fields).Select(f => f.Name).Where(form.ContainsKey).ToDictionary(name => name, name => form[name].ToString());
        var (projectId, problems) = await detection.DetectAsync(link.ProgrammeId, partner, DetectionParts.Read(typed), contact.FullName, cancel);
        if (projectId is not { } id) return Refused(problems);

        var number = await Db.Projects.Where(p => p.Id == id).Select(p => p.Number).SingleAsync(cancel);
        return Redirect($"/detect/{Token}/done?n={Uri.EscapeDataString(number)}");
    }

    /// <returns>What to answer instead of the form; null when the link opens it.</returns>
    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit.Task is not null || Visit.Link?.Purpose == MailLinks.Account) return Redirect($"/t/{Token}");
        if (Visit is not { Fate: LinkFate.Usable, Contact: { } contact }) return Closed();

        // Who has left the partner signals nothing in its name any more, however young the link.
        return contact.IsActiveOn(Clock.Today) ? null : Withdrawn();
    }
}

using Alize.Data;
using Alize.Domain;
using Alize.Engine.Expressions;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>
/// Fills the texts that the operator writes into a definition: <c>{{ company.name }}</c>, <c>{{ project.title }}</c>,
/// <c>{{ programme.name }}</c>, <c>{{ decision.advance }}</c>, <c>{{ advance.outstanding }}</c>, and whatever the step adds of its own.
/// </summary>
public sealed class ProcedureTexts(AlizeDb db, LiquidTemplates templates)
{
    /// <summary>Fills a text that becomes Markdown: values are escaped, so that a company's name stays a name.</summary>
    public async Task<string> MarkdownAsync(
        string text, ProjectFile file, IReadOnlyDictionary<string, object?>? own, CancellationToken cancel) =>
        templates.Render(text, await ModelAsync(file, own, cancel), MarkdownText.Escape);

    /// <summary>Fills a text that stays plain, such as a subject or a title.</summary>
    public async Task<string> PlainAsync(
        string text, ProjectFile file, IReadOnlyDictionary<string, object?>? own, CancellationToken cancel) =>
        templates.Render(text, await ModelAsync(file, own, cancel), encode: null);

    private async Task<IReadOnlyDictionary<string, object?>> ModelAsync(
        ProjectFile file, IReadOnlyDictionary<string, object?>? own, CancellationToken cancel)
    {
        var (programme, project, company, _) = file;
        var model = new Dictionary<string, object?>
        {
            ["programme"] = new Dictionary<string, object?> { ["name"] = programme.Name, ["territory"] = programme.Territory },
            ["project"] = new Dictionary<string, object?>
            {
                ["number"] = project.Number,
                ["title"] = project.Title,
                ["description"] = project.Description,
                ["jobs"] = project.JobsPlanned,
                ["cost"] = project.Cost.ToString(),
                ["own_share"] = project.OwnShare.ToString(),
                ["requested_advance"] = project.RequestedAdvance.ToString(),
                ["competences_asked"] = project.CompetencesAsked,
            },
            ["company"] = new Dictionary<string, object?> { ["name"] = company.Name, ["commune"] = company.Commune, ["siret"] = company.Siret },
        };

        var decision = await db.Decisions.AsNoTracking().Where(d => d.ProjectId == project.Id)
            .OrderByDescending(d => d.DecidedOn).FirstOrDefaultAsync(cancel);
        if (decision is not null)
            model["decision"] = new Dictionary<string, object?>
            {
                ["date"] = FrenchText.Date(decision.DecidedOn),
                ["advance"] = decision.Advance.ToString(),
                ["months"] = decision.Months,
                ["deferral_months"] = decision.DeferralMonths,
                ["reason"] = decision.Reason,
            };

        var advance = await db.Advances.AsNoTracking().FirstOrDefaultAsync(a => a.ProjectId == project.Id, cancel);
        if (advance is not null)
            model["advance"] = new Dictionary<string, object?>
            {
                ["reference"] = advance.Reference,
                ["principal"] = advance.Principal.ToString(),
                ["outstanding"] = advance.Outstanding.ToString(),
                ["paid_on"] = FrenchText.Date(advance.PaidOn),
            };

        foreach (var (name, value) in own ?? new Dictionary<string, object?>()) model[name] = value;
        return model;
    }
}

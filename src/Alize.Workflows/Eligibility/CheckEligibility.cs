using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Workflows.Programmes;

namespace Alize.Workflows.Eligibility;

/// <summary>
/// Checks the five criteria of article 6.1 (R1) on what is known of the company. What is unknown never passes: it leaves through
/// <c>Unknown</c>, so that the procedure asks the company.
/// </summary>
[Activity("Alize", "Projet", "Vérifie les cinq critères de l’article 6.1 ; ce qui n’est pas connu est à demander.", DisplayName = "Vérifier l’éligibilité")]
[FlowNode("Eligible", "NotEligible", "Unknown")]
public sealed class CheckEligibility : Activity
{
    [Output(DisplayName = "Constats", Description = "Un constat par critère, en Markdown.")]
    public Output<string>? Findings { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var verdict = EligibilityCriteria.Assess(FactsOf(file.Company, file.Project));
        var outcome = verdict.IsEligible ? "Eligible" : verdict.IsRefused ? "NotEligible" : "Unknown";
        var told = verdict.IsEligible ? "Le projet est éligible."
            : verdict.IsRefused ? $"Le projet n’est pas éligible : {string.Join(" ", verdict.Refusals())}"
            : $"Il manque {FrenchText.Plural(verdict.Missing().Count(), "réponse")} pour vérifier l’éligibilité.";
        context.Set(Findings, string.Join("\n", verdict.Criteria.Select(c => $"- {c.Evidence}")));
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, "eligibility", $"{told} {string.Join(" ", verdict.Criteria.Select(c => c.Evidence))}",
            projectId: file.Project.Id, subjectId: file.Company.Id);
        await context.CompleteActivityWithOutcomesAsync(outcome);
    }

    /// <summary>What is known of the company and its project, as the rule reads it.</summary>
    public static CompanyFacts FactsOf(Company company, CompanyProject project) => new(
        company.IsRegistered, company.Headcount, company.Turnover, company.BalanceSheetTotal, company.LargestHolderBasisPoints,
        project.JobsPlanned is null ? null : project.JobsPlanned > 0);
}

using System.Text.Json.Nodes;
using Alize.Domain;
using Alize.Workflows.Programmes;

namespace Alize.Workflows.Eligibility;

/// <summary>Puts what the company answered about itself into its file: the fields of the form that asked for them, by name.</summary>
[Activity("Alize", "Projet", "Reporte dans le dossier ce que l’entreprise a répondu sur elle-même.", DisplayName = "Reporter les réponses de l’entreprise")]
public sealed class RecordCompanyFacts : CodeActivity
{
    [Input(DisplayName = "Réponse", Description = "La réponse reçue : isRegistered, headcount, turnover, balanceSheetTotal, largestHolder, jobsPlanned.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (_, project, company, _) = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var answer = context.Get(Answer) ?? [];
        if (answer["isRegistered"] is JsonValue registered) company.IsRegistered = IsYes(registered);
        if (answer["headcount"] is JsonValue headcount) company.Headcount = (int)headcount.GetValue<long>();
        if (answer["turnover"] is JsonValue turnover) company.Turnover = new Money(turnover.GetValue<long>());
        if (answer["balanceSheetTotal"] is JsonValue balance) company.BalanceSheetTotal = new Money(balance.GetValue<long>());
        if (answer["largestHolder"] is JsonValue holder) company.LargestHolderBasisPoints = (int)holder.GetValue<long>();
        if (answer["jobsPlanned"] is JsonValue jobs) project.JobsPlanned = (int)jobs.GetValue<long>();
    }

    // A box nobody ticks may be a no or an oversight: the form asks yes or no, and an older one still had the box.
    private static bool IsYes(JsonValue answer) => answer.TryGetValue<bool>(out var ticked) ? ticked : answer.GetValue<string>() is "Oui" or "Yes";
}

/// <summary>Puts the operator's instruction into the project's file: schemes considered (R18) and what is known of its financing.</summary>
[Activity("Alize", "Projet", "Reporte dans le dossier les conclusions de l’instruction.", DisplayName = "Reporter l’instruction")]
public sealed class RecordInstruction : CodeActivity
{
    [Input(DisplayName = "Réponse", Description = "La réponse reçue : schemesConsidered, cost, ownShare, requestedAdvance, competencesAsked.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var project = file.Project;
        var answer = context.Get(Answer) ?? [];
        if (answer["schemesConsidered"] is JsonValue schemes) project.SchemesConsidered = schemes.GetValue<string>();
        if (answer["competencesAsked"] is JsonValue competences) project.CompetencesAsked = competences.GetValue<string>();
        if (answer["cost"] is JsonValue cost) project.Cost = new Money(cost.GetValue<long>());
        if (answer["ownShare"] is JsonValue own) project.OwnShare = new Money(own.GetValue<long>());
        if (answer["requestedAdvance"] is JsonValue advance) project.RequestedAdvance = new Money(advance.GetValue<long>());
        if (project.SchemesConsidered.Length > 0)
            context.GetRequiredService<Trail>().Add(
                file.ProgrammeId, "instruction", $"Dispositifs existants examinés (art. 6.2) : {project.SchemesConsidered}",
                projectId: project.Id, subjectId: project.Id);
    }
}

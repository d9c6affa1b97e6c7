using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Results;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Results;

/// <summary>Waits until so many months after the decision (R17, art. 3): the day of a job survey.</summary>
[Activity("Alize", "Résultats", "Attend le jour de l’enquête emploi, compté en mois depuis la décision.", DisplayName = "Attendre l’enquête emploi")]
public sealed class AwaitSurveyDay : Activity
{
    [Input(DisplayName = "Mois", Description = "Mois après la décision : 12, 24 ou 36.")]
    public Input<int> Months { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var decidedOn = await context.GetRequiredService<AlizeDb>().Decisions
            .Where(d => d.ProjectId == file.Project.Id && d.Outcome == DecisionOutcome.Approved)
            .OrderByDescending(d => d.DecidedOn).Select(d => d.DecidedOn).FirstAsync(context.CancellationToken);
        var months = context.Get(Months);
        var day = file.Calendar.OnOrAfter(decidedOn.AddMonths(months));
        context.DelayUntil(
            context.GetRequiredService<ProgrammeClock>().MorningOf(day), OnDayAsync, $"{file.Project.Number} · enquête emploi à {months} mois");
    }

    private static ValueTask OnDayAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
}

/// <summary>Records the jobs a company declares (R17); no answer is recorded as none.</summary>
[Activity("Alize", "Résultats", "Consigne les emplois déclarés par l’entreprise.", DisplayName = "Consigner les emplois")]
public sealed class RecordJobs : CodeActivity
{
    [Input(DisplayName = "Mois", Description = "Mois après la décision.")]
    public Input<int> Months { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : jobsCreated. Vide : l’entreprise n’a pas répondu.")]
    public Input<JsonObject?>? Answer { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var db = context.GetRequiredService<AlizeDb>();
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var months = context.Get(Months);
        var today = context.GetRequiredService<ProgrammeClock>().Today;
        if (await db.JobSurveys.AnyAsync(s => s.ProjectId == file.Project.Id && s.MonthsAfter == months, context.CancellationToken)) return;
        var survey = new JobSurvey { Id = Guid.CreateVersion7(), ProgrammeId = file.ProgrammeId, ProjectId = file.Project.Id, MonthsAfter = months, AskedOn = today };
        var isAnswered = context.Get(Answer)?["jobsCreated"] is JsonValue;
        if (isAnswered) survey.Answer((int)context.Get(Answer)!["jobsCreated"]!.GetValue<long>(), today);
        db.JobSurveys.Add(survey);
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, "jobs",
            isAnswered
                ? $"Enquête à {months} mois : {Domain.FrenchText.Plural(survey.JobsCreated!.Value, "emploi créé", "emplois créés")}"
                : $"Enquête à {months} mois : sans réponse",
            projectId: file.Project.Id, subjectId: survey.Id);
    }
}

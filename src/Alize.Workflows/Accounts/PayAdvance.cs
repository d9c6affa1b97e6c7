using Alize.Data;
using Alize.Data.Tasks;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>
/// Asks the operator to order the payment of the advance, and pays it when all its locks are open (R8, art. 6.2): the advance, its
/// schedule and its entry in the journal are one transaction.
/// </summary>
[Activity("Alize", "Versement", "Demande à l’opérateur d’ordonner le versement de l’avance, vérifie les verrous et verse.", DisplayName = "Verser l’avance")]
[FlowNode("Paid", "Refused", "Declined")]
public sealed class PayAdvance : Activity
{
    /// <summary>Kind of the task: the project's page answers it too.</summary>
    public const string TaskKind = "payment";

    public const string Ordered = "Ordered";
    public const string Declined = "Declined";

    [Input(DisplayName = "Titre", Description = "Titre de la demande faite à l’opérateur.")]
    public Input<string> Title { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "Ce que l’opérateur lit avant d’ordonner le versement.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Titre en anglais", Description = "Vide : le titre français.", Category = "Anglais")]
    public Input<string?>? EnglishTitle { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Relances (jours)", Description = "Jours après la demande où une relance part, par exemple [2, 5].", UIHint = InputUIHints.MultiText)]
    public Input<int[]?>? ReminderDays { get; set; }

    [Output(DisplayName = "Avance", Description = "Identifiant de l’avance versée.")]
    public Output<string>? AdvanceId { get; set; }

    [Output(DisplayName = "Motifs du refus", Description = "Les verrous fermés, en phrases.")]
    public Output<string>? Refusals { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var clock = context.GetRequiredService<ProgrammeClock>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var operatorContact = await context.GetRequiredService<Addressees>().FirstAsync("operator", subject.Programme.Id, subject.File?.Project, cancel);
        var isEnglish = Wording.ReadsEnglish(operatorContact);
        var task = await context.GetRequiredService<PartnerTasks>().AskAsync(
            new TaskAsked(
                context.StepKey(), context.WorkflowExecutionContext.Id, TaskKind, subject.Programme.Id, subject.File!.Project.Id, null, operatorContact,
                await texts.PlainAsync(new(context.Get(Title)!, context.Get(EnglishTitle)), operatorContact, subject, null, cancel),
                await texts.MarkdownAsync(new(context.Get(Message)!, context.Get(EnglishMessage)), operatorContact, subject, null, cancel), [],
                [new(Ordered, isEnglish ? "Order the payment" : "Ordonner le versement"),
                 new(Declined, isEnglish ? "Waive the payment" : "Renoncer au versement", Style: "danger")], null),
            cancel);
        context.SetProperty("TaskId", task.Id);
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = Signals.TaskAnswered, Stimulus = Signals.Key(task.Id), Callback = OnAnsweredAsync });
        foreach (var day in ReminderPlan.Days(context.Get(ReminderDays), clock.Today, subject.Calendar))
            context.DelayUntil(clock.MorningOf(day), OnReminderAsync, $"Relance : {task.Title}");
    }

    private async ValueTask OnAnsweredAsync(ActivityExecutionContext context)
    {
        var task = await TaskAsync(context);
        if (task.Outcome == Declined)
        {
            var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
            await context.GetRequiredService<AdvanceCredits>()
                .ReleaseAsync(file.Project, "l’opérateur renonce au versement", task.Id, task.AnsweredBy!, context.CancellationToken);
            await context.CompleteActivityWithOutcomesAsync(Declined);
            return;
        }

        var (advance, refusals) = await context.GetRequiredService<Payments>()
            .ExecuteAsync(context.Correlation(), task.AnsweredBy!, context.CancellationToken);
        context.Set(Refusals, string.Join("\n", refusals.Select(r => $"- {r}")));
        context.Set(AdvanceId, advance?.Id.ToString() ?? "");
        await context.CompleteActivityWithOutcomesAsync(advance is null ? "Refused" : "Paid");
    }

    private async ValueTask OnReminderAsync(ActivityExecutionContext context) =>
        await context.GetRequiredService<PartnerTasks>().RemindAsync(await TaskAsync(context), context.CancellationToken);

    private static Task<PartnerTask> TaskAsync(ActivityExecutionContext context)
    {
        var id = context.GetProperty<Guid>("TaskId");
        return context.GetRequiredService<AlizeDb>().PartnerTasks.SingleAsync(t => t.Id == id, context.CancellationToken);
    }
}

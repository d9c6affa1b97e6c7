using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Signatures;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>
/// Asks every signatory of the convention by mail, all at once, and waits for all of them (R8, art. 6.2). One refusal, or the
/// deadline, ends the round: the remaining requests are withdrawn.
/// </summary>
[Activity("Alize", "Signature", "Demande à chaque signataire de signer la convention, le relance, et attend toutes les signatures.", DisplayName = "Recueillir les signatures")]
[FlowNode("Signed", "Refused", "Expired")]
public sealed class AskSignatures : Activity
{
    [Input(DisplayName = "Convention", Description = "Identifiant de la convention à signer.")]
    public Input<Guid> ConventionId { get; set; } = default!;

    [Input(DisplayName = "Titre", Description = "Objet du courriel et titre de la page.")]
    public Input<string> Title { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "Ce que lit chaque signataire, en Markdown.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Titre en anglais", Description = "Vide : le titre français.", Category = "Anglais")]
    public Input<string?>? EnglishTitle { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Délai (jours)", Description = "Jours pour signer. Par défaut 30.", DefaultValue = 30)]
    public Input<int> DeadlineDays { get; set; } = default!;

    [Input(DisplayName = "Relances (jours)", Description = "Jours après la demande où ceux qui n’ont pas signé sont relancés.", UIHint = InputUIHints.MultiText)]
    public Input<int[]?>? ReminderDays { get; set; }

    [Output(DisplayName = "Motif", Description = "Pourquoi la convention n’est pas signée.")]
    public Output<string>? Reason { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var clock = context.GetRequiredService<ProgrammeClock>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var convention = await ConventionAsync(context);
        var due = subject.Calendar.DeadlineInDays(clock.Today, context.Get(DeadlineDays) is > 0 and var days ? days : 30);
        var title = new Wording(context.Get(Title)!, context.Get(EnglishTitle));
        var message = new Wording(context.Get(Message)!, context.Get(EnglishMessage));
        foreach (var contactId in convention.Signatories.Select(s => s.ContactId).Distinct())
        {
            var contact = await db.Contacts.SingleAsync(c => c.Id == contactId, cancel);
            var isEnglish = Wording.ReadsEnglish(contact);
            var task = await context.GetRequiredService<PartnerTasks>().AskAsync(
                new TaskAsked(
                    $"{context.StepKey()}:{contactId:N}", context.WorkflowExecutionContext.Id, SignatureForm.Kind, convention.ProgrammeId,
                    convention.ProjectId, convention.Id, contact,
                    await texts.PlainAsync(title, contact, subject, null, cancel), await texts.MarkdownAsync(message, contact, subject, null, cancel), [],
                    [new(SignatureForm.Signed, isEnglish ? "Sign" : "Signer la convention"),
                     new(SignatureForm.Refused, isEnglish ? "Refuse" : "Refuser de signer", NeedsForm: false, Style: "danger")],
                    due),
                cancel);
            context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = Signals.TaskAnswered, Stimulus = Signals.Key(task.Id), Callback = OnAnsweredAsync });
        }

        foreach (var day in ReminderPlan.Days(context.Get(ReminderDays), clock.Today, subject.Calendar))
            context.DelayUntil(clock.MorningOf(day), OnReminderAsync, "Relance des signataires");
        context.DelayUntil(clock.MorningOf(ReminderPlan.MorningAfter(due, subject.Calendar)), OnDeadlineAsync, "Fin du délai de signature");
    }

    private async ValueTask OnAnsweredAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var clock = context.GetRequiredService<ProgrammeClock>();
        var trail = context.GetRequiredService<Trail>();
        var taskId = Guid.Parse((string)context.WorkflowInput["TaskId"]);
        var task = await db.PartnerTasks.SingleAsync(t => t.Id == taskId, cancel);
        var answer = JsonNode.Parse(task.Answer!)!.AsObject();
        var convention = await ConventionAsync(context);
        if (task.Outcome == SignatureForm.Refused)
        {
            var reason = (string?)answer["reason"] ?? "";
            convention.Refuse(task.AssigneeContactId, reason);
            trail.Add(convention.ProgrammeId, "signature-refused", $"Signature refusée par {task.AnsweredBy} : {reason}", task.AnsweredBy!, convention.ProjectId, convention.Id);
            await EndRoundAsync(context, PartnerTaskState.Cancelled);
            context.Set(Reason, $"{task.AnsweredBy} refuse de signer : {reason}");
            await context.CompleteActivityWithOutcomesAsync("Refused");
            return;
        }

        var evidence = $"{(string?)answer["evidence"]} · SHA-256 {convention.Sha256}";
        convention.Sign(task.AssigneeContactId, (string?)answer["initials"] ?? "", evidence, clock.UtcNow);
        var missing = convention.Signatories.Count(s => s.SignedAt is null);
        trail.Add(
            convention.ProgrammeId, "signature",
            $"Convention signée et paraphée par {task.AnsweredBy}" + (missing == 0 ? " : toutes les signatures sont recueillies" : ""),
            task.AnsweredBy!, convention.ProjectId, convention.Id);
        if (convention.State != ConventionState.Signed) return;
        await context.GetRequiredService<AdvanceCredits>().SignedAsync(convention, task.AnsweredBy!, cancel);
        await context.CompleteActivityWithOutcomesAsync("Signed");
    }

    private async ValueTask OnReminderAsync(ActivityExecutionContext context)
    {
        foreach (var task in await OpenTasksAsync(context))
            await context.GetRequiredService<PartnerTasks>().RemindAsync(task, context.CancellationToken);
    }

    private async ValueTask OnDeadlineAsync(ActivityExecutionContext context)
    {
        var convention = await ConventionAsync(context);
        if (convention.State != ConventionState.AwaitingSignatures) return;
        convention.Refuse(null, "Délai dépassé");
        context.GetRequiredService<Trail>().Add(
            convention.ProgrammeId, "signature-expired", "Le délai de signature est dépassé", projectId: convention.ProjectId, subjectId: convention.Id);
        await EndRoundAsync(context, PartnerTaskState.Expired);
        context.Set(Reason, "Le délai de signature est dépassé.");
        await context.CompleteActivityWithOutcomesAsync("Expired");
    }

    private async Task EndRoundAsync(ActivityExecutionContext context, PartnerTaskState state)
    {
        foreach (var task in await OpenTasksAsync(context)) task.Close(state);
    }

    private async Task<List<PartnerTask>> OpenTasksAsync(ActivityExecutionContext context)
    {
        var conventionId = context.Get(ConventionId);
        return await context.GetRequiredService<AlizeDb>().PartnerTasks
            .Where(t => t.SubjectId == conventionId && t.Kind == SignatureForm.Kind && t.State == PartnerTaskState.Open)
            .ToListAsync(context.CancellationToken);
    }

    private Task<CooperationConvention> ConventionAsync(ActivityExecutionContext context)
    {
        var id = context.Get(ConventionId);
        return context.GetRequiredService<AlizeDb>().Conventions.SingleAsync(c => c.Id == id, context.CancellationToken);
    }
}

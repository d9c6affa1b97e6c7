using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Tasks;

/// <summary>
/// Asks one person something by mail, with a form and named answers, and waits: reminds, escalates when the deadline passes, and
/// goes on through the outcome that the person chose.
/// </summary>
[Activity("Alize", "Partenaires", "Demande quelque chose à une personne par courriel, la relance, et attend sa réponse.", DisplayName = "Demander à un partenaire")]
[FlowNode(Expired)]
public sealed class AskPartner : Activity
{
    public const string Expired = "Expired";

    [Input(DisplayName = "À qui", Description = "Un rôle (operator, chair, company, detecting-partner, lead-partner, astrees), partner:{id} ou contact:{id}.", UIHint = InputUIHints.DropDown, UIHandler = typeof(AddresseeChoices))]
    public Input<string> Assignee { get; set; } = default!;

    [Input(DisplayName = "Titre", Description = "Objet du courriel et titre de la page. {{ company.name }}, {{ project.title }}… sont remplacés.")]
    public Input<string> Title { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "Ce qui est demandé, en Markdown.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Titre en anglais", Description = "Pour un contact qui lit l’anglais. Vide : le titre français.", Category = "Anglais")]
    public Input<string?>? EnglishTitle { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Pour un contact qui lit l’anglais. Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Champs", Description = "Champs du formulaire : [{\"name\":…,\"label\":…,\"type\":\"text|longtext|integer|money|percent|date|checkbox|choice\",\"isRequired\":true}]", UIHint = InputUIHints.JsonEditor)]
    public Input<TaskField[]?>? Fields { get; set; }

    [Input(DisplayName = "Réponses", Description = "Une sortie par réponse possible, par exemple Accepted.", UIHint = InputUIHints.DynamicOutcomes)]
    public Input<string[]> Outcomes { get; set; } = default!;

    [Input(DisplayName = "Boutons", Description = "Texte du bouton de chaque réponse : {\"Accepted\":\"J’accepte\"}.", UIHint = InputUIHints.JsonEditor)]
    public Input<Dictionary<string, string>?>? Labels { get; set; }

    [Input(DisplayName = "Champs en anglais", Description = "Les mêmes champs, libellés en anglais. Vide : les champs français.", Category = "Anglais", UIHint = InputUIHints.JsonEditor)]
    public Input<TaskField[]?>? EnglishFields { get; set; }

    [Input(DisplayName = "Boutons en anglais", Description = "Comme « Boutons ». Vide : les boutons français.", Category = "Anglais", UIHint = InputUIHints.JsonEditor)]
    public Input<Dictionary<string, string>?>? EnglishLabels { get; set; }

    [Input(DisplayName = "Valeurs", Description = "Ce que le titre et le message nomment {{ values.nom }} : un objet. Ce qu’une personne a tapé y reste du texte.", Category = "Avancé")]
    public Input<JsonObject?>? Values { get; set; }

    [Input(DisplayName = "Réponses sans formulaire", Description = "Réponses pour lesquelles les champs obligatoires peuvent rester vides.", UIHint = InputUIHints.MultiText)]
    public Input<string[]?>? WithoutForm { get; set; }

    [Input(DisplayName = "Délai (jours)", Description = "Jours jusqu’à l’échéance ; elle glisse au jour ouvré suivant. 0 : pas d’échéance.", DefaultValue = 0)]
    public Input<int> DeadlineDays { get; set; } = default!;

    [Input(DisplayName = "Échéance", Description = "Jour jusqu’auquel la réponse est attendue, AAAA-MM-JJ. Vide : le délai en jours vaut.", Category = "Avancé")]
    public Input<DateOnly?>? DueOn { get; set; }

    [Input(DisplayName = "Relances (jours)", Description = "Jours après la demande où une relance part, par exemple [7, 14].", UIHint = InputUIHints.MultiText)]
    public Input<int[]?>? ReminderDays { get; set; }

    [Input(DisplayName = "Relances autour de l’échéance", Description = "Jours comptés depuis l’échéance, par exemple [-7, 1] : une semaine avant, puis le lendemain.", UIHint = InputUIHints.MultiText)]
    public Input<int[]?>? ReminderOffsets { get; set; }

    [Input(DisplayName = "Alerter", Description = "Rôle prévenu quand l’échéance passe sans réponse. Vide : personne.", UIHint = InputUIHints.DropDown, UIHandler = typeof(AddresseeChoices))]
    public Input<string?>? EscalateTo { get; set; }

    [Input(DisplayName = "Alerter après (jours)", Description = "Jours après l’échéance où l’alerte part ; elle glisse au jour ouvré suivant. 0 : le lendemain de l’échéance.", DefaultValue = 0)]
    public Input<int>? EscalateAfterDays { get; set; }

    [Input(DisplayName = "Clore à l’échéance", Description = "À l’échéance, la demande est close et la sortie Expired est prise. Sinon elle reste ouverte.", DefaultValue = false)]
    public Input<bool> ExpireAtDeadline { get; set; } = default!;

    [Input(DisplayName = "Objet concerné", Description = "Identifiant de ce que la demande concerne, s’il n’est pas le projet.", Category = "Avancé")]
    public Input<Guid?>? SubjectId { get; set; }

    [Input(DisplayName = "Document à lire", Description = "Un document à lire avant de répondre : joint aux courriels et proposé sur la page de la demande.", UIHint = InputUIHints.DropDown, UIHandler = typeof(AttachmentChoices))]
    public Input<string?>? Attach { get; set; }

    [Input(DisplayName = "Page ouverte", Description = "form : le formulaire ci-dessus ; time : le carnet de temps de l’appui concerné.", Options = new[] { "form", Aid.TimeSheets.TaskKind }, UIHint = InputUIHints.DropDown, DefaultValue = "form", Category = "Avancé")]
    public Input<string?>? Page { get; set; }

    [Output(DisplayName = "Réponse", Description = "Les champs remplis, par nom ; montants en centimes, pourcentages en centièmes.")]
    public Output<JsonObject>? Answer { get; set; }

    [Output(DisplayName = "Répondu par", Description = "Nom de la personne qui a répondu.")]
    public Output<string>? AnsweredBy { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var clock = context.GetRequiredService<ProgrammeClock>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var assignee = await context.GetRequiredService<Addressees>()
            .FirstAsync(context.Get(Assignee)!, subject.Programme.Id, subject.File?.Project, cancel);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var title = new Wording(context.Get(Title)!, context.Get(EnglishTitle));
        var message = new Wording(context.Get(Message) ?? "", context.Get(EnglishMessage));
        var own = new Dictionary<string, object?> { ["values"] = context.Get(Values) };

        var calendar = subject.Calendar;
        var deadlineDays = context.Get(DeadlineDays);
        DateOnly? dueOn = context.Get(DueOn) is { } day ? calendar.OnOrAfter(day)
            : deadlineDays > 0 ? calendar.DeadlineInDays(clock.Today, deadlineDays) : null;
        var attached = await context.GetRequiredService<ProcedureAttachments>().FindAsync(context.Get(Attach), subject, cancel);
        var task = await context.GetRequiredService<PartnerTasks>().AskAsync(
            new TaskAsked(
                context.StepKey(), context.WorkflowExecutionContext.Id, context.Get(Page) is { Length: > 0 } page ? page : "form", subject.Programme.Id, subject.File?.Project.Id,
                context.Get(SubjectId), assignee,
                await texts.PlainAsync(title, assignee, subject, own, cancel), await texts.MarkdownAsync(message, assignee, subject, own, cancel),
                FormFor(assignee, context), ButtonsFor(assignee, context), dueOn)
            { DocumentId = attached.Count > 0 ? attached[0].Id : null },
            cancel);

        context.SetProperty("TaskId", task.Id);
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = Signals.TaskAnswered,
            Stimulus = Signals.Key(task.Id),
            Callback = OnAnsweredAsync,
        });
        var reminders = ReminderPlan.Days(context.Get(ReminderDays), clock.Today, calendar);
        if (dueOn is { } last) reminders = reminders.Union(ReminderPlan.DaysAround(context.Get(ReminderOffsets), last, clock.Today, calendar));
        foreach (var reminder in reminders)
            context.DelayUntil(clock.MorningOf(reminder), OnReminderAsync, $"Relance : {task.Title}");
        if (dueOn is { } due)
            context.DelayUntil(
                clock.MorningOf(ReminderPlan.MorningAfter(due.AddDays(Math.Max(0, context.Get(EscalateAfterDays))), calendar)), OnDeadlineAsync, $"Échéance : {task.Title}");
    }

    private TaskField[] FormFor(Contact assignee, ActivityExecutionContext context)
    {
        if (Wording.ReadsEnglish(assignee) && context.Get(EnglishFields) is { Length: > 0 } english) return english;
        return [.. (context.Get(Fields) ?? []).Select(field => field with
        {
            Label = FrenchText.Typeset(field.Label),
            Help = field.Help is { } help ? FrenchText.Typeset(help) : null,
        })];
    }

    private IReadOnlyList<TaskOutcome> ButtonsFor(Contact assignee, ActivityExecutionContext context)
    {
        var french = context.Get(Labels) ?? [];
        var english = Wording.ReadsEnglish(assignee) ? context.Get(EnglishLabels) ?? [] : [];
        var withoutForm = context.Get(WithoutForm) ?? [];
        return [.. (context.Get(Outcomes) ?? []).Select((name, i) => new TaskOutcome(
            name, english.GetValueOrDefault(name) ?? FrenchText.Typeset(french.GetValueOrDefault(name, name)),
            !withoutForm.Contains(name), i == 0 ? "primary" : "secondary"))];
    }

    private async ValueTask OnAnsweredAsync(ActivityExecutionContext context)
    {
        var task = await TaskAsync(context);
        context.Set(Answer, JsonNode.Parse(task.Answer ?? "{}")!.AsObject());
        context.Set(AnsweredBy, task.AnsweredBy);
        await context.CompleteActivityWithOutcomesAsync(task.Outcome!);
    }

    private async ValueTask OnReminderAsync(ActivityExecutionContext context) =>
        await context.GetRequiredService<PartnerTasks>().RemindAsync(await TaskAsync(context), context.CancellationToken);

    private async ValueTask OnDeadlineAsync(ActivityExecutionContext context)
    {
        var task = await TaskAsync(context);
        if (task.State != PartnerTaskState.Open) return;
        if (context.Get(EscalateTo) is { Length: > 0 } role)
        {
            var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
            var to = await context.GetRequiredService<Addressees>()
                .FindAsync(role, subject.Programme.Id, subject.File?.Project, context.CancellationToken);
            await context.GetRequiredService<PartnerTasks>().EscalateAsync(task, to, context.CancellationToken);
        }

        if (!context.Get(ExpireAtDeadline)) return;
        task.Close(PartnerTaskState.Expired);
        context.GetRequiredService<Trail>().Add(
            task.ProgrammeId, "task-expired", $"Sans réponse à l’échéance : {task.Title}", projectId: task.ProjectId, subjectId: task.Id);
        await context.CompleteActivityWithOutcomesAsync(Expired);
    }

    private static Task<PartnerTask> TaskAsync(ActivityExecutionContext context)
    {
        var id = context.GetProperty<Guid>("TaskId");
        return context.GetRequiredService<AlizeDb>().PartnerTasks.SingleAsync(t => t.Id == id, context.CancellationToken);
    }
}

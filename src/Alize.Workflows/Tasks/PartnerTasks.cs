using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Tasks;

/// <summary>What a step asks of one person.</summary>
public sealed record TaskAsked(
    string StepKey, string InstanceId, string Kind, Guid ProgrammeId, Guid? ProjectId, Guid? SubjectId, Contact Assignee,
    string Title, string Instructions, IReadOnlyList<TaskField> Fields, IReadOnlyList<TaskOutcome> Outcomes, DateOnly? DueOn)
{
    /// <summary>A document of the archive to read before answering. Null for none.</summary>
    public Guid? DocumentId { get; init; }
}

/// <summary>Asks people, and takes their answers.</summary>
public sealed class PartnerTasks(
    AlizeDb db, Outbox outbox, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, ProgrammeClock clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TaskField> FieldsOf(PartnerTask task) =>
        JsonSerializer.Deserialize<List<TaskField>>(task.Form, Json) ?? [];

    public static IReadOnlyList<TaskOutcome> OutcomesOf(PartnerTask task) =>
        JsonSerializer.Deserialize<List<TaskOutcome>>(task.Outcomes, Json) ?? [];

    /// <summary>Writes the task and its mail into the unit of work; asking twice with one key asks once.</summary>
    public async Task<PartnerTask> AskAsync(TaskAsked asked, CancellationToken cancel)
    {
        var task = await db.PartnerTasks.SingleOrDefaultAsync(t => t.StepKey == asked.StepKey, cancel);
        if (task is not null) return task;

        task = new PartnerTask
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = asked.ProgrammeId,
            ProjectId = asked.ProjectId,
            StepKey = asked.StepKey,
            InstanceId = asked.InstanceId,
            Kind = asked.Kind,
            SubjectId = asked.SubjectId,
            DocumentId = asked.DocumentId,
            Title = asked.Title,
            Instructions = asked.Instructions,
            Form = JsonSerializer.Serialize(asked.Fields, Json),
            Outcomes = JsonSerializer.Serialize(asked.Outcomes, Json),
            AssigneeContactId = asked.Assignee.Id,
            CreatedAt = clock.UtcNow,
            DueOn = asked.DueOn,
        };
        db.PartnerTasks.Add(task);
        await outbox.PostAsync(
            new AskPartnerMail(task.Title, new(task.Instructions), task.DueOn), asked.Assignee,
            MailAboutTask(task), $"{task.StepKey}:ask", cancel);
        trail.Add(task.ProgrammeId, "task", $"Demandé à {asked.Assignee.FullName} : {task.Title}", projectId: task.ProjectId, subjectId: task.Id);
        return task;
    }

    /// <summary>Reminds the assignee, at most once a day and only while the task is open.</summary>
    public async Task RemindAsync(PartnerTask task, CancellationToken cancel)
    {
        if (task.State != PartnerTaskState.Open || task.LastRemindedOn == clock.Today) return;
        var assignee = await db.Contacts.SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        await outbox.PostAsync(
            new RemindPartnerMail(task.Title, new(task.Instructions), task.DueOn), assignee,
            MailAboutTask(task), $"{task.StepKey}:remind:{clock.Today:O}", cancel);
        task.LastRemindedOn = clock.Today;
        trail.Add(task.ProgrammeId, "reminder", $"Relance de {assignee.FullName} : {task.Title}", projectId: task.ProjectId, subjectId: task.Id);
    }

    /// <summary>
    /// Hands an open task to somebody else, who is asked by mail; the links of the one before say so. A signature is not handed over: the
    /// convention names who signs, and another signatory is named there. The caller saves.
    /// </summary>
    /// <returns>Null when it is done, else why not.</returns>
    public async Task<Problem?> ReassignAsync(PartnerTask task, Contact to, string by, CancellationToken cancel)
    {
        if (task.State != PartnerTaskState.Open) return new("", $"« {task.Title} » n’attend plus de réponse : il n’y a plus rien à confier.");
        if (!Substitution.Allows(Delegates.ActOf(task.Kind)))
            return new("", $"« {task.Title} » est une signature : le signataire est remplacé depuis la convention, dans le dossier du projet.");
        if (to.ProgrammeId != task.ProgrammeId || !to.IsActiveOn(clock.Today))
            return new("", $"{to.FullName} n’agit pas aujourd’hui dans ce dispositif. Choisissez une personne en fonction.");
        if (task.AssigneeContactId == to.Id) return null;

        var before = await db.Contacts.SingleAsync(c => c.Id == task.AssigneeContactId, cancel);
        task.HandTo(to.Id);
        await outbox.PostAsync(
            new AskPartnerMail(task.Title, new(task.Instructions), task.DueOn), to, MailAboutTask(task), $"{task.StepKey}:ask:{to.Id:N}:{task.Version}", cancel);
        trail.Add(
            task.ProgrammeId, "task-reassigned", $"Confié à {to.FullName} au lieu de {before.FullName} : {task.Title}", by, task.ProjectId, task.Id);
        return null;
    }

    /// <summary>Tells others that an answer is late; the assignee keeps the task.</summary>
    public async Task EscalateAsync(PartnerTask task, IReadOnlyList<Contact> to, CancellationToken cancel)
    {
        if (task.State != PartnerTaskState.Open || task.IsEscalated) return;
        var assignee = await db.Contacts.SingleAsync(c => c.Id == task.AssigneeContactId, cancel);

        // Who is late is reminded, and not told that he is late as if he were somebody else.
        foreach (var contact in to.Where(c => !Delegates.IsSame(c, assignee)))
            await outbox.PostAsync(
                new EscalateTaskMail(task.Title, assignee.FullName, task.DueOn), contact,
                new(task.ProgrammeId, task.ProjectId, task.Id, OnlyWhileTaskOpen: true) { AlsoToDelegate = true },
                $"{task.StepKey}:escalate:{contact.Id:N}", cancel);
        task.IsEscalated = true;
        trail.Add(task.ProgrammeId, "escalation", $"Sans réponse de {assignee.FullName} : {task.Title}", projectId: task.ProjectId, subjectId: task.Id);
    }

    /// <summary>
    /// Takes an answer: checks it, records it with its evidence and lets the waiting step go on. Nothing changes when a problem is
    /// found. An empty list means: recorded.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> AnswerAsync(
        Guid taskId, string outcome, IReadOnlyDictionary<string, string> values, string by, string evidence, CancellationToken cancel) =>
        await db.PartnerTasks.AnyAsync(t => t.Id == taskId && t.Kind == SignatureForm.Kind, cancel)
            ? [new("", "Une convention se signe depuis sa page, après le code reçu par courriel. Rien n’a été changé.")]
            : await GiveAsync(taskId, outcome, values, by, evidence, also: null, cancel);

    /// <summary>Takes an answer of any kind; what must be saved with it is done once nothing stands against it.</summary>
    /// <exception cref="DbUpdateException">With something to save besides: somebody else was first.</exception>
    internal async Task<IReadOnlyList<Problem>> GiveAsync(
        Guid taskId, string outcome, IReadOnlyDictionary<string, string> values, string by, string evidence, Action? also, CancellationToken cancel)
    {
        var task = await db.PartnerTasks.SingleOrDefaultAsync(t => t.Id == taskId, cancel);
        if (task is null) return [new("", "Cette demande n’existe pas. Reprenez le lien du dernier courriel reçu.")];
        if (task.State == PartnerTaskState.Answered)
            return [new("", $"Cette demande a déjà reçu sa réponse, donnée par {task.AnsweredBy} le {clock.Stamp(task.AnsweredAt!.Value)}. Rien n’a été changé.")];
        if (task.State != PartnerTaskState.Open || await HasEndedAsync(task.InstanceId, cancel))
            return [new("", "Cette demande n’attend plus de réponse. Rien n’a été changé.")];

        var chosen = OutcomesOf(task).SingleOrDefault(o => o.Name == outcome);
        if (chosen is null) return [new("", "Choisissez l’une des réponses proposées.")];

        var (answer, problems) = Read(FieldsOf(task), values, chosen.NeedsForm);
        if (task.Kind == SignatureForm.Kind) problems = [.. problems, .. SignatureForm.Problems(outcome, values, answer)];
        if (problems.Count > 0) return problems;

        answer["evidence"] = evidence;
        also?.Invoke();
        task.Give(outcome, answer.ToJsonString(), by, clock.UtcNow);
        trail.Add(task.ProgrammeId, "answer", FrenchText.Typeset($"{task.Title} : « {chosen.Label} »"), by, task.ProjectId, task.Id);
        var signal = signals.For(Signals.TaskAnswered, task.Id, new Dictionary<string, object?> { ["TaskId"] = task.Id.ToString() });
        store.Enqueue(signal);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException) when (also is null)
        {
            // What could not be saved must not be saved with the next thing either.
            db.ChangeTracker.Clear();
            return [new("", "Une autre réponse vient d’être enregistrée pour cette demande. La vôtre n’a pas été prise en compte.")];
        }

        await runtime.DeliverAsync(signal.Id, cancel);
        return [];
    }

    // A procedure that was stopped by hand leaves its requests open; nobody waits for their answers.
    private Task<bool> HasEndedAsync(string instanceId, CancellationToken cancel) =>
        db.WorkflowInstances.AnyAsync(i => i.Id == instanceId && i.Status == WorkflowStatus.Finished, cancel);

    internal static MailAbout MailAboutTask(PartnerTask task) =>
        new(task.ProgrammeId, task.ProjectId, task.Id, LinkPurpose: MailLinks.Task, OnlyWhileTaskOpen: true)
        {
            AlsoToDelegate = Substitution.Allows(Delegates.ActOf(task.Kind)),
            Attachments = task.DocumentId is { } document ? [document] : [],
        };

    private static (JsonObject Answer, IReadOnlyList<Problem> Problems) Read(
        IReadOnlyList<TaskField> fields, IReadOnlyDictionary<string, string> values, bool needsForm)
    {
        var answer = new JsonObject();
        var problems = new List<Problem>();
        foreach (var field in fields)
        {
            var text = values.GetValueOrDefault(field.Name, "").Trim();
            if (text.Length == 0)
            {
                if (needsForm && field.IsRequired) problems.Add(new(field.Name, FrenchText.Typeset($"« {field.Label} » est nécessaire pour cette réponse. Remplissez ce champ.")));
                continue;
            }

            // Who declines need not first correct what was half typed.
            var (value, problem) = ReadOne(field, text);
            if (problem is not null && !needsForm) continue;
            if (problem is not null) problems.Add(new(field.Name, problem));
            else answer[field.Name] = value;
        }

        foreach (var field in fields.Where(f => f.NotBefore is not null))
        {
            var first = fields.FirstOrDefault(f => f.Name == field.NotBefore);
            if (first is not null && string.CompareOrdinal((string?)answer[field.Name], (string?)answer[first.Name]) < 0 && answer[field.Name] is not null)
                problems.Add(new(field.Name, $"« {field.Label} » vient avant « {first.Label} ». Corrigez l’une des deux dates."));
        }

        return (answer, problems);
    }

    /// <summary>A typed text as JSON: money in cents, percent in hundredths of a percent, dates ISO 8601.</summary>
    private static (JsonNode? Value, string? Problem) ReadOne(TaskField field, string text)
    {
        switch (field.Type)
        {
            case "integer":
                if (!long.TryParse(string.Concat(text.Where(c => !char.IsWhiteSpace(c))), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    return (null, $"« {text} » n’est pas un nombre entier. Écrivez par exemple 12.");
                if (number < field.Minimum || number > field.Maximum)
                    return (null, $"{number} est hors des limites : entre {field.Minimum ?? 0} et {field.Maximum?.ToString(CultureInfo.InvariantCulture) ?? "…"}.");
                return (number, null);
            case "money":
                if (!Money.TryParse(text, out var money) || money < Money.Zero)
                    return (null, $"« {text} » n’est pas un montant en euros. Écrivez par exemple 15 000 ou 15000,50.");
                return (money.Cents, null);
            case "percent":
                return decimal.TryParse(text.TrimEnd('%', ' ', '\u00A0', '\u202F').Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
                    && percent is >= 0 and <= 100
                    ? ((int)(percent * 100), null)
                    : (null, $"« {text} » n’est pas un pourcentage. Écrivez un nombre entre 0 et 100, par exemple 24,9.");
            case "date":
                return DateOnly.TryParseExact(text, ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                    ? (day.ToString("O", CultureInfo.InvariantCulture), null)
                    : (null, $"« {text} » n’est pas une date. Écrivez par exemple 03/06/2026.");
            case "checkbox":
                return (text is "true" or "on" or "1" or "oui", null);
            case "choice":
                return field.Choices?.Contains(text) == true ? (text, null) : (null, "Choisissez l’une des valeurs de la liste.");
            default:
                return text.Length <= 10_000 ? (text, null) : (null, "Ce texte dépasse 10 000 caractères. Abrégez-le.");
        }
    }
}

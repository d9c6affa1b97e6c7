using System.Globalization;
using System.Text.Json;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Workflows.Repayment;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Rehearsal;

/// <summary>An answer that will be given.</summary>
/// <param name="At">When.</param>
/// <param name="GiveAsync">Gives it; says what stands against it, null when nothing does.</param>
internal sealed record PlannedAnswer(DateTimeOffset At, Func<CancellationToken, Task<string?>> GiveAsync);

/// <summary>
/// Everybody a procedure waits for: answers what was chosen, else what is favourable, through the same doors as in reality. An answer
/// that leads straight back to the same question is not given for ever: then the next one is.
/// </summary>
internal sealed class RehearsedPeople(RehearsalWorld world, RehearsalRequest request, RehearsedCommittee committee, RehearsalCalendar calendar)
{
    /// <summary>Nobody answers.</summary>
    public const string Nobody = "-";

    private const string Paid = "OnDay";
    private const string PaidLate = "Late";
    private const int LateDays = 20;
    private const int OfficeHour = 10;

    /// <summary>So often the same question may come straight back: whatever is answered, it would come again.</summary>
    private const int MostRepeats = 8;

    private static readonly RehearsalOption Silence = new(Nobody, "Personne ne répond");

    private readonly List<RehearsalQuestion> questions = [];
    private readonly Dictionary<string, PlannedAnswer?> planned = [];
    private readonly Dictionary<string, int> answered = [];
    private readonly Dictionary<string, (string Key, int Times, DateTime At)> last = [];

    public IReadOnlyList<RehearsalQuestion> Questions => questions;

    /// <summary>A question that comes back whatever is answered. Null while there is none.</summary>
    public string? Circle { get; private set; }

    /// <summary>What people still wait for, in words; for when nobody answers.</summary>
    public async Task<IReadOnlyList<string>> AwaitedAsync(CancellationToken cancel)
    {
        var awaited = new List<string>();
        foreach (var bookmark in await OpenAsync(cancel))
            if (bookmark.Name is not (Stimuli.TimerName or "Elsa.ExecuteWorkflow" or "Elsa.DispatchWorkflow" or "Elsa.BulkDispatchWorkflows"))
                awaited.Add(await world.TitleAsync(bookmark.VersionId, StepOf(bookmark), cancel));
        return [.. awaited.Distinct()];
    }

    /// <summary>The next answer somebody gives. Null when nobody does.</summary>
    public async Task<PlannedAnswer?> NextAsync(CancellationToken cancel)
    {
        PlannedAnswer? next = null;
        foreach (var bookmark in await OpenAsync(cancel))
        {
            if (!planned.TryGetValue(bookmark.Id, out var answer)) planned[bookmark.Id] = answer = await PlanAsync(bookmark, cancel);
            if (answer is not null && (next is null || answer.At < next.At)) next = answer;
        }

        return next;
    }

    private sealed record Waiting(string Id, string InstanceId, string Name, string NodeId, string? Payload, DateTime CreatedAt, string DefinitionId, string VersionId, string? Correlation);

    private Task<List<Waiting>> OpenAsync(CancellationToken cancel) => world.ReadAsync(db => db.Bookmarks.AsNoTracking()
        .Join(db.WorkflowInstances, b => b.InstanceId, i => i.Id, (b, i) => new { Bookmark = b, i.DefinitionId, i.DefinitionVersionId, i.CorrelationId })
        .OrderBy(x => x.Bookmark.CreatedAt).ThenBy(x => x.Bookmark.Id)
        .Select(x => new Waiting(
            x.Bookmark.Id, x.Bookmark.InstanceId, x.Bookmark.Name, x.Bookmark.ActivityNodeId, x.Bookmark.Payload, x.Bookmark.CreatedAt, x.DefinitionId, x.DefinitionVersionId, x.CorrelationId))
        .ToListAsync(cancel));

    private async Task<PlannedAnswer?> PlanAsync(Waiting waiting, CancellationToken cancel)
    {
        switch (waiting.Name)
        {
            case Stimuli.TimerName or "Elsa.ExecuteWorkflow" or "Elsa.DispatchWorkflow" or "Elsa.BulkDispatchWorkflows":
                return null;
            case Signals.TaskAnswered:
                return await PlanTaskAsync(waiting, cancel);
            case Signals.ProjectDecided:
                return await PlanDecisionAsync(waiting, cancel);
            case Signals.SessionClosed:
                return await PlanSessionAsync(waiting, cancel);
            case Signals.SessionChanged:
                return null;   // the same session's end is waited for beside it
            case Signals.InstallmentSettled:
                return await PlanPaymentAsync(waiting, cancel);
            default:
                var comes = await ChosenAsync(waiting, [new("Comes", "Arrive"), new(Nobody, "N’arrive jamais")], cancel);
                return comes == Nobody ? null : new(Later(waiting.CreatedAt), async token =>
                {
                    calendar.Answered(await world.TitleAsync(waiting.VersionId, StepOf(waiting), token), $"Supposé : ce que l’étape attend arrive ({waiting.Name})");
                    Answered(KeyOf(waiting), waiting);
                    await world.Runtime.ResumeAsync(waiting.Id, null, token);
                    return null;
                });
        }
    }

    private async Task<PlannedAnswer?> PlanTaskAsync(Waiting waiting, CancellationToken cancel)
    {
        var id = Guid.ParseExact(Text(waiting), "N");
        if (await world.ReadAsync(db => db.PartnerTasks.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, cancel)) is not { State: PartnerTaskState.Open } task) return null;
        var outcomes = PartnerTasks.OutcomesOf(task);
        var chosen = await ChosenAsync(waiting, [.. outcomes.Select(o => new RehearsalOption(o.Name, o.Label)), Silence], cancel);
        if (chosen == Nobody || outcomes.Count == 0) return null;

        var times = task.Kind == SignatureForm.Kind ? 1 : Repeats(waiting);
        var at = Math.Max(0, outcomes.ToList().FindIndex(o => o.Name == chosen));

        // Asked again at once: first with the whole form filled in, then with the next answer.
        var outcome = times <= 2 ? outcomes[at] : outcomes[(at + times - 2) % outcomes.Count];
        return new(Later(waiting.CreatedAt), async token =>
        {
            calendar.Answered(await world.TitleAsync(waiting.VersionId, StepOf(waiting), token), $"Réponse supposée à « {task.Title} » : « {outcome.Label} »", task.AssigneeContactId);
            Answered(KeyOf(waiting), waiting);
            return task.Kind == SignatureForm.Kind
                ? await SignAsync(task, outcome.Name, token)
                : await GiveAsync(task, outcome, isWhole: times > 1 && task.Kind != Accounts.PayAdvance.TaskKind, token);
        });
    }

    private async Task<string?> GiveAsync(PartnerTask task, TaskOutcome outcome, bool isWhole, CancellationToken cancel)
    {
        var values = outcome.NeedsForm
            ? PartnerTasks.FieldsOf(task).Where(f => isWhole || f.IsRequired).ToDictionary(f => f.Name, ValueFor)
            : [];
        return First(await world.DoAsync<PartnerTasks, IReadOnlyList<Problem>>(t => t.AnswerAsync(task.Id, outcome.Name, values, "Réponse supposée", "essai", cancel)));
    }

    private string ValueFor(TaskField field) => field.Value is { Length: > 0 } given ? given : field.Type switch
    {
        "integer" => Math.Max(1, field.Minimum ?? 1).ToString(CultureInfo.InvariantCulture),
        "money" => "100 000",
        "percent" => "0",
        "date" => world.Days.Today.AddDays(7).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        "checkbox" => "true",
        "choice" => field.Choices is { Count: > 0 } choices ? choices[0] : "",
        _ => "Réponse supposée.",
    };

    /// <summary>Signs as a signatory does: by the code of a mail, though nobody sends it here.</summary>
    public async Task<string?> SignAsync(PartnerTask task, string outcome, CancellationToken cancel)
    {
        var place = new SigningPlace("127.0.0.1", "Essai");
        var (code, digits) = Data.Signatures.SigningCode.Make(task.ProgrammeId, task.Id, task.AssigneeContactId, world.Days.UtcNow);
        await world.ReadAsync(db =>
        {
            db.SigningCodes.Add(code);
            return db.SaveChangesAsync(cancel);
        });
        var (secret, problems) = await world.DoAsync<ConventionSigning, (string?, IReadOnlyList<Problem>)>(s => s.TryCodeAsync(task, digits, place, cancel));
        if (problems.Count > 0) return First(problems);
        var values = new Dictionary<string, string> { ["initials"] = "ES", ["consent"] = "true", ["reason"] = "Refus supposé pour l’essai" };
        return First(await world.DoAsync<ConventionSigning, IReadOnlyList<Problem>>(s => s.AnswerAsync(task, secret, outcome, values, place, cancel)));
    }

    private async Task<PlannedAnswer?> PlanDecisionAsync(Waiting waiting, CancellationToken cancel)
    {
        var chosen = await ChosenAsync(waiting, [
            new(RehearsedCommittee.Approved, "Le comité agrée le projet"), new(RehearsedCommittee.Conditional, "Il l’agrée sous condition"),
            new(RehearsedCommittee.Deferred, "Il l’ajourne"), new(RehearsedCommittee.Rejected, "Il le rejette"), new(Nobody, "Il ne se prononce jamais")], cancel);
        if (chosen == Nobody || !Guid.TryParse(waiting.Correlation, out var project)) return null;
        return new(await committee.NextSessionAsync(project, cancel), async token =>
        {
            calendar.Answered(await world.TitleAsync(waiting.VersionId, StepOf(waiting), token), $"Supposé : {questions.Find(q => q.Key == KeyOf(waiting))?.Options.First(o => o.Value == chosen).Words.ToLowerInvariant()}");
            Answered(KeyOf(waiting), waiting);
            return await committee.DecideAsync(project, chosen, token);
        });
    }

    private async Task<PlannedAnswer?> PlanSessionAsync(Waiting waiting, CancellationToken cancel)
    {
        var chosen = await ChosenAsync(waiting, [new("Held", "La séance se tient, tous présents"), new("CalledOff", "Elle est annulée"), new(Nobody, "Elle n’est jamais levée")], cancel);
        if (chosen == Nobody || !Guid.TryParse(waiting.Correlation, out var id)) return null;
        var ends = await world.ReadAsync(db => db.CommitteeSessions.Where(s => s.Id == id).Select(s => new { s.StartsAt, s.DurationMinutes }).SingleAsync(cancel));
        var moment = chosen == "Held" ? new DateTimeOffset(DateTime.SpecifyKind(ends.StartsAt.AddMinutes(ends.DurationMinutes), DateTimeKind.Utc)) : Later(waiting.CreatedAt);
        return new(moment, async token =>
        {
            calendar.Answered(await world.TitleAsync(waiting.VersionId, StepOf(waiting), token), chosen == "Held" ? "Supposé : la séance se tient, tous présents" : "Supposé : la séance est annulée");
            Answered(KeyOf(waiting), waiting);
            return chosen == "Held" ? await committee.HoldAsync(id, token) : await committee.CallOffAsync(id, token);
        });
    }

    private async Task<PlannedAnswer?> PlanPaymentAsync(Waiting waiting, CancellationToken cancel)
    {
        const string key = "installments";
        var chosen = Ask(key, "Paiement des échéances", await NameAsync(waiting, cancel),
            [new(Paid, "Chacune est payée le jour dit"), new(PaidLate, $"Chacune est payée {LateDays} jours après"), new(Nobody, "Aucune n’est jamais payée")]);
        if (chosen == Nobody) return null;
        var id = Guid.ParseExact(Text(waiting), "N");
        var due = await world.ReadAsync(db => db.Installments.Where(i => i.Id == id).Select(i => new { i.AdvanceId, i.CollectOn, i.Number }).SingleOrDefaultAsync(cancel));
        if (due is null) return null;
        var day = chosen == PaidLate ? due.CollectOn.AddDays(LateDays) : due.CollectOn;
        return new(Max(world.Clock.GetUtcNow(), Noon(day)), async token =>
        {
            var outstanding = await world.ReadAsync(async db => (await db.Advances.AsNoTracking().SingleAsync(a => a.Id == due.AdvanceId, token)).Find(due.Number)?.Outstanding ?? Money.Zero);
            if (outstanding <= Money.Zero) return null;
            return First(await world.DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.RecordAsync(
                due.AdvanceId, outstanding.ToString(), world.Days.Today, string.Create(CultureInfo.InvariantCulture, $"ESSAI-{due.Number}"), "Paiement supposé", token)));
        });
    }

    /// <summary>What was chosen for a step, the first time it is asked; afterwards the favourable answer, so that it does not go round for ever.</summary>
    private async Task<string> ChosenAsync(Waiting waiting, IReadOnlyList<RehearsalOption> options, CancellationToken cancel)
    {
        var key = KeyOf(waiting);
        var chosen = Ask(key, await world.TitleAsync(waiting.VersionId, StepOf(waiting), cancel), await NameAsync(waiting, cancel), options);
        return chosen == Nobody || answered.GetValueOrDefault(key) == 0 || (waiting.Name == Signals.TaskAnswered && await IsSignatureAsync(waiting, cancel)) ? chosen : options[0].Value;
    }

    private Task<bool> IsSignatureAsync(Waiting waiting, CancellationToken cancel)
    {
        var id = Guid.ParseExact(Text(waiting), "N");
        return world.ReadAsync(db => db.PartnerTasks.AnyAsync(t => t.Id == id && t.Kind == SignatureForm.Kind, cancel));
    }

    private string Ask(string key, string step, string procedure, IReadOnlyList<RehearsalOption> options)
    {
        if (questions.Find(q => q.Key == key) is { } known) return known.Chosen;
        var chosen = request.Answers.GetValueOrDefault(key) is { } wanted && options.Any(o => o.Value == wanted) ? wanted : options[0].Value;
        questions.Add(new(key, step, procedure, options, chosen));
        return chosen;
    }

    private Task<string> NameAsync(Waiting waiting, CancellationToken cancel) =>
        world.ReadAsync(db => db.Definitions.Where(d => d.Id == waiting.VersionId).Select(d => d.Name).SingleAsync(cancel));

    /// <summary>How often this question has come straight back, this time included.</summary>
    private int Repeats(Waiting waiting) =>
        last.TryGetValue(waiting.InstanceId, out var before) && before.Key == KeyOf(waiting) && waiting.CreatedAt >= before.At ? before.Times + 1 : 1;

    private void Answered(string key, Waiting waiting)
    {
        answered[key] = answered.GetValueOrDefault(key) + 1;
        var times = Repeats(waiting);
        last[waiting.InstanceId] = (key, times, world.Clock.GetUtcNow().UtcDateTime);
        if (times > MostRepeats) Circle = questions.Find(q => q.Key == key)?.Step;
    }

    /// <summary>The morning so many days after; at once when people answer on the same day.</summary>
    private DateTimeOffset Later(DateTime askedAt)
    {
        if (request.AnswerAfterDays == 0) return world.Clock.GetUtcNow();
        var day = committee.Calendar.OnOrAfter(DateOnly.FromDateTime(world.Days.ToLocal(askedAt)).AddDays(request.AnswerAfterDays));
        return Max(world.Clock.GetUtcNow(), new(world.Days.ToUtc(day.ToDateTime(new TimeOnly(OfficeHour, 0))), TimeSpan.Zero));
    }

    private DateTimeOffset Noon(DateOnly day) => new(world.Days.ToUtc(day.ToDateTime(new TimeOnly(12, 0))), TimeSpan.Zero);

    private static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string? First(IReadOnlyList<Problem> problems) => problems.Count == 0 ? null : problems[0].Sentence;

    private static string KeyOf(Waiting waiting) => $"{waiting.DefinitionId}/{StepOf(waiting)}";

    private static string StepOf(Waiting waiting) => waiting.NodeId[(waiting.NodeId.LastIndexOf(':') + 1)..];

    private static string Text(Waiting waiting) => waiting.Payload is null ? "" : JsonSerializer.Deserialize<string>(waiting.Payload) ?? "";
}

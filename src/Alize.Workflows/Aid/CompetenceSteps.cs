using System.Globalization;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Workflows.Accounts;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Lists the competences that partners committed to the project (R20).</summary>
[Activity("Alize", "Compétences", "Donne la liste des appuis en compétences décidés pour le projet.", DisplayName = "Lister les compétences")]
public sealed class ListCommitments : CodeActivity
{
    [Input(DisplayName = "Délai minimal (jours ouvrés)", Description = "Jours laissés pour désigner une personne quand la date fixée à la décision est déjà proche ou passée.", DefaultValue = 5)]
    public Input<int> LeastWorkingDays { get; set; } = default!;

    [Output(DisplayName = "Appuis", Description = "Un objet par appui : id, partner (rôle à interroger), field, days, englishDays, nameBy (jour jusqu’auquel une personne est à désigner).")]
    public Output<JsonArray>? Commitments { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var projectId = context.Correlation();
        var db = context.GetRequiredService<AlizeDb>();
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var least = subject.Calendar.AddWorkingDays(context.GetRequiredService<ProgrammeClock>().Today, Math.Max(1, context.Get(LeastWorkingDays)));
        var commitments = await db.CompetenceCommitments.AsNoTracking()
            .Where(c => c.ProjectId == projectId && c.CompletedOn == null && db.DecisionsInForce.Any(d => d.Id == c.DecisionId)).OrderBy(c => c.Id).ToListAsync(context.CancellationToken);
        context.Set(Commitments, new JsonArray([.. commitments.Select(c => (JsonNode)new JsonObject
        {
            ["id"] = c.Id.ToString(),
            ["partner"] = $"partner:{c.PartnerId}",
            ["field"] = c.Field,
            ["days"] = FrenchText.Days(c.HalfDays),
            ["englishDays"] = string.Create(CultureInfo.InvariantCulture, $"{c.HalfDays / 2m:0.#} {(c.HalfDays == 2 ? "day" : "days")}"),
            ["nameBy"] = (c.MobiliseBy > least ? c.MobiliseBy : least).ToString("O", CultureInfo.InvariantCulture),
        })]));
    }
}

/// <summary>Records the person a partner names for a competence it committed (R20), and the days where they are given with the name.</summary>
[Activity("Alize", "Compétences", "Consigne la personne désignée par le partenaire, et les dates si elles sont données avec elle.", DisplayName = "Consigner la personne désignée")]
public sealed class RecordMobilisation : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : personName, startsOn, endsOn.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    [Output(DisplayName = "Les dates", Description = "starts, ends, englishStarts, englishEnds, person : de quoi les écrire à l’entreprise.")]
    public Output<JsonObject>? Dates { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await SupportOf.CommitmentAsync(context, context.Get(CommitmentId));
        var answer = context.Get(Answer) ?? [];
        commitment.Mobilise((string?)answer["personName"] ?? "", context.GetRequiredService<ProgrammeClock>().Today);
        var words = SupportOf.Announce(commitment, answer);
        context.Set(Dates, SupportOf.DatesOf(commitment));
        SupportOf.Note(context, commitment, $"{commitment.PersonName} est désigné(e){words}");
    }
}

/// <summary>Records the days a partner announces for its support (R20).</summary>
[Activity("Alize", "Compétences", "Consigne les dates annoncées par le partenaire ; l’entreprise est ensuite à interroger.", DisplayName = "Consigner les dates annoncées")]
public sealed class RecordDates : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : startsOn, endsOn.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    [Output(DisplayName = "Les dates", Description = "starts, ends, englishStarts, englishEnds, person : de quoi les écrire à l’entreprise.")]
    public Output<JsonObject>? Dates { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await SupportOf.CommitmentAsync(context, context.Get(CommitmentId));
        var words = SupportOf.Announce(commitment, context.Get(Answer) ?? []);
        context.Set(Dates, SupportOf.DatesOf(commitment));
        SupportOf.Note(context, commitment, $"dates annoncées{words}");
    }
}

/// <summary>Records that the days announced no longer hold, at the company's wish or the partner's; they are to be agreed on anew (R20).</summary>
[Activity("Alize", "Compétences", "Consigne que les dates annoncées ne tiennent plus ; le partenaire en annonce d’autres.", DisplayName = "Rouvrir les dates")]
public sealed class ReopenDates : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    [Input(DisplayName = "Souhait", Description = "Ce que l’entreprise souhaite. Vide quand c’est le partenaire qui change les dates.")]
    public Input<string?>? Wish { get; set; }

    [Output(DisplayName = "Les dates", Description = "starts et ends vides, wish : ce que l’entreprise souhaite.")]
    public Output<JsonObject>? Dates { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await SupportOf.CommitmentAsync(context, context.Get(CommitmentId));
        commitment.Withdraw();
        var wish = context.Get(Wish) ?? "";
        var dates = SupportOf.DatesOf(commitment);
        dates["wish"] = wish;
        context.Set(Dates, dates);
        var why = wish.Length > 0 ? $"l’entreprise souhaite d’autres dates, {wish}" : "le partenaire change les dates";
        SupportOf.Note(context, commitment, why);
    }
}

/// <summary>Records that the company agrees to the days announced, or has nothing against them (R20).</summary>
[Activity("Alize", "Compétences", "Consigne l’accord de l’entreprise sur les dates, donné ou tacite.", DisplayName = "Consigner l’accord sur les dates")]
public sealed class RecordAgreement : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    [Input(DisplayName = "Tacite", Description = "Vrai quand l’entreprise n’a pas répondu dans le délai.", DefaultValue = false)]
    public Input<bool> IsTacit { get; set; } = default!;

    [Output(DisplayName = "Jusqu’au", Description = "Dernier jour convenu, AAAA-MM-JJ : après lui, l’appui est à terminer.")]
    public Output<string>? EndsOn { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await SupportOf.CommitmentAsync(context, context.Get(CommitmentId));
        commitment.Agree(context.GetRequiredService<ProgrammeClock>().Today);
        context.Set(EndsOn, commitment.EndsOn?.ToString("O", CultureInfo.InvariantCulture));
        var how = context.Get(IsTacit) ? "dates tenues pour convenues, l’entreprise n’ayant rien objecté" : "dates convenues avec l’entreprise";
        SupportOf.Note(context, commitment, $"{how}{SupportOf.DayWords(commitment)}");
    }
}

/// <summary>Ends a support (art. 5.2): what is left of the commitment will not be spent and is released in the journal.</summary>
[Activity("Alize", "Compétences", "Termine l’appui ; ce qui reste de l’engagement ne sera pas passé.", DisplayName = "Terminer l’appui")]
public sealed class EndSupport : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await SupportOf.CommitmentAsync(context, context.Get(CommitmentId));
        if (commitment.CompletedOn is not null) return;
        var today = context.GetRequiredService<ProgrammeClock>().Today;
        var by = commitment.PersonName is { Length: > 0 } person ? person : Trail.Service;
        await context.GetRequiredService<StaffDays>().EndedAsync(commitment, today, by, context.CancellationToken);
        commitment.Complete(today);
        SupportOf.Note(context, commitment, $"appui terminé, {FrenchText.Days(commitment.HalfDaysLogged)} sur {FrenchText.Days(commitment.HalfDays)}");
    }
}

/// <summary>Records what the lead partner reports of the project (mandataire, art. 6.2) and tells the committee's chair and the operator.</summary>
[Activity("Alize", "Compétences", "Consigne le point du mandataire et le transmet au président du comité et à l’opérateur.", DisplayName = "Consigner le point du mandataire")]
public sealed class RecordProgress : CodeActivity
{
    /// <summary>Kind of the trail's line that holds a report.</summary>
    public const string TrailKind = "progress";

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : progress, difficulty.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    [Input(DisplayName = "Par", Description = "Nom de la personne qui a répondu.")]
    public Input<string?>? By { get; set; }

    [Input(DisplayName = "Transmis à", Description = "Rôles qui reçoivent le point, séparés par des virgules.", DefaultValue = "chair,operator")]
    public Input<string> To { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var file = subject.File ?? throw new InvalidOperationException("A lead partner reports on a project, and this instance is not about one.");
        var answer = context.Get(Answer) ?? [];
        var (progress, difficulty) = ((string?)answer["progress"] ?? "", (string?)answer["difficulty"]);
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        var partnerId = file.Project.LeadPartnerId ?? file.Project.DetectedByPartnerId;
        var lead = await context.GetRequiredService<AlizeDb>().Partners.Where(p => p.Id == partnerId).Select(p => p.Name).SingleAsync(cancel);
        var outbox = context.GetRequiredService<Outbox>();
        var mail = new ProgressReportMail(
            file.Company.Name, file.Project.Number, by, lead, progress, string.IsNullOrWhiteSpace(difficulty) ? null : difficulty);
        foreach (var contact in await context.GetRequiredService<Addressees>().FindAsync(context.Get(To) is { Length: > 0 } to ? to : "chair,operator", subject.Programme.Id, file.Project, cancel))
            await outbox.PostAsync(mail, contact, new(subject.Programme.Id, file.Project.Id) { AlsoToDelegate = true }, $"{context.StepKey()}:{contact.Id:N}", cancel);
        context.GetRequiredService<Trail>().Add(
            subject.Programme.Id, TrailKind, $"Point du mandataire ({lead}) : {progress}{(string.IsNullOrWhiteSpace(difficulty) ? "" : $" – Difficulté : {difficulty}")}", by, file.Project.Id);
    }
}

/// <summary>What the lead partner reports of a project, for the committee's chair and the operator.</summary>
public sealed record ProgressReportMail(string Company, string Number, string By, string LeadPartner, string Progress, string? Difficulty);

internal static class SupportOf
{
    public static Task<CompetenceCommitment> CommitmentAsync(ActivityExecutionContext context, Guid id) =>
        context.GetRequiredService<AlizeDb>().CompetenceCommitments.SingleAsync(c => c.Id == id, context.CancellationToken);

    public static void Note(ActivityExecutionContext context, CompetenceCommitment commitment, string what) => context.GetRequiredService<Trail>().Add(
        commitment.ProgrammeId, "competence", $"{commitment.Field} : {what}", projectId: commitment.ProjectId, subjectId: commitment.Id);

    /// <summary>Notes the two days of an answer; the words for the trail, empty when they are not both there.</summary>
    public static string Announce(CompetenceCommitment commitment, JsonObject answer)
    {
        if (Day(answer, "startsOn") is not { } starts || Day(answer, "endsOn") is not { } ends) return "";
        commitment.Announce(starts, ends);
        return DayWords(commitment);
    }

    public static string DayWords(CompetenceCommitment commitment) => commitment is { StartsOn: { } starts, EndsOn: { } ends }
        ? starts == ends ? $", le {FrenchText.Date(starts)}" : $", du {FrenchText.Date(starts)} au {FrenchText.Date(ends)}"
        : "";

    public static JsonObject DatesOf(CompetenceCommitment commitment) => new()
    {
        ["starts"] = commitment.StartsOn is { } s ? FrenchText.Date(s) : "",
        ["ends"] = commitment.EndsOn is { } e ? FrenchText.Date(e) : "",
        ["englishStarts"] = commitment.StartsOn?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "",
        ["englishEnds"] = commitment.EndsOn?.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) ?? "",
        ["person"] = commitment.PersonName,
    };

    private static DateOnly? Day(JsonObject answer, string field) =>
        (string?)answer[field] is { Length: > 0 } text ? DateOnly.ParseExact(text, "O", CultureInfo.InvariantCulture) : null;
}

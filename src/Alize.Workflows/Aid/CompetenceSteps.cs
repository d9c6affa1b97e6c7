using System.Globalization;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Domain.Aid;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Lists the competences that partners committed to the project (R20).</summary>
[Activity("Alize", "Compétences", "Donne la liste des appuis en compétences décidés pour le projet.", DisplayName = "Lister les compétences")]
public sealed class ListCommitments : CodeActivity
{
    [Output(DisplayName = "Appuis", Description = "Un objet par appui : id, partner (rôle à interroger), field, days, englishDays.")]
    public Output<JsonArray>? Commitments { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var projectId = context.Correlation();
        var db = context.GetRequiredService<AlizeDb>();
        var commitments = await db.CompetenceCommitments.AsNoTracking()
            .Where(c => c.ProjectId == projectId && c.CompletedOn == null && db.DecisionsInForce.Any(d => d.Id == c.DecisionId)).OrderBy(c => c.Id).ToListAsync(context.CancellationToken);
        context.Set(Commitments, new JsonArray([.. commitments.Select(c => (JsonNode)new JsonObject
        {
            ["id"] = c.Id.ToString(),
            ["partner"] = $"partner:{c.PartnerId}",
            ["field"] = c.Field,
            ["days"] = Domain.FrenchText.Days(c.HalfDays),
            ["englishDays"] = string.Create(CultureInfo.InvariantCulture, $"{c.HalfDays / 2m:0.#} {(c.HalfDays == 2 ? "day" : "days")}"),
        })]));
    }
}

/// <summary>Records the person a partner names for a competence it committed (R20).</summary>
[Activity("Alize", "Compétences", "Consigne la personne désignée par le partenaire.", DisplayName = "Consigner la personne désignée")]
public sealed class RecordMobilisation : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : personName.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await Commitments.OneAsync(context, context.Get(CommitmentId));
        var person = (string?)context.Get(Answer)?["personName"] ?? "";
        commitment.Mobilise(person, context.GetRequiredService<ProgrammeClock>().Today);
        context.GetRequiredService<Trail>().Add(
            commitment.ProgrammeId, "competence", $"{commitment.Field} : {person} est désigné(e)", projectId: commitment.ProjectId, subjectId: commitment.Id);
    }
}

/// <summary>Logs the half-days spent (art. 5.2) and, when the partner says so, ends the support.</summary>
[Activity("Alize", "Compétences", "Consigne les demi-journées passées.", DisplayName = "Consigner le temps passé")]
public sealed class RecordTime : CodeActivity
{
    [Input(DisplayName = "Appui", Description = "Identifiant de l’appui en compétences.")]
    public Input<Guid> CommitmentId { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : halfDays, note.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    [Input(DisplayName = "Terminé", Description = "Vrai quand l’appui est terminé.", DefaultValue = false)]
    public Input<bool> IsLast { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var commitment = await Commitments.OneAsync(context, context.Get(CommitmentId));
        var answer = context.Get(Answer) ?? [];
        var today = context.GetRequiredService<ProgrammeClock>().Today;
        var halfDays = answer["halfDays"] is JsonValue value ? (int)value.GetValue<long>() : 0;
        var days = context.GetRequiredService<StaffDays>();
        var by = commitment.PersonName is { Length: > 0 } person ? person : Trail.Service;
        if (halfDays > 0)
        {
            commitment.Log(today, halfDays, (string?)answer["note"] ?? "");
            await days.SpentAsync(context.StepKey(), commitment, today, halfDays, by, context.CancellationToken);
        }

        if (context.Get(IsLast))
        {
            commitment.Complete(today);
            await days.EndedAsync(commitment, today, by, context.CancellationToken);
        }

        context.GetRequiredService<Trail>().Add(
            commitment.ProgrammeId, "competence",
            string.Create(CultureInfo.InvariantCulture, $"{commitment.Field} : {Domain.FrenchText.Days(commitment.HalfDaysLogged)} consignés sur {Domain.FrenchText.Days(commitment.HalfDays)}")
                + (context.Get(IsLast) ? ", appui terminé" : ""),
            projectId: commitment.ProjectId, subjectId: commitment.Id);
    }
}

internal static class Commitments
{
    public static Task<CompetenceCommitment> OneAsync(ActivityExecutionContext context, Guid id) =>
        context.GetRequiredService<AlizeDb>().CompetenceCommitments.SingleAsync(c => c.Id == id, context.CancellationToken);
}

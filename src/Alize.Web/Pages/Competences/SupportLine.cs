using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Web.Look;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Competences;

/// <summary>One support with the names that go with it.</summary>
/// <param name="Commitment">The support.</param>
/// <param name="Partner">Who lends.</param>
/// <param name="ProjectNumber">Number of the project.</param>
/// <param name="Company">Who is helped.</param>
/// <param name="Lateness">Why it is late today.</param>
public sealed record SupportLine(CompetenceCommitment Commitment, string Partner, string ProjectNumber, string Company, Lateness Lateness)
{
    /// <summary>Where it stands, as a badge says it.</summary>
    public (Tone Tone, string Words) State => (Lateness, Commitment) switch
    {
        (Lateness.NotNamed, _) => (Tone.Alert, "Personne à désigner, en retard"),
        (Lateness.NotFinished, _) => (Tone.Alert, "Fin dépassée"),
        (_, { CompletedOn: not null }) => (Tone.Good, "Terminé"),
        (_, { PersonName: null }) => (Tone.Waiting, "Personne à désigner"),
        (_, { StartsOn: null }) => (Tone.Waiting, "Dates à convenir"),
        (_, { AgreedOn: null }) => (Tone.Waiting, "Accord de l’entreprise attendu"),
        _ => (Tone.Running, "En cours"),
    };

    /// <summary>The supports of decisions in force, by project.</summary>
    public static async Task<IReadOnlyList<SupportLine>> OfAsync(AlizeDb db, IQueryable<CompetenceCommitment> which, DateOnly today, CancellationToken cancel)
    {
        var commitments = await which.AsNoTracking().Where(c => db.DecisionsInForce.Any(d => d.Id == c.DecisionId)).ToListAsync(cancel);
        var ids = commitments.Select(c => c.ProjectId).Distinct().ToList();
        var projects = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id))
            .Join(db.Companies, p => p.CompanyId, c => c.Id, (p, c) => new { p.Id, p.Number, c.Name }).ToDictionaryAsync(p => p.Id, cancel);
        var lenders = commitments.Select(c => c.PartnerId).Distinct().ToList();
        var partners = await db.Partners.AsNoTracking().Where(p => lenders.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return [.. commitments
            .Select(c => new SupportLine(c, partners[c.PartnerId], projects[c.ProjectId].Number, projects[c.ProjectId].Name, c.LatenessOn(today)))
            .OrderBy(l => l.ProjectNumber, StringComparer.Ordinal).ThenBy(l => l.Partner, StringComparer.CurrentCulture).ThenBy(l => l.Commitment.Id)];
    }
}

/// <summary>What several supports come to, in days and in value.</summary>
public sealed record SupportTotals(int Committed, int Agreed, int Spent, Money CommittedValue, Money SpentValue)
{
    public static SupportTotals Of(IReadOnlyCollection<CompetenceCommitment> all) => new(
        all.Sum(c => c.HalfDays), all.Sum(c => c.HalfDaysAgreed), all.Sum(c => c.HalfDaysLogged), Money.Sum(all.Select(c => c.Value)), Money.Sum(all.Select(c => c.ValueLogged)));
}

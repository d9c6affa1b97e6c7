using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo;

/// <summary>
/// Four projects at four places of their life, made through the same doors as anybody's: one asks the company for figures, one waits
/// for the operator, two are ready for a committee.
/// </summary>
public sealed class DemoProjects(AlizeDb db, Detection detection, PartnerTasks tasks, WorkflowRuntime runtime)
{
    public async Task SeedAsync(Programme programme, CancellationToken cancel)
    {
        var ready = await DetectAsync(programme, "julien.morel@cci-val.example", Tournerie, cancel);
        var alsoReady = await DetectAsync(programme, "karim.benali@papeteries.example", Conserverie, cancel);
        await DetectAsync(programme, "thomas.ferrand@energie.example", Menuiserie, cancel);
        await DetectAsync(programme, "nadia.haddad@cc-ombrelle.example", Imprimerie, cancel);
        await InstructAsync(ready, "Prêt d’honneur Initiative Ombrelle : plafond de 10 000 € déjà atteint. Prêt bancaire seul : refusé sans apport.", cancel);
        await InstructAsync(alsoReady, "Aide régionale à l’investissement : enveloppe de l’année épuisée.", cancel);
        await runtime.DrainAsync(cancel);
    }

    private static DetectionForm Tournerie { get; } = new()
    {
        Company = "Tournerie des Aulnes",
        Siret = "41234567000019",
        Commune = "Saint-Aubin-sur-Ombrelle",
        Activity = "Mécanique de précision",
        HeadName = "Sylvie Arnaud",
        HeadEmail = "sylvie.arnaud@tournerie.example",
        IsRegistered = true,
        Headcount = "23",
        Turnover = "2 850 000",
        BalanceSheetTotal = "1 640 000",
        LargestHolderPercent = "0",
        Title = "Atelier d’usinage cinq axes",
        Description = "Acquisition d’un centre d’usinage et ouverture d’une deuxième équipe.",
        JobsPlanned = "6",
        Cost = "180 000",
        OwnShare = "150 000",
        RequestedAdvance = "30 000",
        RequestedMonths = "36",
        RequestedDeferralMonths = "6",
        CompetencesAsked = "Organisation de la production, qualité",
    };

    private static DetectionForm Conserverie { get; } = new()
    {
        Company = "Conserverie du Pré-Haut",
        Siret = "53287643000010",
        Commune = "Le Pré-Haut",
        Activity = "Conserves de légumes",
        HeadName = "Bruno Caillaud",
        HeadEmail = "bruno.caillaud@conserverie.example",
        IsRegistered = true,
        Headcount = "41",
        Turnover = "6 200 000",
        LargestHolderPercent = "12,5",
        Title = "Ligne de conditionnement en verre consigné",
        Description = "Nouvelle ligne et réseau de collecte des bocaux.",
        JobsPlanned = "9",
        Cost = "240 000",
        OwnShare = "195 000",
        RequestedAdvance = "45 000",
        RequestedMonths = "24",
        RequestedDeferralMonths = "3",
        CompetencesAsked = "Logistique retour, achats",
    };

    private static DetectionForm Menuiserie { get; } = new()
    {
        Company = "Menuiserie Lagrange",
        Siret = "38012986600014",
        Commune = "Val-Serein",
        Activity = "Menuiserie bois",
        HeadName = "Paul Lagrange",
        HeadEmail = "paul.lagrange@menuiserie.example",
        IsRegistered = true,
        Title = "Reprise de l’atelier voisin",
        Description = "Reprise de quatre salariés et de leur savoir-faire.",
        JobsPlanned = "4",
    };

    private static DetectionForm Imprimerie { get; } = new()
    {
        Company = "Imprimerie Serein",
        Siret = "44229377500015",
        Commune = "Val-Serein",
        Activity = "Impression d’emballages",
        HeadName = "Leïla Mansouri",
        HeadEmail = "leila.mansouri@imprimerie.example",
        IsRegistered = true,
        Headcount = "17",
        Turnover = "1 900 000",
        BalanceSheetTotal = "900 000",
        LargestHolderPercent = "20",
        Title = "Emballages compostables",
        Description = "Étude et première série.",
        JobsPlanned = "3",
        Cost = "60 000",
        OwnShare = "45 000",
        RequestedAdvance = "15 000",
        RequestedMonths = "24",
        RequestedDeferralMonths = "3",
        CompetencesAsked = "Recherche et développement",
    };

    private async Task<Guid> DetectAsync(Programme programme, string partnerEmail, DetectionForm form, CancellationToken cancel)
    {
        var contact = await db.Contacts.AsNoTracking()
            .FirstAsync(c => c.ProgrammeId == programme.Id && c.Email == partnerEmail && c.Role == ContactRole.Representative, cancel);
        var (id, problems) = await detection.DetectAsync(programme.Id, contact.PartnerId!.Value, form, contact.FullName, cancel);
        await runtime.DrainAsync(cancel);
        return id ?? throw new InvalidOperationException(
            $"The demonstration's project '{form.Title}' was refused: {string.Join(" ", problems.Select(p => $"{p.Field}: {p.Sentence}"))}");
    }

    private async Task InstructAsync(Guid projectId, string schemes, CancellationToken cancel)
    {
        var task = await db.PartnerTasks.AsNoTracking().SingleAsync(t => t.ProjectId == projectId && t.State == PartnerTaskState.Open, cancel);
        var problems = await tasks.AnswerAsync(
            task.Id, "ToCommittee", new Dictionary<string, string> { ["schemesConsidered"] = schemes }, DemoTerritory.OperatorName, "Démonstration", cancel);
        if (problems.Count > 0) throw new InvalidOperationException($"The demonstration's instruction was refused: {problems[0].Sentence}");
    }
}

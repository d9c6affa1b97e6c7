using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Workflows.Demo;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Demo;

/// <summary>The other ends: a project that misses the two thirds, one that is not eligible, a payment refused because a signature is missing.</summary>
internal sealed class OtherEnds(DemoWorld world)
{
    private readonly People people = new(world);

    public async Task RunAsync(CancellationToken cancel)
    {
        var checks = new Checks();
        world.OnMail = ReactAsync;
        await people.DetectAsync("karim.benali@papeteries.example", With("Fonderie du Val", "82145376800011", "Four à induction", "320"), cancel);
        checks.That("320 personnes : le projet n’est pas éligible (R1)", await StageAsync("2027-001", cancel) == ProjectStage.NotEligible);

        await people.DetectAsync("julien.morel@cci-val.example", With("Tournerie des Aulnes", "41234567000019", "Atelier d’usinage cinq axes", "23"), cancel);
        await people.DetectAsync("sophie.lambert@acieries.example", With("Conserverie du Pré-Haut", "53287643000010", "Ligne de conditionnement", "41"), cancel);
        foreach (var _ in Enumerable.Range(0, 2))
            await people.OperatorAnswersAsync("Instruire", "ToCommittee", new() { ["schemesConsidered"] = "Aucun dispositif ne couvre ce besoin." }, cancel);

        var session = await people.PlanSessionAsync(world.Today.AddDays(15), cancel);
        await world.WaitDaysAsync(15, cancel);
        await people.OpenSessionAsync(session, cancel);

        var tooLong = await people.DecideAsync(session, "2027-002", yes: 9, no: 0, months: "37", cancel);
        world.Say($"refus       {tooLong}");
        checks.That("une avance de 37 mois est refusée (R6), rien n’est enregistré", tooLong.StartsWith('4') && await DecisionsAsync(cancel) == 0);

        await people.DecideAsync(session, "2027-002", yes: 5, no: 1, months: "36", cancel);
        await world.SettleAsync(cancel);
        checks.That("5 pour, 1 contre, 3 abstentions sur 9 présents : les deux tiers ne sont pas atteints (R2)",
            await StageAsync("2027-002", cancel) == ProjectStage.Rejected && await OutcomeAsync("2027-002", cancel) == DecisionOutcome.Rejected);

        await people.DecideAsync(session, "2027-003", yes: 6, no: 2, months: "36", cancel);
        await people.CloseSessionAsync(session, cancel);
        checks.That("6 pour, 2 contre, 1 abstention : le projet est agréé (R2)", await OutcomeAsync("2027-003", cancel) == DecisionOutcome.Approved);

        var refused = await people.PayAsync("2027-003", cancel);
        world.Say($"refus       {refused}");
        checks.That("une signature manque : le versement est refusé (R8) et la tentative est consignée",
            refused.StartsWith("409", StringComparison.Ordinal) && !await world.ReadAsync(db => db.Advances.AnyAsync(cancel))
            && await world.ReadAsync(db => db.AuditEntries.AnyAsync(a => a.Kind == "payment-refused", cancel)));
        checks.Conclude();
    }

    private static Dictionary<string, string> With(string company, string siret, string title, string headcount) => new(WholeLife.Tournerie)
    {
        ["Company"] = company,
        ["Siret"] = siret,
        ["Title"] = title,
        ["Headcount"] = headcount,
        ["LargestHolderPercent"] = "0",
        ["HeadEmail"] = $"direction@{siret}.example",
    };

    /// <summary>Everybody signs but the company's head.</summary>
    private async Task ReactAsync(MailboxMessage mail, CancellationToken cancel)
    {
        if (DemoWorld.CodeOf(mail) is { } code)
        {
            await people.SignAsync(mail, code, cancel);
            return;
        }

        if (DemoWorld.LinkOf(mail) is null || mail.To.Contains(DemoTerritory.OperatorEmail, StringComparison.Ordinal) || mail.To.Contains("direction@", StringComparison.Ordinal)) return;
        if (!mail.Subject.Contains("À signer", StringComparison.Ordinal) && !mail.Subject.Contains("To sign", StringComparison.Ordinal)) return;
        await people.AskCodeAsync(mail, cancel);
    }

    private Task<ProjectStage> StageAsync(string number, CancellationToken cancel) =>
        world.ReadAsync(db => db.Projects.Where(p => p.Number == number).Select(p => p.Stage).SingleAsync(cancel));

    private Task<int> DecisionsAsync(CancellationToken cancel) => world.ReadAsync(db => db.Decisions.CountAsync(cancel));

    private Task<DecisionOutcome> OutcomeAsync(string number, CancellationToken cancel) => world.ReadAsync(db =>
        db.Decisions.Where(d => db.Projects.Any(p => p.Id == d.ProjectId && p.Number == number)).Select(d => d.Outcome).SingleAsync(cancel));
}

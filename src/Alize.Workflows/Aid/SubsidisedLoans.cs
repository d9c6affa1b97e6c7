using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Workflows.Accounts;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Follows the prêts bonifiés of partners (R5, art. 6.2): recorded beside the accounts, and what their lenders report of them.</summary>
public sealed class SubsidisedLoans(AlizeDb db, Ledger ledger, Trail trail, ProgrammeClock clock)
{
    /// <summary>Records a loan on a project whose competences the committee has decided (R5). Empty: recorded.</summary>
    public async Task<IReadOnlyList<Problem>> RecordAsync(
        Guid programmeId, Guid projectId, Guid lenderId, Money amount, int months, int rateBasisPoints, DateOnly grantedOn, string by, CancellationToken cancel)
    {
        var project = await db.Projects.SingleOrDefaultAsync(p => p.ProgrammeId == programmeId && p.Id == projectId, cancel);
        var lender = await db.Partners.SingleOrDefaultAsync(p => p.ProgrammeId == programmeId && p.Id == lenderId, cancel);
        var problems = new List<Problem>();
        if (project is null) problems.Add(new("projectId", "Choisissez le projet dans la liste."));
        if (lender is null) problems.Add(new("lenderId", "Choisissez le partenaire qui prête."));
        if (amount <= Money.Zero) problems.Add(new("amount", "Indiquez le montant prêté."));
        if (months is < 1 or > 240) problems.Add(new("months", "La durée est entre 1 et 240 mois."));
        if (rateBasisPoints is < 0 or > 2_000) problems.Add(new("rate", "Le taux est entre 0 et 20 %."));
        if (grantedOn > clock.Today) problems.Add(new("grantedOn", "Le prêt doit déjà être accordé. Corrigez la date."));
        if (problems.Count > 0) return problems;
        if (!await db.CompetenceCommitments.AnyAsync(c => c.ProjectId == projectId && db.DecisionsInForce.Any(d => d.Id == c.DecisionId), cancel))
            return [new("projectId", $"{new Refusal("R5", "6.2", "money-without-competences")}")];

        var loan = new SubsidisedLoan
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            ProjectId = projectId,
            LenderId = lenderId,
            Amount = amount,
            Months = months,
            RateBasisPoints = rateBasisPoints,
            GrantedOn = grantedOn,
        };
        db.SubsidisedLoans.Add(loan);
        await BookAsync(loan, $"loan:{loan.Id:N}", $"Prêt bonifié de {lender!.Name}, projet {project!.Number}", amount, by, cancel);
        trail.Add(programmeId, "subsidised-loan", $"Prêt bonifié de {amount} accordé par {lender.Name}", by, projectId, loan.Id);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    /// <summary>Records what the lender says was repaid in all. Empty: recorded.</summary>
    public async Task<IReadOnlyList<Problem>> ReportAsync(Guid programmeId, Guid loanId, Money repaid, string by, CancellationToken cancel)
    {
        if (await db.SubsidisedLoans.SingleOrDefaultAsync(l => l.ProgrammeId == programmeId && l.Id == loanId, cancel) is not { } loan)
            return [new("", "Ce prêt n’existe pas. Rechargez la page.")];
        if (repaid < Money.Zero || repaid > loan.Amount) return [new("repaid", $"Le montant remboursé en tout est entre 0 € et {loan.Amount}.")];
        var change = loan.Report(repaid, clock.Today);
        if (change != Money.Zero)
            await BookAsync(
                loan, string.Create(CultureInfo.InvariantCulture, $"loan-report:{loan.Id:N}:{loan.Version}"), "Prêt bonifié, remboursement déclaré par le prêteur", -change, by, cancel);
        trail.Add(programmeId, "subsidised-loan", $"Prêt bonifié : {repaid} remboursés en tout, selon le prêteur", by, loan.ProjectId, loan.Id);
        await db.SaveChangesAsync(cancel);
        return [];
    }

    private async Task BookAsync(SubsidisedLoan loan, string key, string label, Money change, string by, CancellationToken cancel) => await ledger.BookAsync(
        loan.ProgrammeId,
        Movements.Lent(
            key, label, loan.LenderId, loan.ProjectId, change, await ledger.OpenDayAsync(loan.ProgrammeId, clock.Today, cancel),
            new(SourceKind.Person, loan.Id, "Déclaration du prêteur")),
        by, cancel);
}

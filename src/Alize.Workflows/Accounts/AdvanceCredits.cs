using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>
/// The credits an advance takes from its decision to its payment (R7a, art. 6.2): decided, committed when its convention is signed,
/// given back when it will not be paid. Each is a movement of the journal, in the unit of work at hand.
/// </summary>
public sealed class AdvanceCredits(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    /// <summary>A decision takes its credits; what an earlier decision on the project still held is given back first.</summary>
    public async Task DecidedAsync(CompanyProject project, CommitteeDecision decision, string by, CancellationToken cancel)
    {
        await ReleaseAsync(project, $"remplacée par la décision du {FrenchText.Date(decision.DecidedOn)}", decision.Id, by, cancel);
        if (decision.Advance > Money.Zero)
            await ledger.BookAsync(project.ProgrammeId, Movements.Decided(decision.Id, project.Number, project.CompanyId, project.Id, decision.Advance, decision.DecidedOn), by, cancel);
    }

    /// <summary>The last signature commits what was decided.</summary>
    public async Task SignedAsync(CooperationConvention convention, string by, CancellationToken cancel)
    {
        var project = await db.Projects.SingleAsync(p => p.Id == convention.ProjectId, cancel);
        var (decided, _) = await HeldAsync(project.Id, cancel);
        if (decided > Money.Zero)
            await ledger.BookAsync(project.ProgrammeId, Movements.Committed(convention.Id, project.Number, project.CompanyId, project.Id, decided, clock.Today), by, cancel);
    }

    /// <summary>What will not be paid gives its credits back; nothing happens when nothing is held.</summary>
    /// <param name="project">The project.</param>
    /// <param name="reason">Why, in French.</param>
    /// <param name="causeId">What ends it: a task, a decision, a project; the movement's key is made of it.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task ReleaseAsync(CompanyProject project, string reason, Guid causeId, string by, CancellationToken cancel)
    {
        var (decided, committed) = await HeldAsync(project.Id, cancel);
        if (decided + committed <= Money.Zero) return;
        await ledger.BookAsync(
            project.ProgrammeId,
            Movements.Released(
                $"released:{causeId:N}", project.Number, project.CompanyId, project.Id, decided, committed, reason, clock.Today,
                new(SourceKind.Person, causeId, $"{by} : {reason}")),
            by, cancel);
    }

    /// <summary>What a project still holds, decided and committed.</summary>
    public async Task<(Money Decided, Money Committed)> HeldAsync(Guid projectId, CancellationToken cancel) => (
        -await ledger.BalanceOfProjectAsync(projectId, LedgerAccount.AdvancesDecided, cancel),
        -await ledger.BalanceOfProjectAsync(projectId, LedgerAccount.AdvancesCommitted, cancel));
}

using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>What remains on one of the two accounts, and how it would be shared (R9, R16).</summary>
/// <param name="Account">The account.</param>
/// <param name="Balance">In the bank, by the journal.</param>
/// <param name="Excess">Trop-perçus to give back to companies.</param>
/// <param name="Promised">Advances decided and not paid.</param>
/// <param name="Remaining">What can be given away now.</param>
/// <param name="Outstanding">Still owed by companies.</param>
/// <param name="Shares">Each funder's part; empty where nobody gave anything.</param>
/// <param name="Refusals">What forbids giving it away now.</param>
public sealed record Remainder(
    FundAccount Account, Money Balance, Money Excess, Money Promised, Money Remaining, Money Outstanding, IReadOnlyList<FunderShare> Shares, IReadOnlyList<Refusal> Refusals);

/// <summary>What one funder gets, on both accounts.</summary>
public sealed record FunderRemainder(Guid FunderId, string Funder, IReadOnlyList<(FundAccount Account, FunderShare Share)> Parts)
{
    /// <summary>In all, now.</summary>
    public Money Due => Money.Sum(Parts.Select(p => p.Share.Due));
}

/// <summary>
/// Dévolution at the end of the convention (R16, art. 8): works out what remains, and gives it back to the funders or, with the
/// steering chair's agreement, to a local structure. Each payment is an entry of the journal; each funder gets a statement.
/// </summary>
public sealed class Remainders(AlizeDb db, Ledger ledger, DocumentArchive archive, Outbox outbox, Addressees addressees, Trail trail, ProgrammeClock clock)
{
    /// <summary>How the two accounts stand now, by the journal.</summary>
    public async Task<IReadOnlyList<Remainder>> OfAsync(Programme programme, ProgrammeTerm? term, CancellationToken cancel)
    {
        var books = new YearOfBooks(clock.Today.Year, await ledger.SumsAsync(programme.Id, DateOnly.MaxValue.Year, cancel));
        var outstanding = books.Balance(FundAccount.Advances, LedgerAccount.AdvancesOutstanding);
        return [.. FundAccountNames.WithMoney.Select(account =>
        {
            var excess = -books.Balance(account, LedgerAccount.ExcessRepayments);
            var promised = -(books.Balance(account, LedgerAccount.AdvancesDecided) + books.Balance(account, LedgerAccount.AdvancesCommitted));
            var balance = books.Balance(account, LedgerAccount.Bank);
            var remaining = FinalDistribution.Distributable(balance, excess, promised);
            var funders = books.Funders(account);
            var refusals = FinalDistribution.Refusals(
                    programme.EndsOn, clock.Today, term?.Decision == RenewalDecision.Renewed, Money.Sum(funders.Select(f => f.Contribution)), remaining)
                .Concat(FinalDistribution.OutstandingRefusals(outstanding, term?.SpecificClause is { Length: > 0 }));
            return new Remainder(account, balance, excess, promised, remaining, outstanding, funders.Count == 0 ? [] : FinalDistribution.Of(funders, remaining), [.. refusals]);
        })];
    }

    /// <summary>The parts of the accounts that may be given away, by funder.</summary>
    public async Task<IReadOnlyList<FunderRemainder>> ByFunderAsync(Guid programmeId, IReadOnlyList<Remainder> remainders, CancellationToken cancel)
    {
        var names = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return [.. remainders.Where(r => r.Refusals.Count == 0).SelectMany(r => r.Shares, (r, share) => (r.Account, Share: share)).GroupBy(p => p.Share.FunderId)
            .Select(g => new FunderRemainder(g.Key, names[g.Key], [.. g])).Where(f => f.Due > Money.Zero).OrderBy(f => f.Funder, StringComparer.CurrentCulture)];
    }

    /// <summary>
    /// Books what remains as given away, in the unit of work at hand, with a statement for each funder and its mail. Nothing where
    /// everything is refused.
    /// </summary>
    /// <returns>What each funder got.</returns>
    internal async Task<IReadOnlyList<FunderRemainder>> GiveAsync(
        Programme programme, ProgrammeTerm term, string stepKey, string by, Func<Contact, FunderRemainder, Task<NotifyMail>> mailTo, CancellationToken cancel)
    {
        var funders = await ByFunderAsync(programme.Id, await OfAsync(programme, term, cancel), cancel);
        var on = await ledger.OpenDayAsync(programme.Id, clock.Today, cancel);
        var localOperator = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programme.Id && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        foreach (var funder in funders)
        {
            var statementId = Guid.CreateVersion7();
            var reference = $"Dévolution du {FrenchText.Date(clock.Today)}, {funder.Funder}";
            foreach (var (account, share) in funder.Parts.Where(p => p.Share.Due > Money.Zero))
                await ledger.BookAsync(
                    programme.Id,
                    Movements.Returned(
                        $"returned:{stepKey}:{account}:{funder.FunderId:N}", account,
                        term.Transfer is { } transfer ? $"Part de {funder.Funder} reversée à {transfer.Structure}" : $"Somme restante rendue à {funder.Funder}", funder.FunderId, share.Due, on,
                        new(SourceKind.Document, statementId, reference, clock.Today)),
                    by, cancel);
            var statement = await archive.MakeAsync(
                new(
                    $"{stepKey}:{funder.FunderId:N}",
                    new RemainderStatementDocument(
                        funder.Funder, programme.EndsOn, [.. funder.Parts.Select(p => new RemainderLine(
                            p.Account.French(), p.Share.Contribution, p.Share.Loss, p.Share.Share, p.Share.Returned, p.Share.Due))],
                        funder.Due, term.Structure, term.AgreedBy, term.Agreement, localOperator ?? "l’opérateur local"),
                    programme.Id, by, SubjectId: statementId),
                cancel);
            foreach (var contact in (await addressees.FindAsync($"partner:{funder.FunderId}", programme.Id, null, cancel)).DistinctBy(c => c.Email))
                await outbox.PostAsync(
                    await mailTo(contact, funder), contact, new(programme.Id) { AlsoToDelegate = true, Attachments = [statement.Id] }, $"{stepKey}:{contact.Id:N}", cancel);
        }

        if (funders.Count > 0)
            trail.Add(
                programme.Id, "remainder",
                $"{Money.Sum(funders.Select(f => f.Due))} {(term.Transfer is { } to ? $"reversés à {to.Structure}, pour {FrenchText.Plural(funders.Count, "financeur")}" : $"rendus à {FrenchText.Plural(funders.Count, "financeur")}")}",
                by, subjectId: term.Id);
        return funders;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts.Bank;

/// <summary>A transfer to prepare.</summary>
/// <param name="AdvanceId">The advance.</param>
/// <param name="CompanyId">The company to be paid.</param>
/// <param name="Reference">Reference of the advance.</param>
/// <param name="PaidOn">Day of the last payment that was ordered.</param>
/// <param name="Amount">Paid in the books and in no order.</param>
public sealed record TransferDue(Guid AdvanceId, Guid CompanyId, string Reference, DateOnly PaidOn, Money Amount);

/// <summary>
/// Carries the payments that are decided and booked to the bank: prepared by one person, released by another, in a file that is
/// kept with its hash (R8, R9, R19).
/// </summary>
public sealed class Transfers(AlizeDb db, BankAccounts accounts, Trail trail, ProgrammeClock clock)
{
    /// <summary>
    /// Days a bank may be asked for: French working days on which TARGET is open. TARGET closes on Good Friday and 26 December too,
    /// as Alsace and Moselle do, and on no other day that is not a French holiday.
    /// </summary>
    private static readonly FrenchCalendar BankDays = new(alsaceMoselle: true);

    /// <summary>First day a bank can execute a file handed over today.</summary>
    public DateOnly NextBankDay => BankDays.OnOrAfter(clock.Today);

    /// <summary>What the books say is paid and no order carries yet, one line an advance, first paid first.</summary>
    public async Task<IReadOnlyList<TransferDue>> ToPrepareAsync(Guid programmeId, CancellationToken cancel)
    {
        var paid = await PaidAsync(db.Advances.Where(a => a.ProgrammeId == programmeId), cancel);
        var ordered = (await db.PaymentOrders.AsNoTracking().Where(o => o.ProgrammeId == programmeId && o.AdvanceId != null && o.State != PaymentOrderState.Withdrawn)
            .Select(o => new { o.AdvanceId, o.Amount }).ToListAsync(cancel)).ToLookup(o => o.AdvanceId!.Value, o => o.Amount);
        return [.. paid.Select(p => p with { Amount = p.Amount - Money.Sum(ordered[p.AdvanceId]) }).Where(p => p.Amount > Money.Zero)
            .OrderBy(p => p.PaidOn).ThenBy(p => p.Reference, StringComparer.Ordinal)];
    }

    /// <summary>Prepares the transfer of one advance to the company's account. Nothing is written when there is a problem.</summary>
    public async Task<IReadOnlyList<Problem>> PrepareAsync(Guid programmeId, Guid advanceId, string iban, string bic, string by, CancellationToken cancel)
    {
        var advance = await db.Advances.AsNoTracking().IgnoreAutoIncludes().SingleOrDefaultAsync(a => a.ProgrammeId == programmeId && a.Id == advanceId, cancel);
        if (advance is null) return [new("", "Cette avance n’existe pas. Rechargez la page.")];
        var problems = new List<Problem>();
        if (!Iban.TryParse(iban, out var payee, out var wrongIban)) problems.Add(new("iban", wrongIban));
        if (BicCode.Problem(bic, out var code) is { } wrongBic) problems.Add(new("bic", wrongBic));
        var own = await accounts.AllAsync(programmeId, cancel);
        if (own.Any(a => a.Iban == payee.Compact)) problems.Add(new("iban", $"L’IBAN {payee} est celui du programme lui-même. Saisissez celui de l’entreprise, depuis son RIB."));
        if (own.All(a => a.Account != FundAccount.Advances)) problems.Add(new("", "L’IBAN du fonds d’avances n’est pas renseigné. Renseignez-le d’abord dans « Comptes bancaires »."));
        var attempts = await db.PaymentOrders.AsNoTracking().Where(o => o.AdvanceId == advanceId).Select(o => new { o.State, o.Amount }).ToListAsync(cancel);
        var paid = await PaidAsync(db.Advances.Where(a => a.Id == advanceId), cancel);

        // An advance may be paid in parts: an order carries what was paid and no other order carries, never what is only granted.
        var amount = Money.Sum(paid.Select(p => p.Amount)) - Money.Sum(attempts.Where(o => o.State != PaymentOrderState.Withdrawn).Select(o => o.Amount));
        if (amount <= Money.Zero)
            problems.Add(new("", $"Le virement de l’avance {advance.Reference} est déjà préparé. Rechargez la page."));
        if (problems.Count > 0) return problems;

        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == advance.CompanyId, cancel);
        var known = await LatestAsync(programmeId, company.Id, cancel);
        if (known?.Iban != payee.Compact || known.Bic != code)
        {
            db.PayeeAccounts.Add(new PayeeAccount
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programmeId,
                CompanyId = company.Id,
                Iban = payee.Compact,
                Bic = code,
                RecordedBy = by,
                RecordedAt = clock.UtcNow,
            });
            trail.Add(programmeId, "bank-account", known is null ? $"RIB de {company.Name} enregistré" : $"RIB de {company.Name} changé", by, advance.ProjectId, company.Id);
        }

        var order = new PaymentOrder
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Account = FundAccount.Advances,
            AdvanceId = advance.Id,
            Attempt = attempts.Count + 1,
            ProjectId = advance.ProjectId,
            CompanyId = company.Id,
            Payee = company.Name,
            PayeeIban = payee.Compact,
            PayeeBic = code,
            Amount = amount,
            Reference = advance.Reference,
            PreparedBy = by,
            PreparedAt = clock.UtcNow,
        };
        db.PaymentOrders.Add(order);
        trail.Add(programmeId, "transfer-prepared", $"Virement de {order.Amount} à {order.Payee} préparé ({order.Reference})", by, advance.ProjectId, order.Id);
        return await SaveAsync(db.PaymentOrders.Where(o => o.AdvanceId == advanceId && o.Attempt == order.Attempt), cancel);
    }

    /// <summary>Takes back an order that has not left.</summary>
    public async Task<IReadOnlyList<Problem>> WithdrawAsync(Guid programmeId, Guid orderId, string by, CancellationToken cancel)
    {
        var order = await db.PaymentOrders.SingleOrDefaultAsync(o => o.ProgrammeId == programmeId && o.Id == orderId, cancel);
        if (order?.State != PaymentOrderState.Prepared) return [new("", "Cet ordre n’est plus à libérer. Rechargez la page pour voir où il en est.")];
        order.Withdraw(by);
        trail.Add(programmeId, "transfer-withdrawn", $"Virement à {order.Payee} retiré avant sa libération ({order.Reference})", by, order.ProjectId, order.Id);
        return await SaveAsync(db.PaymentOrders.Where(o => o.Id == orderId && o.State != PaymentOrderState.Prepared), cancel);
    }

    /// <summary>Releases orders of one account into one file. All of them, or none and why.</summary>
    public async Task<(TransferFile? File, IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems)> ReleaseAsync(
        Guid programmeId, IReadOnlyCollection<Guid> orderIds, DateOnly executeOn, string by, CancellationToken cancel)
    {
        var orders = await db.PaymentOrders.Where(o => o.ProgrammeId == programmeId && orderIds.Contains(o.Id)).OrderBy(o => o.Id).ToListAsync(cancel);
        var problems = new List<Problem>();
        if (orders.Count == 0) problems.Add(new("order", "Cochez au moins un virement à libérer."));
        else if (orders.Count != orderIds.Distinct().Count() || orders.Select(o => o.Account).Distinct().Count() > 1)
            problems.Add(new("order", "Un fichier ne porte que des virements d’un seul compte. Rechargez la page et libérez chaque compte à part."));
        if (executeOn < clock.Today) problems.Add(new("executeOn", $"Le {FrenchText.Date(executeOn)} est passé. Choisissez le {FrenchText.DateWithWeekday(NextBankDay)} ou un jour suivant."));
        else if (executeOn > clock.Today.AddDays(60)) problems.Add(new("executeOn", "La date est à plus de 60 jours, au-delà de ce que les banques acceptent. Choisissez une date plus proche."));
        else if (!BankDays.IsWorkingDay(executeOn))
            problems.Add(new("executeOn", $"Le {FrenchText.DateWithWeekday(executeOn)} n’est pas un jour ouvré des banques. Choisissez le {FrenchText.DateWithWeekday(BankDays.OnOrAfter(executeOn))}."));
        var refusals = orders.SelectMany(o => o.ReleaseRefusals(by)).ToList();
        if (problems.Count > 0 || refusals.Count > 0) return (null, refusals, problems);

        var debtor = await accounts.OfAsync(programmeId, orders[0].Account, cancel);
        if (debtor is null) return (null, [], [new("", "L’IBAN du compte à débiter n’est pas renseigné. Renseignez-le d’abord dans « Comptes bancaires ».")]);

        var content = CreditTransferFile.Write(debtor, orders, executeOn, clock.ToLocal(clock.UtcNow));
        var file = new TransferFile
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Account = debtor.Account,
            MessageId = CreditTransferFile.MessageId(orders),
            ExecuteOn = executeOn,
            Transfers = orders.Count,
            Total = Money.Sum(orders.Select(o => o.Amount)),
            Content = Encoding.UTF8.GetString(content),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            ReleasedBy = by,
            ReleasedAt = clock.UtcNow,
        };
        db.TransferFiles.Add(file);
        foreach (var order in orders)
        {
            order.Release(file.Id);
            trail.Add(programmeId, "transfer-released", $"Virement de {order.Amount} à {order.Payee} libéré pour le {FrenchText.Date(executeOn)} ({order.Reference})", by, order.ProjectId, order.Id);
        }

        var collided = await SaveAsync(db.PaymentOrders.Where(o => orderIds.Contains(o.Id) && o.State != PaymentOrderState.Prepared), cancel);
        return collided.Count > 0 ? (null, [], collided) : (file, [], []);
    }

    /// <summary>The newest account of a company. Null: none is known.</summary>
    public Task<PayeeAccount?> LatestAsync(Guid programmeId, Guid companyId, CancellationToken cancel) =>
        db.PayeeAccounts.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.CompanyId == companyId).OrderByDescending(p => p.RecordedAt).ThenByDescending(p => p.Id).FirstOrDefaultAsync(cancel);

    /// <summary>Name for the download: <c>virements-2026-03-02-ALIZE-….xml</c>.</summary>
    public static string FileName(TransferFile file) => string.Create(CultureInfo.InvariantCulture, $"virements-{file.ExecuteOn:yyyy-MM-dd}-{file.MessageId}.xml");

    /// <summary>What was paid on each of these advances, whatever was ordered of it.</summary>
    private static async Task<List<TransferDue>> PaidAsync(IQueryable<GrantedAdvance> advances, CancellationToken cancel)
    {
        var payouts = await advances.AsNoTracking().IgnoreAutoIncludes()
            .SelectMany(a => a.Payouts, (a, p) => new { a.Id, a.CompanyId, a.Reference, p.PaidOn, p.Amount }).ToListAsync(cancel);
        return [.. payouts.GroupBy(p => (p.Id, p.CompanyId, p.Reference))
            .Select(g => new TransferDue(g.Key.Id, g.Key.CompanyId, g.Key.Reference, g.Max(p => p.PaidOn), Money.Sum(g.Select(p => p.Amount))))];
    }

    private async Task<IReadOnlyList<Problem>> SaveAsync(IQueryable<PaymentOrder> doneByAnother, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return [];
        }
        catch (DbUpdateException failure)
        {
            db.ChangeTracker.Clear();

            // Two hands: the second finds a raised version, or the key that the first took. Nothing of its own is kept.
            if (failure is not DbUpdateConcurrencyException && !await doneByAnother.AnyAsync(cancel)) throw;
            return [new("", "Quelqu’un d’autre vient d’agir sur ce virement. Rechargez la page, puis recommencez.")];
        }
    }
}

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

    /// <summary>Advances that the books say are paid and that no order carries yet.</summary>
    public Task<List<GrantedAdvance>> ToPrepareAsync(Guid programmeId, CancellationToken cancel) =>
        db.Advances.AsNoTracking().IgnoreAutoIncludes()
            .Where(a => a.ProgrammeId == programmeId
                && !db.PaymentOrders.Any(o => o.AdvanceId == a.Id && o.State != PaymentOrderState.Withdrawn))
            .OrderBy(a => a.PaidOn).ThenBy(a => a.Reference).ToListAsync(cancel);

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
        var attempts = await db.PaymentOrders.AsNoTracking().Where(o => o.AdvanceId == advanceId).Select(o => o.State).ToListAsync(cancel);
        if (attempts.Any(state => state != PaymentOrderState.Withdrawn))
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
            Amount = advance.Principal,
            Reference = advance.Reference,
            PreparedBy = by,
            PreparedAt = clock.UtcNow,
        };
        db.PaymentOrders.Add(order);
        trail.Add(programmeId, "transfer-prepared", $"Virement de {order.Amount} à {order.Payee} préparé ({order.Reference})", by, advance.ProjectId, order.Id);
        return await SaveAsync(db.PaymentOrders.Where(o => o.AdvanceId == advanceId && o.State != PaymentOrderState.Withdrawn), cancel);
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

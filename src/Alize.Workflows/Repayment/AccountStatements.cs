using System.Globalization;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>Where a company's advance stands on a day, as its page and its statement show it.</summary>
/// <param name="Advance">The advance.</param>
/// <param name="ProjectNumber">Number of its project.</param>
/// <param name="Overdue">Fallen due before that day and not repaid.</param>
/// <param name="Next">The next instalment to come. Null when none is.</param>
public sealed record CompanyAccount(GrantedAdvance Advance, string ProjectNumber, Money Overdue, Installment? Next)
{
    /// <summary>What to transfer next: all that is overdue, else the next instalment.</summary>
    public Money ToPay => Overdue > Money.Zero ? Overdue : Next?.Outstanding ?? Money.Zero;
}

/// <summary>
/// A company's own account (R6, art. 6.2): shown from the link of its mails, and drawn up as a statement when it asks for one. A
/// statement is made once a day for one state of the advance, and kept.
/// </summary>
public sealed class AccountStatements(AlizeDb db, DocumentArchive archive, Outbox outbox, Trail trail, ProgrammeClock clock)
{
    /// <summary>The advances of the company a person speaks for, newest first.</summary>
    public async Task<IReadOnlyList<CompanyAccount>> OfAsync(Contact contact, CancellationToken cancel)
    {
        if (contact.CompanyId is not { } companyId) return [];
        var advances = await db.Advances.AsNoTracking().Where(a => a.ProgrammeId == contact.ProgrammeId && a.CompanyId == companyId).ToListAsync(cancel);
        var ids = advances.Select(a => a.ProjectId).ToList();
        var numbers = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Number, cancel);
        return [.. advances.OrderByDescending(a => a.PaidOn).ThenByDescending(a => a.Reference, StringComparer.Ordinal).Select(a => new CompanyAccount(
            a, numbers[a.ProjectId], Money.Sum(a.Installments.Where(i => i.CollectOn < clock.Today).Select(i => i.Outstanding)),
            a.Installments.FirstOrDefault(i => !i.IsSettled && i.CollectOn >= clock.Today)))];
    }

    /// <summary>How an instalment stands on a day.</summary>
    public static string StateOf(Installment installment, DateOnly today) =>
        installment.IsSettled ? "réglée" : installment.CollectOn < today ? "en retard" : installment.CollectOn == today ? "à régler aujourd’hui" : "à venir";

    /// <summary>Draws the statement up, or finds the one of today; saved.</summary>
    public async Task<StoredDocument> MakeAsync(CompanyAccount account, string by, CancellationToken cancel)
    {
        var made = await AddAsync(account, by, cancel);
        await db.SaveChangesAsync(cancel);
        return made;
    }

    /// <summary>Sends the statement by mail to who asks for it, at most once an hour for one state of the advance.</summary>
    public async Task SendAsync(CompanyAccount account, Contact to, string by, CancellationToken cancel)
    {
        var advance = account.Advance;
        var hour = clock.UtcNow.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
        var key = string.Create(CultureInfo.InvariantCulture, $"statement:{advance.Id:N}:{advance.Version}:{to.Id:N}:{hour}");
        var document = await AddAsync(account, by, cancel);
        await outbox.PostAsync(
            new StatementOfAccountMail(advance.Reference, clock.Today, account.Overdue > Money.Zero ? account.Overdue : null, advance.Outstanding), to,
            new(advance.ProgrammeId, advance.ProjectId) { Attachments = [document.Id] }, key, cancel);
        await outbox.SaveOnceAsync(key, cancel);
    }

    private async Task<StoredDocument> AddAsync(CompanyAccount account, string by, CancellationToken cancel)
    {
        var advance = account.Advance;
        var today = clock.Today;
        var key = string.Create(CultureInfo.InvariantCulture, $"statement:{advance.Id:N}:{today:yyyyMMdd}:{advance.Version}");
        if (await archive.FindAsync(key, cancel) is { } made) return made;
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == advance.CompanyId, cancel);
        var local = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == advance.ProgrammeId && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var position = advance.Position;
        var statement = new StatementOfAccountDocument(
            company.Name, company.Commune, account.ProjectNumber, advance.Reference, today, position.PaidOut, advance.PaidOn, position.Repaid, position.Outstanding,
            account.Overdue, position.Lost, position.Excess, local ?? "l’opérateur local",
            [.. advance.Installments.Select(i => new StatedInstallment(advance.RankOf(i), i.CollectOn, i.Amount, i.Repaid, StateOf(i, today)))],
            [.. advance.Received.Where(r => !r.IsCancelled).OrderBy(r => r.ReceivedOn).Select(r => new StatedReceipt(r.ReceivedOn, r.Amount, r.BankReference))]);
        trail.Add(advance.ProgrammeId, "statement", $"Relevé de compte de l’avance {advance.Reference} établi à la demande de {by}", by, advance.ProjectId, advance.Id);
        return await archive.MakeAsync(new(key, statement, advance.ProgrammeId, by, advance.ProjectId, advance.Id, advance.Reference), cancel);
    }
}

/// <summary>The statement a company asked for, as an attachment.</summary>
public sealed record StatementOfAccountMail(string Reference, DateOnly On, Money? Overdue, Money Outstanding);

using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>Asks a funder for what it promised.</summary>
public sealed record FundsCallMail(string Reference, Money Amount, int Year, string Account, string? Report);

/// <summary>
/// Dotations (R9, R10, R15; art. 4, 5.1): what partners promise for each year of Annexe 1, in euros and in days, what is called and
/// what is received. Every change is a movement of the journal.
/// </summary>
public sealed class Endowments(
    AlizeDb db, Ledger ledger, CdcShare cdcShare, Outbox outbox, Addressees addressees, DocumentArchive archive, Trail trail, ProgrammeClock clock)
{
    /// <summary>Records a pledge. Empty: recorded; the CDC's is refused beyond its ceiling.</summary>
    public async Task<IReadOnlyList<Problem>> PledgeAsync(
        Guid programmeId, Guid partnerId, int year, FundAccount account, Money amount, int halfDays, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var programme = await db.Programmes.SingleAsync(p => p.Id == programmeId, cancel);
        if (await db.Partners.SingleOrDefaultAsync(p => p.ProgrammeId == programmeId && p.Id == partnerId, cancel) is not { } partner)
            return [new("partnerId", "Choisissez le partenaire dans la liste.")];
        if (year < programme.SignedOn.Year || year > programme.EndsOn.Year)
            return [new("year", $"La convention court de {programme.SignedOn.Year} à {programme.EndsOn.Year}. Choisissez une de ces années.")];
        if (!FundAccountNames.WithMoney.Contains(account)) return [new("account", "Choisissez l’un des deux comptes.")];
        if (amount < Money.Zero || halfDays < 0 || (amount == Money.Zero && halfDays == 0))
            return [new("amount", "Indiquez des euros, des journées, ou les deux.")];
        if (partner.Kind == PartnerKind.Cdc && account == FundAccount.Advances && await CeilingAsync(programme, amount, cancel) is { } refusal)
            return [new("amount", $"{refusal}")];

        var pledge = new Pledge
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            PartnerId = partner.Id,
            Year = year,
            Account = account,
            Amount = amount,
            HalfDays = halfDays,
        };
        var on = await ledger.OpenDayAsync(programmeId, clock.Today, cancel);
        var source = new EntrySource(SourceKind.Document, pledge.Id, "Annexe 1, budget prévisionnel");
        db.Pledges.Add(pledge);
        if (amount > Money.Zero)
            await ledger.BookAsync(programmeId, Movements.Pledged($"pledge:{pledge.Id:N}", account, partner.Id, partner.Name, amount, year, on, source), by, cancel);
        if (halfDays > 0)
            await ledger.BookAsync(
                programmeId,
                Movements.PledgedDays($"pledge-days:{pledge.Id:N}", partner.Id, partner.Name, halfDays, CompetenceValue.Of(halfDays, programme.SettingsOn(clock.Today).DayRate), year, on, source),
                by, cancel);
        trail.Add(programmeId, "pledge", $"{partner.Name} promet {amount} et {FrenchText.Days(halfDays)} pour {year}", by, subjectId: pledge.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Calls a pledged endowment: the call, its letter, its entry and its mail are one transaction. Empty: called.</summary>
    public async Task<IReadOnlyList<Problem>> CallAsync(
        Guid programmeId, Guid partnerId, int year, FundAccount account, Money amount, string report, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        if (await db.Partners.SingleOrDefaultAsync(p => p.ProgrammeId == programmeId && p.Id == partnerId, cancel) is not { } partner)
            return [new("callPartnerId", "Choisissez le partenaire dans la liste.")];
        if (!FundAccountNames.WithMoney.Contains(account)) return [new("callAccount", "Choisissez l’un des deux comptes.")];
        var pledged = await ledger.BalanceAsync(programmeId, account, LedgerAccount.EndowmentsPledged, cancel, partner.Id);
        if (amount <= Money.Zero) return [new("callAmount", "Indiquez le montant appelé.")];
        if (amount > pledged) return [new("callAmount", $"{partner.Name} n’a plus que {pledged} de dotation promise à appeler sur ce compte. Corrigez le montant ou enregistrez sa promesse.")];

        // The report on the year before is the annexe of the call (R15); what was typed stands only where the service made none.
        var signedOn = await db.Programmes.Where(p => p.Id == programmeId).Select(p => p.SignedOn).SingleAsync(cancel);
        var before = await db.ProgrammeYears.AsNoTracking().SingleOrDefaultAsync(y => y.ProgrammeId == programmeId && y.Year == year - 1, cancel);
        if (YearlyDuties.CallRefusals(year, signedOn, before?.IsReportReady == true).FirstOrDefault() is { } refusal) return [new("callYear", $"{refusal}")];
        var annexed = before?.IsReportReady == true ? await db.Documents.AsNoTracking().Where(d => d.Id == before.ReportId).Select(d => new { d.Id, d.Title }).SingleAsync(cancel) : null;

        var number = await db.FundsCalls.CountAsync(c => c.ProgrammeId == programmeId && c.Year == year, cancel) + 1;
        var call = new FundsCall
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Reference = string.Create(CultureInfo.InvariantCulture, $"AF-{year}-{number:000}"),
            PartnerId = partner.Id,
            Account = account,
            Year = year,
            Amount = amount,
            CalledOn = clock.Today,
            CalledBy = by,
            Report = annexed?.Title ?? report.Trim(),
            ReportId = annexed?.Id,
        };
        db.FundsCalls.Add(call);
        await ledger.BookAsync(
            programmeId,
            Movements.Called(
                $"call:{call.Id:N}", account, partner.Id, partner.Name, amount, await ledger.OpenDayAsync(programmeId, clock.Today, cancel),
                new(SourceKind.Document, call.Id, $"Appel de fonds {call.Reference}", clock.Today)),
            by, cancel);
        var localOperator = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var letter = await archive.MakeAsync(
            new(
                $"funds-call:{call.Id:N}", new FundsCallDocument(partner.Name, call.Reference, year, amount, account.French(), call.Report, localOperator ?? "l’opérateur local"), programmeId, by,
                SubjectId: call.Id, Reference: call.Reference),
            cancel);
        foreach (var contact in (await addressees.FindAsync($"partner:{partner.Id}", programmeId, null, cancel)).DistinctBy(c => c.Email))
            await outbox.PostAsync(
                new FundsCallMail(call.Reference, amount, year, account.French(), call.Report.Length > 0 ? call.Report : null), contact,
                new(programmeId) { Attachments = annexed is null ? [letter.Id] : [letter.Id, annexed.Id] }, $"funds-call:{call.Id:N}:{contact.Id:N}", cancel);
        trail.Add(programmeId, "funds-call", $"Appel de fonds {call.Reference} à {partner.Name} : {amount}", by, subjectId: call.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Records what a funder paid, on a call or without one. Empty: recorded.</summary>
    public async Task<IReadOnlyList<Problem>> ReceiveAsync(Guid programmeId, Guid callId, Money amount, DateOnly on, string bankReference, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        if (await db.FundsCalls.SingleOrDefaultAsync(c => c.ProgrammeId == programmeId && c.Id == callId, cancel) is not { } call)
            return [new("callId", "Choisissez l’appel de fonds dans la liste.")];
        var reference = bankReference.Trim();
        if (amount <= Money.Zero) return [new("receivedAmount", "Indiquez le montant reçu.")];
        if (reference.Length == 0) return [new("receivedReference", "Indiquez la référence de l’opération bancaire.")];
        if (on > clock.Today) return [new("receivedDay", "Une dotation ne peut pas être reçue à une date future.")];

        var partner = await db.Partners.SingleAsync(p => p.Id == call.PartnerId, cancel);
        if (await cdcShare.RefusalsAsync(programmeId, partner.Id, call.Account, amount, on, cancel) is { Count: > 0 } beyond)
            return [.. beyond.Select(r => new Problem("receivedAmount", $"{r}"))];
        var called = Money.Min(amount, await ledger.BalanceAsync(programmeId, call.Account, LedgerAccount.EndowmentsCalled, cancel, partner.Id));
        var movement = Movements.Received(
            $"endowment:{call.Id:N}:{reference}", call.Account, partner.Id, partner.Name, amount, called, Money.Zero, on, new(SourceKind.BankLine, call.Id, reference, on));
        if (await ledger.RefusalsAsync(programmeId, movement, cancel) is { Count: > 0 } refusals) return [.. refusals.Select(r => new Problem("receivedDay", $"{r}"))];
        if (await ledger.BookAsync(programmeId, movement, by, cancel) is null)
            return [new("receivedReference", $"Le virement « {reference} » est déjà enregistré sur cet appel. Rien n’a été changé.")];
        call.Receive(amount);
        trail.Add(programmeId, "endowment", $"Dotation de {amount} reçue de {partner.Name} ({call.Reference})", by, subjectId: call.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Pays an operating cost (R9, R12, R13). Empty: paid.</summary>
    public async Task<IReadOnlyList<Problem>> SpendAsync(
        Guid programmeId, LedgerAccount cost, string label, Money amount, DateOnly on, string document, string by, CancellationToken cancel)
    {
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var problems = await SpendWithinAsync(programmeId, $"expense:{Guid.CreateVersion7():N}", cost, label, amount, on, document, by, cancel);
        if (problems.Count > 0) return problems;
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }

    /// <summary>Pays an operating cost within the unit of work at hand, once by its key. Empty: paid.</summary>
    internal async Task<IReadOnlyList<Problem>> SpendWithinAsync(
        Guid programmeId, string key, LedgerAccount cost, string label, Money amount, DateOnly on, string document, string by, CancellationToken cancel)
    {
        if (cost.Line() is not { Books: [FundAccount.OperatingCosts] }) return [new("cost", "Choisissez la nature de la dépense dans la liste.")];
        if (amount <= Money.Zero) return [new("spent", "Indiquez le montant payé.")];
        if (on > clock.Today) return [new("spentOn", "Une dépense ne peut pas être payée à une date future.")];
        if (string.IsNullOrWhiteSpace(document)) return [new("document", "Indiquez la facture ou la pièce qui justifie la dépense (art. 5.3).")];
        var movement = Movements.Spent(
            key, cost, label.Trim().Length > 0 ? label.Trim() : cost.French(), amount, null, on, new(SourceKind.Document, null, document.Trim(), on));
        var refusals = OperatingCosts.Refusals(cost, amount, await ledger.CostAsync(programmeId, cost, on.Year, cancel), await ledger.CostAsync(programmeId, cost, null, cancel), on.Year)
            .Concat(await ledger.RefusalsAsync(programmeId, movement, cancel)).ToList();
        if (refusals.Count > 0) return [.. refusals.Select(r => new Problem("spent", $"{r}"))];
        await ledger.BookAsync(programmeId, movement, by, cancel);
        trail.Add(programmeId, "expense", $"{movement.Label} : {amount} ({document.Trim()})", by);
        return [];
    }

    /// <summary>The most the CDC may still promise to the fund of advances (R10), beside what all others promised.</summary>
    public async Task<(Money Cdc, Money Others, Money Highest)> CdcAsync(Programme programme, CancellationToken cancel)
    {
        var pledges = await db.Pledges.AsNoTracking().Where(p => p.ProgrammeId == programme.Id && p.Account == FundAccount.Advances)
            .Select(p => new { p.PartnerId, p.Amount, IsCdc = db.Partners.Any(x => x.Id == p.PartnerId && x.Kind == PartnerKind.Cdc) }).ToListAsync(cancel);
        var others = Money.Sum(pledges.Where(p => !p.IsCdc).Select(p => p.Amount));
        return (Money.Sum(pledges.Where(p => p.IsCdc).Select(p => p.Amount)), others, CdcCeiling.Highest(others, programme.SettingsOn(clock.Today).CdcCountsOwn));
    }

    private async Task<Refusal?> CeilingAsync(Programme programme, Money amount, CancellationToken cancel)
    {
        var (cdc, others, _) = await CdcAsync(programme, cancel);
        return CdcCeiling.Refusals(cdc + amount, others, programme.SettingsOn(clock.Today).CdcCountsOwn).FirstOrDefault();
    }
}

using System.Globalization;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>
/// The operator's accounts: dotations called, transfers prepared by one and released by another, statements imported and matched,
/// excess given back, costs paid, years closed. It learns what others did from the statements alone.
/// </summary>
internal sealed class Treasury(YearsWorld world, Guid programmeId, DateOnly signedOn, Dice dice, Respondents people, StoryBank bank, Purses purses)
{
    private const string Treasurer = YearsTerritory.Treasurer;
    private static readonly FrenchCalendar Calendar = new();
    private readonly Dictionary<Guid, Money> givenBack = [];
    private readonly HashSet<Guid> ordered = [];
    private readonly HashSet<int> called = [];
    private readonly List<(string Name, byte[] Content)> statements = [];
    private DateOnly? lastImport;

    /// <summary>Every statement imported, as the bank sent it.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Statements => statements;

    /// <summary>Lines that were sure, and lines that somebody had to look at.</summary>
    public (int Sure, int ByHand) Matched { get; private set; }

    public async Task ActAsync(DateOnly today, CancellationToken cancel)
    {
        var isFirstOfMonth = today == Calendar.OnOrAfter(new DateOnly(today.Year, today.Month, 1));
        if (isFirstOfMonth)
        {
            var monthEnd = new DateOnly(today.Year, today.Month, 1).AddDays(-1);
            await ImportAsync(YearsTerritory.AdvancesIban, monthEnd, cancel);
            await ImportAsync(YearsTerritory.CostsIban, monthEnd, cancel);
            await world.DoAsync<Repayments>(r => r.BookDueAsync(cancel));
            await world.DoAsync<Books>(b => b.SealAsync(cancel));
            await world.DoAsync<ProgrammeCycles>(c => c.OpenAllAsync(cancel));
        }
        else if ((lastImport ?? signedOn).AddDays(7) <= today)
        {
            await ImportAsync(YearsTerritory.AdvancesIban, today.AddDays(-1), cancel);
        }

        await ReleaseAsync(today, cancel);
        await PayFurtherPartsAsync(today, cancel);
        await PrepareAsync(cancel);
        await GiveExcessBackAsync(today, cancel);
        await CallAsync(today, cancel);
        PayCosts(today);
        await PayBookedAsync(today, cancel);
    }

    /// <summary>Takes in what the bank printed since the last statement, through a day, and matches every line.</summary>
    public async Task ImportAsync(string iban, DateOnly through, CancellationToken cancel)
    {
        if (iban == YearsTerritory.AdvancesIban) lastImport = through.AddDays(1);
        var content = bank.Statement(iban, through);
        var name = string.Create(CultureInfo.InvariantCulture, $"releve-{iban[^4..]}-{through:yyyyMMdd}.{(iban == YearsTerritory.CostsIban ? "txt" : "xml")}");
        var import = await world.AskAsync<BankStatements, StatementImport>(s => s.ImportAsync(programmeId, name, content, Treasurer, cancel));
        YearsWorld.Accept((import.Refusals, import.Problems));
        if (import.Remarks.Count > 0) throw new InvalidOperationException($"A statement is missing: {import.Remarks[0]}");
        statements.Add((name, content));

        var (booked, problems) = await world.AskAsync<BankMatching, (int, IReadOnlyList<Problem>)>(m => m.ConfirmSureAsync(programmeId, Treasurer, cancel));
        YearsWorld.Accept(problems);
        await DemandRightAsync(import.Statements[0].Id, cancel);
        var open = await world.ReadAsync(db => db.BankLines.AsNoTracking().Where(l => l.ProgrammeId == programmeId && l.Matched != l.Amount).OrderBy(l => l.BookedOn).ThenBy(l => l.Number).ToListAsync(cancel));
        foreach (var line in open) await ConfirmAsync(line, cancel);
        Matched = (Matched.Sure + booked, Matched.ByHand + open.Count);
        await world.SettleAsync(cancel);
    }

    /// <summary>What the service called sure must be what it truly was.</summary>
    private async Task DemandRightAsync(Guid statement, CancellationToken cancel)
    {
        var matched = await world.ReadAsync(db => db.BankMatches.AsNoTracking().Join(db.BankLines.Where(l => l.StatementId == statement), m => m.LineId, l => l.Id, (m, l) => new { Match = m, Line = l }).ToListAsync(cancel));
        foreach (var pair in matched)
        {
            var truth = bank.TruthOf(pair.Line.BankReference);
            if (truth.Kind != pair.Match.Kind || (truth.TargetId != pair.Match.TargetId && truth.Kind != CounterpartKind.ReturnedRepayment))
                throw new InvalidOperationException($"« {pair.Line.Text} » ({pair.Line.Amount}) was matched to {pair.Match.Label} as sure, and is a {truth.Kind}.");
        }
    }

    /// <summary>The operator knows what the service could only guess.</summary>
    private async Task ConfirmAsync(BankLine line, CancellationToken cancel)
    {
        var truth = bank.TruthOf(line.BankReference);
        if (truth.Kind == CounterpartKind.Cost)
        {
            await world.DoAsync<BankMatching>(async m => YearsWorld.Accept(await m.BookCostAsync(programmeId, line.Id, truth.Cost!.Value, line.Text, Treasurer, cancel)));
            return;
        }

        var target = truth.TargetId!.Value;
        if (truth.Kind == CounterpartKind.ReturnedRepayment)
        {
            var advance = await world.ReadAsync(db => db.Advances.AsNoTracking().SingleAsync(a => a.Id == target, cancel));
            purses.TakenBack(target, -line.Amount);
            target = advance.Received.Last(r => !r.IsCancelled && r.Amount == -line.Amount).Id;
        }

        await world.DoAsync<BankMatching>(async m => YearsWorld.Accept(await m.ConfirmAsync(programmeId, line.Id, truth.Kind, target, null, Treasurer, cancel)));
    }

    private async Task PrepareAsync(CancellationToken cancel)
    {
        foreach (var due in await world.AskAsync<Transfers, IReadOnlyList<TransferDue>>(t => t.ToPrepareAsync(programmeId, cancel)))
        {
            var project = await world.ReadAsync(db => db.Advances.Where(a => a.Id == due.AdvanceId).Select(a => a.ProjectId).SingleAsync(cancel));
            await world.DoAsync<Transfers>(async t => YearsWorld.Accept(await t.PrepareAsync(programmeId, due.AdvanceId, people.Projects[project].Iban, "", Treasurer, cancel)));
        }
    }

    /// <summary>A second person releases what was prepared before today; the bank gets the file.</summary>
    private async Task ReleaseAsync(DateOnly today, CancellationToken cancel)
    {
        var prepared = await world.ReadAsync(db => db.PaymentOrders.AsNoTracking().Where(o => o.ProgrammeId == programmeId && o.State == PaymentOrderState.Prepared).Select(o => o.Id).ToListAsync(cancel));
        if (prepared.Count == 0) return;
        var (file, refusals, problems) = await world.AskAsync<Transfers, (TransferFile?, IReadOnlyList<Refusal>, IReadOnlyList<Problem>)>(
            t => t.ReleaseAsync(programmeId, prepared, StoryBank.OpenDay(today), YearsTerritory.Director, cancel));
        YearsWorld.Accept((refusals, problems));
        bank.Execute(file!.Content, endToEnd => Guid.Parse(endToEnd));
    }

    private async Task PayFurtherPartsAsync(DateOnly today, CancellationToken cancel)
    {
        var before = today.AddDays(-60);
        var waiting = await world.ReadAsync(db => db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId && a.PaidOn <= before).OrderBy(a => a.Reference).ToListAsync(cancel));
        foreach (var advance in waiting.Where(a => a.Unpaid > Money.Zero && a.Position.Lost == Money.Zero))
        {
            YearsWorld.Accept(await world.AskAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayPartAsync(advance.Id, advance.Unpaid, Treasurer, cancel)));
            await world.SettleAsync(cancel);
        }
    }

    /// <summary>What a company paid beyond its debt goes back by a transfer made at the bank; its line is the voucher.</summary>
    private async Task GiveExcessBackAsync(DateOnly today, CancellationToken cancel)
    {
        if (today.Day > 7) return;
        var advances = await world.ReadAsync(db => db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId).OrderBy(a => a.Reference).ToListAsync(cancel));
        foreach (var advance in advances)
        {
            var left = advance.Position.Excess + advance.Position.Returned - givenBack.GetValueOrDefault(advance.Id);
            if (left <= Money.Zero || advance.Unpaid > Money.Zero) continue;
            givenBack[advance.Id] = givenBack.GetValueOrDefault(advance.Id) + left;
            var project = people.Projects[advance.ProjectId];
            bank.Move(YearsTerritory.AdvancesIban, today.AddDays(1), -left, project.Form.Company, project.Iban, $"REMB TROP PERCU {advance.Reference}", new(CounterpartKind.ReturnedExcess, advance.Id));
        }
    }

    /// <summary>
    /// Three weeks after the signature, then each year once the report on the year before is sent: each funder is called, and pays some
    /// weeks later, one of them in two parts.
    /// </summary>
    private async Task CallAsync(DateOnly today, CancellationToken cancel)
    {
        var isFirst = today.Year == signedOn.Year;
        if (called.Contains(today.Year) || today.Year > signedOn.Year + 2 || today < signedOn.AddDays(21)) return;
        if (!isFirst && !await world.ReadAsync(db => db.ProgrammeYears.AnyAsync(y => y.ProgrammeId == programmeId && y.Year == today.Year - 1 && y.SentOn != null, cancel))) return;
        called.Add(today.Year);
        var pledges = await world.ReadAsync(db => db.Pledges.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Year == today.Year).ToListAsync(cancel));
        var names = await world.ReadAsync(db => db.Partners.Where(p => p.ProgrammeId == programmeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel));
        foreach (var pledge in pledges.Where(p => p.Amount > Money.Zero).OrderBy(p => names[p.PartnerId], StringComparer.Ordinal).ThenBy(p => p.Account))
        {
            await world.DoAsync<Endowments>(async e => YearsWorld.Accept(await e.CallAsync(programmeId, pledge.PartnerId, today.Year, pledge.Account, pledge.Amount, "", Treasurer, cancel)));
            var name = names[pledge.PartnerId];
            var parts = name == "Northwind Logistics" ? new[] { pledge.Amount - Half(pledge.Amount), Half(pledge.Amount) } : [pledge.Amount];
            for (var i = 0; i < parts.Length; i++)
                bank.Move(
                    pledge.Account == FundAccount.Advances ? YearsTerritory.AdvancesIban : YearsTerritory.CostsIban,
                    today.AddDays(dice.Between(6, 30, string.Create(CultureInfo.InvariantCulture, $"{name}{pledge.Account}{today.Year}part{i}"))), parts[i], name, "",
                    string.Create(CultureInfo.InvariantCulture, $"DOTATION {today.Year}"), new(CounterpartKind.Endowment, pledge.PartnerId));
        }

        await world.SettleAsync(cancel);

        static Money Half(Money amount) => new(amount.Cents / 2);
    }

    /// <summary>What a procedure has booked as paid is paid at the bank: ASTREES's contribution, and in the end what remains.</summary>
    private async Task PayBookedAsync(DateOnly today, CancellationToken cancel)
    {
        var booked = await world.ReadAsync(db => db.JournalEntries.AsNoTracking()
            .Where(e => e.ProgrammeId == programmeId && (e.Kind == MovementKind.EndowmentReturned || (e.Kind == MovementKind.Expense && e.Key.StartsWith("expense:")))).OrderBy(e => e.Sequence).ToListAsync(cancel));
        foreach (var entry in booked.Where(e => ordered.Add(e.Id)))
            bank.Move(
                entry.Account == FundAccount.Advances ? YearsTerritory.AdvancesIban : YearsTerritory.CostsIban, today,
                Money.Sum(entry.Lines.Where(l => l.Ledger == LedgerAccount.Bank).Select(l => l.Debit - l.Credit)), "", "", entry.SourceReference, new(CounterpartKind.BookedEntry, entry.Id));
    }

    private void PayCosts(DateOnly today)
    {
        if (today == Calendar.OnOrAfter(new DateOnly(today.Year, 9, 15))) Cost(950_000, "OMBRELLE DEVELOPPEMENT", "DEFRAIEMENT OPERATEUR", LedgerAccount.OperatorFee);
        if (today == Calendar.OnOrAfter(new DateOnly(today.Year, 10, 5))) Cost(123_456, "IMPRIMERIE DU VAL", "PLAQUETTE", LedgerAccount.Communication);
        if (today.Month >= 4 && today == Calendar.OnOrAfter(new DateOnly(today.Year, today.Month, 4))) Cost(1_250, "", "FRAIS DE TENUE DE COMPTE", LedgerAccount.Expenses);

        void Cost(long cents, string payee, string text, LedgerAccount cost) =>
            bank.Move(YearsTerritory.CostsIban, today, new(-cents), payee, "", text, new(CounterpartKind.Cost, Cost: cost));
    }
}

using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Alize.Domain.Tests.Repayment;

/// <summary>What may happen to an advance, with a number to choose its figures by.</summary>
public enum Happening
{
    Receipt,
    TakenBack,
    Rescheduled,
    WrittenOff,
    ExcessReturned,
    PartPaid,
}

/// <summary>One happening.</summary>
public sealed record Step(Happening Kind, int Figure);

/// <summary>
/// An advance and its journal, driven together through any sequence of happenings as the pages do: what the rules refuse is not done,
/// and what is done is booked.
/// </summary>
internal sealed class AnAdvancesLife
{
    private static readonly DateOnly Start = new(2026, 1, 31);
    private static readonly FrenchCalendar Calendar = new();
    private readonly Guid programme = Id(1_000_000);
    private readonly Guid company = Id(1_000_001);
    private DateOnly today = Start;
    private int ids;

    public AnAdvancesLife()
    {
        Advance = new()
        {
            Id = NewId(),
            ProgrammeId = programme,
            ProjectId = Id(1_000_002),
            CompanyId = company,
            DecisionId = Id(1_000_003),
            Reference = "AV-1",
            Principal = Money.Euros(30_000),
            Months = 36,
            DeferralMonths = 0,
            PaidOn = Start,
        };
        Book(Movements.Received("dotation", FundAccount.Advances, Id(1_000_004), "Financeur", Money.Euros(100_000), Money.Zero, Money.Zero, Start, Source));
        Pay(Money.Euros(20_000));
    }

    public GrantedAdvance Advance { get; }

    public DateOnly Today => today;

    public List<JournalEntry> Journal { get; } = [];

    public static Arbitrary<Step[]> Steps() => (
        from steps in (from kind in Gen.Elements(Enum.GetValues<Happening>()) from figure in Gen.Choose(1, 1_500_000) select new Step(kind, figure)).ArrayOf()
        select steps).ToArbitrary();

    public Money Balance(LedgerAccount account) => new(Journal.SelectMany(e => e.Lines).Where(l => l.Ledger == account).Sum(l => l.DebitCents - l.CreditCents));

    public void Take(Step step)
    {
        today = today.AddDays(step.Figure % 45);
        switch (step.Kind)
        {
            case Happening.Receipt:
                // Some are recorded late, with the day the bank had them.
                Changed($"r{ids}", () => Advance.Receive(new()
                {
                    Id = NewId(),
                    ProgrammeId = programme,
                    AdvanceId = Advance.Id,
                    ReceivedOn = Start.AddDays(step.Figure % Math.Max(1, today.DayNumber - Start.DayNumber)),
                    Amount = new(step.Figure),
                    BankReference = $"VIR-{ids}",
                    RecordedBy = "Camille",
                }));
                break;
            case Happening.TakenBack when Counting().Skip(step.Figure % Math.Max(1, Counting().Count())).FirstOrDefault() is { } receipt:
                if (Advance.Position is var position && (position with { Received = position.Received - receipt.Amount }).Kept >= Money.Zero)
                    Changed($"t{ids}", () => Advance.TakeBack(receipt.Id, today, "retour", NewId));
                break;
            case Happening.Rescheduled:
                Rule(Money.Zero, step.Figure);
                break;
            case Happening.WrittenOff:
                Rule(Money.Min(new(step.Figure), Advance.Outstanding), step.Figure);
                break;
            case Happening.ExcessReturned when Advance.Position.Excess > Money.Zero:
                var excess = Money.Min(new(step.Figure), Advance.Position.Excess);
                Advance.Return(new() { Id = NewId(), ProgrammeId = programme, AdvanceId = Advance.Id, On = today, Amount = excess, BankReference = $"R-{ids}" });
                Book(Movements.ExcessGivenBack($"x{ids}", "AV-1", company, Advance.ProjectId, excess, today, Source));
                break;
            case Happening.PartPaid when Advance.Unpaid > Money.Zero && Advance.Position.Lost == Money.Zero:
                Pay(Money.Min(new(step.Figure), Advance.Unpaid));
                break;
        }
    }

    private static EntrySource Source { get; } = new(SourceKind.BankLine, null, "pièce");

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private Guid NewId() => Id(++ids);

    private IEnumerable<RepaymentReceived> Counting() => Advance.Received.Where(r => !r.IsCancelled);

    private void Pay(Money amount)
    {
        var owed = Advance.Outstanding;
        var plan = new Rescheduling(amount + owed, today, 0, true, today, HasBegun: true, FirstMonth: 1, Count: 10).Plan(Advance.NextNumber, Calendar);
        var before = Advance.Position;
        Advance.Pay(new() { Id = NewId(), ProgrammeId = programme, AdvanceId = Advance.Id, Number = Advance.Payouts.Count + 1, PaidOn = today, Amount = amount, OrderedBy = "Camille" }, Rows(plan));
        Book(Movements.Paid($"p{ids}", "AV-1", company, Advance.ProjectId, amount, Money.Zero, today, Source));
        if (Advance.Position.Excess != before.Excess)
            Book(Movements.Repaid($"s{ids}", "Trop-perçu imputé", company, Advance.ProjectId, before, Advance.Position, today, Source));
    }

    private void Rule(Money lost, int figure)
    {
        var form = new Rescheduling(Advance.Outstanding - lost, Start, 0, true, today, HasBegun: true, FirstMonth: 1 + (figure % 36), Count: 1 + (figure % 12));
        var isWhole = lost > Money.Zero && lost == Advance.Outstanding;
        if ((lost == Money.Zero || !isWhole) && form.Refusals().Any()) return;
        if (Advance.Outstanding == Money.Zero) return;
        Advance.Rule(
            new()
            {
                Id = NewId(),
                ProgrammeId = programme,
                AdvanceId = Advance.Id,
                Kind = RulingKind.Rescheduled,
                SessionId = Id(5),
                DecidedOn = today,
                Present = 3,
                Yes = 3,
                Lost = lost,
                Reason = "difficulté",
                RecordedBy = "Camille",
            },
            isWhole ? [] : Rows(form.Plan(Advance.NextNumber, Calendar)));
        if (lost > Money.Zero) Book(Movements.Lost($"l{ids}", "AV-1", company, Advance.ProjectId, lost, today, Source));
    }

    private void Changed(string key, Action change)
    {
        var before = Advance.Position;
        change();
        Book(Movements.Repaid(key, "Remboursement", company, Advance.ProjectId, before, Advance.Position, today, Source));
    }

    private void Book(Movement movement) => Journal.Add(JournalEntry.Of(movement, NewId(), programme, "Camille", new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)));

    private List<Installment> Rows(IEnumerable<PlannedInstallment> plan) =>
    [
        .. plan.Select(p => new Installment
        {
            Id = NewId(), ProgrammeId = programme, AdvanceId = Advance.Id, Number = p.Number, DueOn = p.DueOn, CollectOn = p.CollectOn, Amount = p.Amount, EstablishedOn = today,
        }),
    ];
}

[Trait("Rule", "R6")]
[Properties(Arbitrary = [typeof(AnAdvancesLife)], MaxTest = 300)]
public class AdvanceLifeTests
{
    [Property]
    [Trait("Rule", "R19")]
    public void Whatever_happens_debits_equal_credits_and_the_journal_says_what_the_advance_says(Step[] steps)
    {
        var life = new AnAdvancesLife();
        foreach (var step in steps)
        {
            life.Take(step);

            var position = life.Advance.Position;
            Assert.All(life.Journal, entry => Assert.True(entry.IsBalanced));
            Assert.True(position.Outstanding >= Money.Zero && position.Excess >= Money.Zero && position.Recovered >= Money.Zero);
            Assert.Equal(position.Outstanding, position.PaidOut - position.Repaid - position.Lost);
            Assert.Equal(position.Outstanding, life.Balance(LedgerAccount.AdvancesOutstanding));
            Assert.Equal(position.Excess, -life.Balance(LedgerAccount.ExcessRepayments));
            Assert.Equal(position.Lost, life.Balance(LedgerAccount.Losses));
            Assert.Equal(position.Recovered, -life.Balance(LedgerAccount.Recoveries));
        }
    }

    [Property]
    [Trait("Rule", "R19")]
    public void Replaying_the_journal_gives_the_same_balances_and_reversing_all_of_it_leaves_nothing(Step[] steps)
    {
        var life = new AnAdvancesLife();
        foreach (var step in steps) life.Take(step);

        // Entry by entry, as an auditor reads: what is owed is never below zero, nor is the bank.
        var replayed = Enum.GetValues<LedgerAccount>().ToDictionary(account => account, _ => 0L);
        foreach (var entry in life.Journal)
        {
            foreach (var line in entry.Lines) replayed[line.Ledger] += line.DebitCents - line.CreditCents;
            Assert.True(replayed[LedgerAccount.AdvancesOutstanding] >= 0 && replayed[LedgerAccount.Bank] >= 0);
            Assert.Equal(0, replayed.Values.Sum());
        }

        Assert.All(replayed, balance => Assert.Equal(life.Balance(balance.Key).Cents, balance.Value));

        var reversed = life.Journal.Select((entry, at) => entry.Reverse(new(at, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]), new(2029, 1, 1), "essai", "Camille", new(2029, 1, 1, 0, 0, 0, DateTimeKind.Utc))).ToList();
        Assert.All(reversed, entry => Assert.True(entry.IsBalanced));
        Assert.All(
            life.Journal.Concat(reversed).SelectMany(entry => entry.Lines).GroupBy(line => (line.Ledger, line.PartyId)),
            account => Assert.Equal(0, account.Sum(line => line.DebitCents - line.CreditCents)));
    }

    [Property]
    public void Whatever_happens_the_schedule_in_force_asks_for_what_is_owed(Step[] steps)
    {
        var life = new AnAdvancesLife();
        foreach (var step in steps) life.Take(step);

        var advance = life.Advance;
        Assert.Equal(advance.Outstanding, Money.Sum(advance.Installments.Select(i => i.Outstanding)));
        Assert.Equal(advance.Position.Repaid, Money.Sum(advance.Installments.Concat(advance.Superseded).Select(i => i.Repaid)));
        Assert.Distinct(advance.Installments.Concat(advance.Superseded).Select(i => i.Number));
    }

    [Property]
    [Trait("Rule", "R15")]
    public void Whatever_happens_a_report_of_the_day_counts_the_arrears_of_the_schedule_in_force(Step[] steps)
    {
        var life = new AnAdvancesLife();
        foreach (var step in steps) life.Take(step);

        var (advance, today) = (life.Advance, life.Today.AddDays(40));
        Assert.Equal(Arrears.ByAge(advance.Installments.Select(i => (i.CollectOn, i.Outstanding)), today), advance.ArrearsOn(today));
    }

    [Fact]
    [Trait("Rule", "R15")]
    public void A_report_on_a_year_that_is_over_counts_what_was_overdue_then()
    {
        var life = new AnAdvancesLife();
        var first = life.Advance.Installments[0];
        var day = first.CollectOn.AddDays(31);
        var then = life.Advance.ArrearsOn(day);

        life.Advance.Receive(new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = Guid.Empty,
            AdvanceId = life.Advance.Id,
            ReceivedOn = day.AddDays(1),
            Amount = life.Advance.Outstanding,
            BankReference = "SOLDE",
            RecordedBy = "Camille",
        });

        Assert.Equal(first.Amount, then.UpTo60Days);
        Assert.Equal(then, life.Advance.ArrearsOn(day));
        Assert.Equal(Money.Zero, life.Advance.ArrearsOn(day.AddDays(1)).Total);
    }

    [Property]
    public void The_order_in_which_receipts_are_recorded_changes_nothing(Step[] steps, int seed)
    {
        var receipts = steps.Where(s => s.Kind == Happening.Receipt).ToArray();
        var shuffled = receipts.ToArray();
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(States(receipts), States(shuffled));

        static List<(int, Money, DateOnly?)> States(IEnumerable<Step> recorded)
        {
            var life = new AnAdvancesLife();
            foreach (var step in recorded)
                life.Advance.Receive(new()
                {
                    Id = new(step.Figure, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
                    ProgrammeId = Guid.Empty,
                    AdvanceId = life.Advance.Id,
                    ReceivedOn = new DateOnly(2026, 1, 31).AddDays(step.Figure % 900),
                    Amount = new(step.Figure),
                    BankReference = $"{step.Figure}",
                    RecordedBy = "Camille",
                });
            return [.. life.Advance.Installments.Select(i => (i.Number, i.Repaid, i.SettledOn))];
        }
    }
}

using Alize.Domain.Accounts;
using Alize.Domain.Repayment;

namespace Alize.Domain.Tests.Accounts;

[Trait("Rule", "R15")]
public sealed class YearOfBooksTests
{
    private static readonly Guid Funder = Guid.NewGuid();
    private static readonly Guid Company = Guid.NewGuid();
    private static readonly Guid Project = Guid.NewGuid();

    /// <summary>60,000 received and 30,000 lent in 2026, 12,000 repaid over two years, 5,000 lost, 1,000 recovered; 4,000 given back in 2028.</summary>
    private static readonly Movement[] Life =
    [
        Movements.Received("e", FundAccount.Advances, Funder, "Verrerie", Money.Euros(60_000), Money.Zero, Money.Zero, new(2026, 1, 5), Source),
        Movements.Decided(Guid.NewGuid(), "2026-001", Company, Project, Money.Euros(30_000), new(2026, 3, 2)),
        Movements.Paid("p", "AV-2026-001", Company, Project, Money.Euros(30_000), Money.Euros(30_000), new(2026, 3, 16), Source),
        Repaid("r1", 0, 7_000, 0, new(2026, 10, 16)),
        Repaid("r2", 7_000, 12_000, 0, new(2027, 10, 16)),
        Movements.Lost("l", "AV-2026-001", Company, Project, Money.Euros(5_000), new(2027, 12, 1), Source),
        Movements.Returned("b", FundAccount.Advances, "Somme rendue", Funder, Money.Euros(4_000), new(2028, 2, 1), Source),
        Movements.Received("o", FundAccount.OperatingCosts, Funder, "Verrerie", Money.Euros(9_000), Money.Zero, Money.Zero, new(2027, 1, 5), Source),
        Movements.Spent("a", LedgerAccount.NetworkContribution, "ASTREES", Money.Euros(6_000), null, new(2027, 3, 1), Source),
        Movements.SpentDays("d", "Qualité", Funder, Project, 3, Money.Euros(1_050), 0, Money.Zero, new(2027, 5, 3), Source),
    ];

    private static EntrySource Source => new(SourceKind.Document, null, "Pièce");

    [Fact]
    public void What_moved_in_the_year_is_told_from_what_moved_before()
    {
        var books = Books(2027);

        Assert.Equal((0, 60_000), Flow(books.AdvanceFlows, "Dotations reçues"));
        Assert.Equal((0, 30_000), Flow(books.AdvanceFlows, "Avances versées"));
        Assert.Equal((5_000, 12_000), Flow(books.AdvanceFlows, "Remboursements reçus"));
        Assert.Equal((5_000, 5_000), Flow(books.AdvanceFlows, "Pertes constatées"));
        Assert.Equal((6_000, 6_000), Flow(books.CostFlows, "Contribution à la tête de réseau"));
        Assert.Equal((0, 0), Flow(books.AdvanceFlows, "Dotations rendues"));
        Assert.Equal((4_000, 4_000), Flow(Books(2028).AdvanceFlows, "Dotations rendues"));
    }

    [Fact]
    public void What_stands_is_what_stood_and_what_moved()
    {
        var owed = Books(2027).AdvanceStocks.Single(s => s.Ledger == LedgerAccount.AdvancesOutstanding);

        Assert.Equal((Money.Euros(23_000), Money.Euros(13_000)), (owed.AtStart, owed.AtEnd));
        Assert.Equal(Books(2026).AdvanceStocks.Select(s => s.AtEnd), Books(2027).AdvanceStocks.Select(s => s.AtStart));
    }

    [Theory]
    [InlineData(2026)]
    [InlineData(2027)]
    [InlineData(2028)]
    public void The_bank_holds_what_came_in_less_what_went_out(int year)
    {
        var books = Books(year);
        int All(string label) => Flow(books.AdvanceFlows, label).InAll;

        Assert.Equal(
            books.Balance(FundAccount.Advances, LedgerAccount.Bank),
            Money.Euros(All("Dotations reçues") - All("Dotations rendues") - All("Avances versées") + All("Remboursements reçus") + All("Récupérations après perte")));
    }

    [Fact]
    public void An_advance_owes_what_was_paid_less_what_was_repaid_and_lost()
    {
        var advance = Assert.Single(Books(2027).Advances());

        Assert.Equal(
            new AdvanceMovements(Project, Money.Zero, Money.Euros(30_000), Money.Euros(5_000), Money.Euros(12_000), Money.Euros(5_000), Money.Euros(13_000)), advance);
    }

    [Fact]
    public void A_partner_gave_euros_and_days()
    {
        var given = Assert.Single(Books(2027).Contributions());

        Assert.Equal(new PartnerContribution(Funder, Money.Zero, Money.Euros(9_000), Money.Euros(69_000), 0, 3, Money.Euros(1_050), 3, Money.Euros(1_050)), given);
    }

    [Fact]
    [Trait("Rule", "R16")]
    public void What_went_back_to_a_funder_is_not_taken_from_what_it_gave() =>
        Assert.Equal([(Funder, Money.Euros(60_000), Money.Euros(4_000))], Books(2028).Funders(FundAccount.Advances));

    [Fact]
    public void A_dotation_booked_by_mistake_and_reversed_was_not_received()
    {
        var wrong = JournalEntry.Of(Life[0], Guid.NewGuid(), Guid.NewGuid(), "Opératrice", default);
        var undone = wrong.Reverse(Guid.NewGuid(), new(2026, 1, 6), "doublon", "Opératrice", default);

        Assert.Equal((0, 0), Flow(new YearOfBooks(2026, Sums([(wrong, 2026), (undone, 2026)])).AdvanceFlows, "Dotations reçues"));
    }

    private static YearOfBooks Books(int year) => new(year, Sums([.. Life.Where(m => m.On.Year <= year).Select(m => (JournalEntry.Of(m, Guid.NewGuid(), Guid.NewGuid(), "Opératrice", default), m.On.Year))]));

    private static IReadOnlyList<JournalSum> Sums(IReadOnlyList<(JournalEntry Entry, int Year)> entries) =>
        [.. entries.SelectMany(e => e.Entry.Lines, (e, l) => new JournalSum(l.Account, l.Ledger, e.Entry.Kind, e.Year, l.PartyId, e.Entry.ProjectId, l.Debit, l.Credit, l.DebitHalfDays - l.CreditHalfDays))];

    private static Movement Repaid(string key, int before, int after, int lost, DateOnly on) => Movements.Repaid(
        key, "Remboursement", Company, Project, new AdvancePosition(Money.Euros(30_000), Money.Euros(before), Money.Euros(lost), Money.Zero),
        new AdvancePosition(Money.Euros(30_000), Money.Euros(after), Money.Euros(lost), Money.Zero), on, Source);

    private static (int InYear, int InAll) Flow(IReadOnlyList<BooksFlow> flows, string label)
    {
        var flow = flows.Single(f => f.Label == label);
        return ((int)(flow.InYear.Cents / 100), (int)(flow.InAll.Cents / 100));
    }
}

using Alize.Data.Outbox;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

[Trait("Rule", "R6")]
public sealed class RepaymentTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task The_ladder_climbs_on_its_days_and_the_next_working_day_after_a_day_off()
    {
        var (_, advance) = await territory.PaidAsync();
        var first = advance.Installments[0];
        Assert.Equal(new DateOnly(2026, 10, 16), first.CollectOn);

        await territory.WaitUntilAsync(2027, 3, 1);

        // 15 days before; on the day; 8 days after is Saturday 24 October; 30 days after is Sunday 15 November.
        var mails = await MailsAboutAsync(first);
        Assert.Equal(
            ["2026-10-01", "2026-10-16", "2026-10-26", "2026-11-16"],
            mails.Where(m => m.Name == "RemindCompanyMail").Select(m => m.CreatedAt.ToString("yyyy-MM-dd", null)));
        var copy = Assert.Single(mails, m => m.Name == "NotifyMail");
        Assert.Equal("operateur@alize.example", copy.ToAddress);
        Assert.StartsWith("Copie", copy.Subject, StringComparison.Ordinal);
        var back = (await territory.MailsAsync("NotifyMail")).Where(m => m.Subject.StartsWith("Retour au comité", StringComparison.Ordinal)).ToList();
        Assert.Equal(["2026-12-15", "2026-12-15"], back.Take(2).Select(m => m.CreatedAt.ToString("yyyy-MM-dd", null)));   // the operator and the chair
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_payment_stops_the_rest_of_the_ladder()
    {
        var (_, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 10, 5);
        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));

        await territory.WaitUntilAsync(2027, 1, 4);

        Assert.Single(await MailsAboutAsync(advance.Installments[0]));
    }

    [Fact]
    public async Task A_payment_recorded_while_its_reminder_waits_in_the_outbox_withdraws_it()
    {
        var (_, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 9, 30);
        territory.Time.SetUtcNow(new(2026, 10, 1, 6, 0, 0, TimeSpan.Zero));
        await territory.Runtime.SweepAsync(Cancel);
        Assert.Equal(MailState.Waiting, Assert.Single(await MailsAboutAsync(advance.Installments[0])).State);

        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        await territory.DoAsync<SendOutbox, int>(o => o.RunAsync(Cancel));

        Assert.Equal(MailState.Withdrawn, Assert.Single(await MailsAboutAsync(advance.Installments[0])).State);
    }

    [Fact]
    public async Task A_payment_of_an_earlier_day_recorded_while_a_reminder_waits_withdraws_it_and_stops_what_follows()
    {
        var (project, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 10, 25);
        territory.Time.SetUtcNow(new(2026, 10, 26, 7, 0, 0, TimeSpan.Zero));   // eight in the morning: the reminder after the day is written
        await territory.Runtime.SweepAsync(Cancel);
        Assert.Equal(MailState.Waiting, (await MailsAboutAsync(advance.Installments[0]))[^1].State);

        // The bank had it on the 14th, before it was due; the statement came late.
        Assert.Empty(await territory.DoAsync<Alize.Workflows.Repayment.Repayments, IReadOnlyList<Problem>>(
            r => r.RecordAsync(advance.Id, "5000", new(2026, 10, 14), "VIR-1", "Camille Roussel", Cancel)));
        await territory.DoAsync<SendOutbox, int>(o => o.RunAsync(Cancel));
        await territory.WaitUntilAsync(2027, 1, 4);

        var mails = await MailsAboutAsync(advance.Installments[0]);
        Assert.Equal([MailState.Sent, MailState.Sent, MailState.Withdrawn], mails.Select(m => m.State));
        Assert.Equal(new DateOnly(2026, 10, 14), (await territory.AdvanceAsync(project)).Installments[0].SettledOn);
        Assert.DoesNotContain(await territory.MailsAsync("NotifyMail"), m => m.Subject.StartsWith("Retour au comité", StringComparison.Ordinal) && m.CreatedAt < new DateTime(2026, 12, 20));
    }

    [Fact]
    public async Task A_partial_payment_leaves_the_instalment_due_and_the_rest_settles_it()
    {
        var (project, advance) = await territory.PaidAsync();

        Assert.Empty(await territory.RepayAsync(advance.Id, "2000", "VIR-1"));
        var partly = (await territory.AdvanceAsync(project)).Installments[0];
        Assert.False(partly.IsSettled);
        Assert.Equal(Money.Euros(3_000), partly.Outstanding);

        Assert.Empty(await territory.RepayAsync(advance.Id, "3000,00", "VIR-2"));
        Assert.True((await territory.AdvanceAsync(project)).Installments[0].IsSettled);
        Assert.Equal(Money.Euros(25_000), await BalanceAsync(LedgerAccount.AdvancesOutstanding));
    }

    [Fact]
    public async Task What_exceeds_the_debt_is_booked_as_the_companys()
    {
        var (project, advance) = await territory.PaidAsync();

        Assert.Empty(await territory.RepayAsync(advance.Id, "31 000", "VIR-1"));

        Assert.True((await territory.AdvanceAsync(project)).IsRepaid);
        Assert.Equal(Money.Zero, await BalanceAsync(LedgerAccount.AdvancesOutstanding));
        Assert.Equal(Money.Zero - Money.Euros(1_000), await BalanceAsync(LedgerAccount.ExcessRepayments));
        Assert.Equal(Money.Euros(226_000), await BalanceAsync(LedgerAccount.Bank));
    }

    [Fact]
    public async Task One_transfer_recorded_twice_at_once_counts_once()
    {
        var (project, advance) = await territory.PaidAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => territory.RepayAsync(advance.Id, "5000", "VIR-1"), Cancel)));

        Assert.Single(results, r => r.Count == 0);
        Assert.Single(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        Assert.Equal(Money.Euros(25_000), (await territory.AdvanceAsync(project)).Outstanding);
        Assert.Equal(Money.Euros(25_000), await BalanceAsync(LedgerAccount.AdvancesOutstanding));
    }

    private async Task<List<OutboxMail>> MailsAboutAsync(Installment installment) =>
        [.. (await territory.MailsAsync()).Where(m => m.UnlessSettledInstallmentId == installment.Id)];

    private Task<Money> BalanceAsync(LedgerAccount account) =>
        territory.DoAsync<Ledger, Money>(l => l.BalanceAsync(territory.Programme.Id, FundAccount.Advances, account, Cancel));
}

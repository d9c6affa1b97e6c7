using Alize.Data.Outbox;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Repayment;
using Alize.Workflows.Accounts;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

[Trait("Rule", "R6")]
public sealed class AdvanceLifeTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task A_reschedule_ends_the_old_ladders_and_starts_those_of_the_new_instalments()
    {
        var (project, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 10, 20);   // the first of six is four days late
        var old = advance.Installments[0];

        Assert.Equal(([], []), await RuleAsync(advance, Money.Zero, firstMonth: 10, count: 5));

        var now = await territory.AdvanceAsync(project);
        Assert.Equal(Enumerable.Repeat(Money.Euros(6_000), 5), now.Installments.Select(i => i.Amount));
        Assert.Equal(new DateOnly(2027, 1, 16), now.Installments[0].DueOn);
        await territory.WaitUntilAsync(2027, 1, 20);
        Assert.Equal(2, (await RemindersAsync(old)).Count);                       // before and on the day; nothing after the decision
        Assert.Equal(["Échéance n° 1 le 18 janvier 2027 — AV-2026-001", "Échéance n° 1 aujourd’hui — AV-2026-001"], (await RemindersAsync(now.Installments[0])).Select(m => m.Subject));
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_reschedule_beyond_the_36_months_or_not_carried_is_refused_and_changes_nothing()
    {
        var (project, advance) = await territory.PaidAsync();

        var (_, tooLong) = await RuleAsync(advance, Money.Zero, firstMonth: 7, count: 31);
        var (_, notCarried) = await RuleAsync(advance, Money.Zero, firstMonth: 7, count: 10, yes: 5);
        var (_, tooMuch) = await RuleAsync(advance, Money.Euros(30_001), firstMonth: 7, count: 1);

        Assert.Equal("rescheduling-too-long", Assert.Single(tooLong).Reason);
        Assert.Equal("ruling-not-carried", Assert.Single(notCarried).Reason);
        Assert.Equal("loss-exceeds-debt", Assert.Single(tooMuch).Reason);
        Assert.Equal(advance.Installments.Select(i => i.Id), (await territory.AdvanceAsync(project)).Installments.Select(i => i.Id));
    }

    [Fact]
    public async Task A_deferral_longer_than_six_months_is_refused_before_anything_was_due()
    {
        var (_, advance) = await territory.PaidAsync();

        var (_, refusals) = await RuleAsync(advance, Money.Zero, firstMonth: 8, count: 6);

        Assert.Equal("deferral-out-of-range", Assert.Single(refusals).Reason);
    }

    [Fact]
    public async Task A_loss_ends_the_reminders_and_a_later_transfer_is_a_recovery()
    {
        var (project, advance) = await territory.PaidAsync();
        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        Assert.Equal(([], []), await RuleAsync(advance, Money.Euros(25_000), firstMonth: 0, count: 0));
        await territory.SettleAsync();
        Assert.Equal((0, 25_000), (await EurosAsync(LedgerAccount.AdvancesOutstanding), await EurosAsync(LedgerAccount.Losses)));
        Assert.Contains(await territory.MailsAsync("NotifyMail"), m => m.Subject.Contains("perte de", StringComparison.Ordinal));

        Assert.Empty(await territory.RepayAsync(advance.Id, "3000", "VIR-2"));

        Assert.Equal((0, -3_000), (await EurosAsync(LedgerAccount.AdvancesOutstanding), await EurosAsync(LedgerAccount.Recoveries)));
        await territory.WaitUntilAsync(2027, 6, 1);
        Assert.DoesNotContain(await territory.MailsAsync("RemindCompanyMail"), m => m.CreatedAt > new DateTime(2026, 4, 1));
        Assert.Equal(Money.Zero, (await territory.AdvanceAsync(project)).Outstanding);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    public async Task A_transfer_received_after_full_repayment_is_excess_and_is_given_back()
    {
        var (project, advance) = await territory.PaidAsync();
        Assert.Empty(await territory.RepayAsync(advance.Id, "30000", "VIR-1"));

        Assert.Empty(await territory.RepayAsync(advance.Id, "800", "VIR-2"));
        Assert.Equal(-800, await EurosAsync(LedgerAccount.ExcessRepayments));

        Assert.NotEmpty(await ReturnAsync(advance, "800,01", "REMB-1"));
        Assert.Empty(await ReturnAsync(advance, "800", "REMB-1"));
        Assert.Equal(0, await EurosAsync(LedgerAccount.ExcessRepayments));
        Assert.Equal(Money.Zero, (await territory.AdvanceAsync(project)).Position.Excess);
        Assert.NotEmpty(await ReturnAsync(advance, "1", "REMB-2"));
    }

    [Fact]
    public async Task A_back_dated_receipt_settles_on_its_value_day_and_withdraws_the_reminder()
    {
        var (project, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 10, 15);
        territory.Time.SetUtcNow(new(2026, 10, 16, 6, 0, 0, TimeSpan.Zero));
        await territory.Runtime.SweepAsync(Cancel);
        var waiting = (await RemindersAsync(advance.Installments[0])).Single(m => m.State == MailState.Waiting);

        Assert.Empty(await territory.DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.RecordAsync(advance.Id, "5000", new(2026, 10, 9), "VIR-1", "Camille Roussel", Cancel)));
        await territory.SettleAsync();

        Assert.Equal(new DateOnly(2026, 10, 9), (await territory.AdvanceAsync(project)).Installments[0].SettledOn);
        Assert.Equal(MailState.Withdrawn, (await RemindersAsync(advance.Installments[0])).Single(m => m.Id == waiting.Id).State);
    }

    [Fact]
    public async Task A_receipt_that_is_taken_back_is_due_again_and_reminded_of_from_where_it_stands()
    {
        var (project, advance) = await territory.PaidAsync();
        Assert.Empty(await territory.RepayAsync(advance.Id, "5000", "VIR-1"));
        await territory.WaitUntilAsync(2026, 10, 20);
        var receipt = (await territory.AdvanceAsync(project)).Received.Single();

        Assert.Empty(await territory.DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.TakeBackAsync(advance.Id, receipt.Id, "virement retourné", "Camille Roussel", Cancel)));
        Assert.NotEmpty(await territory.DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.TakeBackAsync(advance.Id, receipt.Id, "encore", "Camille Roussel", Cancel)));

        var now = await territory.AdvanceAsync(project);
        Assert.Equal((6, Money.Euros(30_000)), (now.Installments.Count, now.Outstanding));
        Assert.Equal(30_000, await EurosAsync(LedgerAccount.AdvancesOutstanding));
        Assert.Equal(5_000, await EurosAsync(LedgerAccount.InstallmentsDue));
        await territory.WaitUntilAsync(2026, 10, 27);
        Assert.StartsWith("Échéance n° 1 en retard", Assert.Single(await RemindersAsync(now.Installments[0])).Subject, StringComparison.Ordinal);
        Assert.Equal("", await territory.FaultsAsync());
    }

    [Fact]
    [Trait("Rule", "R8")]
    public async Task An_advance_paid_in_parts_is_repaid_from_the_last_one()
    {
        var project = await territory.ApprovedAsync(months: 12);
        await territory.SignAllAsync(project);
        Assert.Single(await PayPartAsync(project, Money.Euros(30_001)));
        Assert.Empty(await PayPartAsync(project, Money.Euros(10_000)));
        await territory.SettleAsync();
        var first = await territory.AdvanceAsync(project);
        Assert.Equal((Money.Euros(10_000), Money.Euros(20_000)), (first.Outstanding, first.Unpaid));
        Assert.Equal(-20_000, await EurosAsync(LedgerAccount.AdvancesCommitted));

        await territory.WaitUntilAsync(2026, 5, 4);
        Assert.Single(await FurtherPartAsync(first, Money.Euros(20_001)));
        Assert.Empty(await FurtherPartAsync(first, Money.Euros(20_000)));
        await territory.SettleAsync();

        var advance = await territory.AdvanceAsync(project);
        Assert.Equal(Enumerable.Repeat(Money.Euros(5_000), 6), advance.Installments.Select(i => i.Amount));
        Assert.Equal(new DateOnly(2026, 12, 4), advance.Installments[0].DueOn);
        Assert.Equal((30_000, 0), (await EurosAsync(LedgerAccount.AdvancesOutstanding), await EurosAsync(LedgerAccount.AdvancesCommitted)));
        Assert.Equal("pay-twice", Assert.Single(await territory.PayAsync(project)).Reason);
        await territory.WaitUntilAsync(2026, 12, 5);
        Assert.Equal(2, (await RemindersAsync(advance.Installments[0])).Count);
        Assert.Empty(await RemindersAsync(first.Installments[0]));
        Assert.Equal("", await territory.FaultsAsync());
    }

    private async Task<(IReadOnlyList<Problem> Problems, IReadOnlyList<Refusal> Refusals)> RuleAsync(
        GrantedAdvance advance, Money lost, int firstMonth, int count, int yes = 6)
    {
        var session = await territory.ReadAsync(db => db.CommitteeSessions.Where(s => s.State == SessionState.Open || s.State == SessionState.Closed).Select(s => s.Id).FirstAsync(Cancel));
        var result = await territory.DoAsync<AdvanceRulings, (IReadOnlyList<Problem>, IReadOnlyList<Refusal>)>(
            r => r.RecordAsync(advance.Id, new(session, yes, "Perte d’un client", lost, firstMonth, count), "Camille Roussel", Cancel));
        await territory.SettleAsync();
        return result;
    }

    private Task<IReadOnlyList<Refusal>> PayPartAsync(Guid project, Money amount) =>
        territory.DoAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayAsync(project, amount, "Camille Roussel", Cancel));

    private Task<IReadOnlyList<Refusal>> FurtherPartAsync(GrantedAdvance advance, Money amount) =>
        territory.DoAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayPartAsync(advance.Id, amount, "Camille Roussel", Cancel));

    private Task<IReadOnlyList<Problem>> ReturnAsync(GrantedAdvance advance, string amount, string reference) =>
        territory.DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.ReturnExcessAsync(advance.Id, amount, reference, "Camille Roussel", Cancel));

    private async Task<List<OutboxMail>> RemindersAsync(Installment installment) =>
        [.. (await territory.MailsAsync("RemindCompanyMail")).Where(m => m.UnlessSettledInstallmentId == installment.Id)];

    private async Task<int> EurosAsync(LedgerAccount account) => (int)((await territory.DoAsync<Ledger, Money>(
        l => l.BalanceAsync(territory.Programme.Id, FundAccount.Advances, account, Cancel))).Cents / 100);
}

using Alize.Data.Documents;
using Alize.Domain.Programmes;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tests.Documents;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>30,000 € paid on 16 March 2026, six instalments of 5,000 € from 16 October; asked about on 20 November.</summary>
[Trait("Rule", "R6")]
public sealed class AccountStatementTests : IAsyncLifetime
{
    private readonly Territory territory = new();
    private Contact head = null!;

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        var (_, advance) = await territory.PaidAsync();
        await territory.WaitUntilAsync(2026, 10, 20);
        Assert.Empty(await territory.RepayAsync(advance.Id, "7000", "VIR-OCT"));
        await territory.WaitUntilAsync(2026, 11, 20);
        head = await territory.ReadAsync(db => db.Contacts.AsNoTracking().SingleAsync(c => c.Email == "sylvie.arnaud@tournerie.example", Cancel));
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task An_account_shows_what_is_paid_due_and_overdue()
    {
        var account = await AccountAsync();

        Assert.Equal((7_000_00, 23_000_00), (account.Advance.Repaid.Cents, account.Advance.Outstanding.Cents));
        Assert.Equal(3_000_00, account.Overdue.Cents);   // the second instalment, of 16 November, less what was paid on it
        Assert.Equal(new DateOnly(2026, 12, 16), account.Next!.CollectOn);
        Assert.Equal(account.Overdue, account.ToPay);
        Assert.Equal(["réglée", "en retard", "à venir"], account.Advance.Installments.Take(3).Select(i => AccountStatements.StateOf(i, new(2026, 11, 20))));
    }

    [Fact]
    public async Task A_statement_says_the_amounts_and_is_made_once_for_one_state_of_the_advance()
    {
        var first = await MakeAsync();
        Assert.Equal(first.Id, (await MakeAsync()).Id);
        Assert.Single(await territory.TrailAsync("statement"));
        var text = (await Poppler.TextAsync(first.Content)).Replace('\u202F', ' ').Replace('\u00A0', ' ');
        foreach (var words in new[] { "23 000,00 €", "3 000,00 €", "VIR-OCT", "16 décembre 2026", "en retard" }) Assert.Contains(words, text, StringComparison.Ordinal);

        Assert.Empty(await territory.RepayAsync((await AccountAsync()).Advance.Id, "3000", "VIR-NOV"));
        var next = await MakeAsync();

        Assert.NotEqual(first.Id, next.Id);
        Assert.Contains("VIR-NOV", await Poppler.TextAsync(next.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_asked_for_twice_by_mail_goes_once_to_the_company_with_the_document()
    {
        for (var i = 0; i < 2; i++)
            await territory.DoAsync<AccountStatements, bool>(async s =>
            {
                await s.SendAsync((await s.OfAsync(head, Cancel)).Single(), head, head.FullName, Cancel);
                return true;
            });
        await territory.SettleAsync();

        var mail = Assert.Single(await territory.MailsAsync("StatementOfAccountMail"));
        Assert.Equal(head.Email, mail.ToAddress);
        var document = await territory.ReadAsync(db => db.Documents.AsNoTracking().SingleAsync(d => d.Kind == nameof(StatementOfAccountDocument), Cancel));
        Assert.Equal([document.Id], mail.Attachments);
        Assert.Contains("23\u202F000,00", mail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_reminder_to_the_company_bears_its_link_and_the_operators_copy_none()
    {
        await territory.WaitUntilAsync(2027, 1, 4);   // the formal notice of the second instalment has gone

        Assert.All(await territory.MailsAsync("RemindCompanyMail"), m => Assert.Equal(Alize.Workflows.Mail.MailLinks.Account, m.LinkPurpose));
        var copies = (await territory.MailsAsync("NotifyMail")).Where(m => m.UnlessSettledInstallmentId is not null).ToList();
        Assert.NotEmpty(copies);
        Assert.All(copies, m => Assert.Null(m.LinkPurpose));
        Assert.Equal("", await territory.FaultsAsync());
    }

    private Task<CompanyAccount> AccountAsync() => territory.DoAsync<AccountStatements, CompanyAccount>(async s => Assert.Single(await s.OfAsync(head, Cancel)));

    private Task<StoredDocument> MakeAsync() => territory.DoAsync<AccountStatements, StoredDocument>(
        async s => await s.MakeAsync((await s.OfAsync(head, Cancel)).Single(), head.FullName, Cancel));
}

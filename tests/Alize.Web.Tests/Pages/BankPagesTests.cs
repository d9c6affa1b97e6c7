using System.Globalization;
using System.Net;
using System.Text;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Accounts.Bank;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Pages;

/// <summary>From a transfer to the bank's file and from a statement to the journal, on the pages alone.</summary>
[Trait("Rule", "R19")]
public sealed class BankPagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private const string Root = "/p/vallee-de-l-ombrelle";
    private const string Bank = Root + "/bank";
    private const string CompanyIban = "FR7612345987650123456789014";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Day => site.Time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_transfer_is_prepared_by_one_released_by_another_downloaded_and_found_on_a_statement()
    {
        using var first = await site.SignInAsync();
        var list = await first.GetAsync(Bank + "/transfers");
        var form = await first.GetAsync(list.Page.QuerySelector("a[href*='advance=']")!.GetAttribute("href")!);
        var wrong = await first.SubmitAsync(form, "form[action*='handler=Prepare']", new() { ["iban"] = "FR7612345987650123456789015" });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("sa clé", wrong.Text, StringComparison.Ordinal);
        Assert.Equal("FR7612345987650123456789015", wrong.Page.QuerySelector("input[name=iban]")!.GetAttribute("value"));

        var prepared = await first.SubmitAsync(wrong, "form[action*='handler=Prepare']", new() { ["iban"] = CompanyIban });
        Assert.Equal(HttpStatusCode.OK, prepared.Status);
        Assert.Contains("une autre personne doit le libérer", prepared.Text, StringComparison.Ordinal);
        Assert.Null(prepared.Page.QuerySelector("input[name=order][type=checkbox]"));

        using var second = await site.SignInAsync(OperatorSite.SecondOperator, OperatorSite.Password);
        var page = await second.GetAsync(Bank + "/transfers");
        var order = page.Page.QuerySelector("input[name=order][type=checkbox]")!.GetAttribute("value")!;
        var day = page.Page.QuerySelector("input[name=executeOn]")!.GetAttribute("value")!;
        var released = await second.SubmitAsync(page, "#release", new() { ["order"] = order, ["executeOn"] = day });
        Assert.Equal(HttpStatusCode.OK, released.Status);
        Assert.Contains("Ligne de relevé attendue", released.Text, StringComparison.Ordinal);

        var (name, content) = await second.DownloadNamedAsync(released.Page.QuerySelector("a[href*='handler=File']")!.GetAttribute("href")!);
        CreditTransferFile.Validate(Encoding.UTF8.GetBytes(content));
        Assert.EndsWith(".xml", name, StringComparison.Ordinal);

        var sent = await site.AskAsync(db => db.PaymentOrders.AsNoTracking().SingleAsync(Cancel));
        var index = await second.GetAsync(Bank);
        var imported = await second.UploadAsync(index, Bank + "?handler=Import", Statement("S-1", -sent.Amount.Cents, sent.Payee, "VIR", sent.EndToEndId), "releve.xml");
        Assert.Contains("Relevé importé : 1 opération.", imported.Text, StringComparison.Ordinal);
        Assert.Contains("Car la référence de bout en bout est celle de notre ordre", imported.Text, StringComparison.Ordinal);
        var matched = await second.SubmitAsync(imported, "form[action*='handler=ConfirmSure']", []);
        Assert.Contains("1 opération rapprochée", matched.Text, StringComparison.Ordinal);
        Assert.Equal(PaymentOrderState.Executed, await site.AskAsync(db => db.PaymentOrders.Select(o => o.State).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task A_damaged_file_and_a_second_import_are_refused_in_words_and_nothing_is_written()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Bank);
        var whole = Statement("S-2", 1_00, "Quelqu’un", "SANS OBJET");
        var damaged = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(whole).Replace("<Amt Ccy=\"EUR\">1.00", "<Amt Ccy=\"EUR\">7.00", StringComparison.Ordinal));
        var before = await site.AskAsync(db => db.BankLines.CountAsync(Cancel));

        var refused = await browser.UploadAsync(page, Bank + "?handler=Import", damaged, "releve.xml");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("d’écart", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.UploadAsync(page, Bank + "?handler=Import", [], "vide.txt")).Status);
        Assert.Equal(before, await site.AskAsync(db => db.BankLines.CountAsync(Cancel)));

        Assert.Equal(HttpStatusCode.OK, (await browser.UploadAsync(page, Bank + "?handler=Import", whole, "releve.xml")).Status);
        var again = await browser.UploadAsync(page, Bank + "?handler=Import", whole, "releve.xml");
        Assert.Contains("a déjà été importé", again.Text, StringComparison.Ordinal);
        Assert.Equal(before + 1, await site.AskAsync(db => db.BankLines.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_line_is_shared_by_hand_and_taken_back_with_a_reason()
    {
        using var browser = await site.SignInAsync();
        await browser.UploadAsync(await browser.GetAsync(Bank), Bank + "?handler=Import", Statement("S-3", 150_00, "Inconnu", "PAIEMENT"), "releve.xml");
        var id = await site.AskAsync(db => db.BankLines.Where(l => l.Text == "PAIEMENT").Select(l => l.Id).SingleAsync(Cancel));
        var line = await browser.GetAsync($"{Bank}/lines/{id}");
        var advance = await site.AskAsync(db => db.Advances.Where(a => a.Reference == site.World.Reference).Select(a => a.Id).SingleAsync(Cancel));
        Dictionary<string, string> typed = new() { ["target"] = $"Repayment.{advance}", ["part"] = "200" };

        var tooMuch = await browser.SubmitAsync(line, "form:has(input[name=part])", typed);
        Assert.Equal(HttpStatusCode.BadRequest, tooMuch.Status);
        Assert.Contains("entre 0,01 € et 150,00 €", tooMuch.Text, StringComparison.Ordinal);

        typed["part"] = "100,00";
        var shared = await browser.SubmitAsync(tooMuch, "form:has(input[name=part])", typed);
        Assert.Contains("50,00 €", shared.Page.QuerySelector(".facts")!.TextContent.Replace('\u00A0', ' '), StringComparison.Ordinal);

        var undone = await browser.SubmitAsync(shared, "form[action*='handler=Undo']", new() { ["reason"] = "Autre entreprise" });
        Assert.Equal(HttpStatusCode.OK, undone.Status);
        Assert.Contains("Annulé", undone.Text, StringComparison.Ordinal);
        Assert.Equal(Money.Zero, await site.AskAsync(db => db.BankLines.Where(l => l.Id == id).Select(l => l.Matched).SingleAsync(Cancel)));
    }

    [Fact]
    [Trait("Rule", "R9")]
    public async Task The_other_accounts_IBAN_is_refused_with_the_rule()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Bank + "/accounts");
        var refused = await browser.SubmitAsync(page, "main form", new() { ["account"] = "OperatingCosts", ["iban"] = "FR14 2004 1010 0505 0001 3M02 606" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("(art. 4, R9)", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_years_entries_are_downloaded_under_the_name_the_law_wants()
    {
        using var browser = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        var wrong = await browser.GetAsync(Root + "/accounts/fec?handler=Download&year=2026&siren=732829321");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);

        var (name, content) = await browser.DownloadNamedAsync(Root + "/accounts/fec?handler=Download&year=2026&siren=732829320");
        Assert.Equal("732829320FEC20261231.txt", name);
        Assert.StartsWith("JournalCode\tJournalLib\t", content);
        var (_, next) = await browser.DownloadNamedAsync(Root + "/accounts/fec?handler=Download&year=2027&siren=732829320");
        Assert.Contains("\r\nAN\tÀ nouveaux\tAN1\t20270101\t", next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_programmes_lines_and_files_are_not_found()
    {
        using var browser = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(Bank)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/p/{OperatorSite.OtherSlug}/bank/lines/{Guid.NewGuid()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/p/{OperatorSite.OtherSlug}/bank/transfers?handler=File&id={Guid.NewGuid()}")).Status);
    }

    private byte[] Statement(string id, long cents, string party, string text, string endToEnd = "NOTPROVIDED")
    {
        var (role, sign) = cents > 0 ? ("Dbtr", "CRDT") : ("Cdtr", "DBIT");
        var opening = 500_000_00;
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M{id}</MsgId></GrpHdr>
            <Stmt><Id>{id}</Id><Acct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></Acct>
            <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{opening / 100m:0.00}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{Day}</Dt></Dt></Bal>
            <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{(opening + cents) / 100m:0.00}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{Day}</Dt></Dt></Bal>
            <Ntry><Amt Ccy="EUR">{Math.Abs(cents) / 100m:0.00}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{Day}</Dt></BookgDt>
            <NtryDtls><TxDtls><Refs><EndToEndId>{endToEnd}</EndToEndId></Refs><RltdPties><{role}><Pty><Nm>{party}</Nm></Pty></{role}></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
            </Stmt></BkToCstmrStmt></Document>
            """));
    }
}

using System.Globalization;
using System.Text;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tests.Documents;
using Microsoft.Playwright;
using MimeKit;

namespace Alize.Browser.Tests;

/// <summary>
/// From the committee's table to the last signature, over a real mail server: everybody acts from the link in their own mail, without
/// JavaScript; only the operator has an account.
/// </summary>
public class TableToSealTests(AlizeProgramWithMail program, Chromium chromium) : BrowserTests(program, chromium), IClassFixture<AlizeProgramWithMail>
{
    private const string Carried = "Tournerie des Aulnes";
    private const string Rejected = "Conserverie du Pré-Haut";
    private const string Head = "sylvie.arnaud@tournerie.example";
    private const string Chair = "helene.marchand@verrerie.example";
    private const string Lender = "karim.benali@papeteries.example";
    private const string LenderToo = "lucie.bernard@papeteries.example";
    private const string Lead = "julien.morel@cci-val.example";
    private const string Astrees = "anne.vidal@astrees.example";
    private const string Reader = "emily.carter@northwind.example";   // reads English

    private static readonly string[] Members =
    [
        Chair, Lender, "sophie.lambert@acieries.example", "thomas.ferrand@energie.example", Reader, "antoine.girard@laiteries.example", Lead,
        "claire.dubois@initiative.example", "marc.lefevre@ombrelle-dev.example",
    ];

    [Fact]
    [Trait("Rule", "R2")]
    [Trait("Rule", "R4")]
    [Trait("Rule", "R8")]
    public async Task A_session_is_held_minuted_and_its_convention_signed_by_four_and_sealed_and_no_changed_byte_goes_unseen()
    {
        var page = await SignedInAsync();
        await ConveneAsync(page);
        await VoteFromLinksAsync(page);
        await VoteAloudAsync(page);
        await ApproveMinutesAsync(page);
        await RefuseAndResolveAsync(page);
        await SubstituteAsync(page);
        await SignOnPaperAsync(page);
        await SignFromMailsAsync();
        await CheckMinutesAsync();
        await CheckConventionAsync(page);
        Assert.All(program.Mails, CheckHeaders);
    }

    private async Task ConveneAsync(IPage page)
    {
        await page.GotoAsync($"{Root}/sessions/new");
        await page.GetByLabel("Jour").FillAsync(TimeProvider.System.GetLocalNow().AddDays(15).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.GetByLabel("Heure").FillAsync("14:00");
        await page.GetByLabel("Lieu").FillAsync("Salle du conseil, Saint-Aubin-sur-Ombrelle");
        foreach (var company in new[] { Carried, Rejected }) await page.GetByLabel(company).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Prévoir la séance et convoquer" }).ClickAsync();
        foreach (var member in Members.Append(Astrees))
        {
            var invitation = await program.MailAsync(member, member == Reader ? "Approval committee" : "Comité d’agrément");
            Assert.Contains("Convocation", await Poppler.TextAsync(AlizeProgramWithMail.PdfOf(invitation)), StringComparison.Ordinal);
            Assert.Contains("seance.ics", invitation.Attachments.Select(a => a.ContentDisposition?.FileName));
        }

        var phone = await PhoneAsync();
        await phone.GotoAsync(await InvitationLinkAsync(Members[2]));
        await phone.Locator("button[value=Accepted]").ClickAsync();
        await Expect(phone.GetByText("Vous avez répondu que vous venez.")).ToBeVisibleAsync();

        if (!page.Url.Contains("/sessions/0", StringComparison.Ordinal)) await page.Locator("main table a").First.ClickAsync();
        await UntilShownAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la séance" }));
        foreach (var present in await page.Locator("input[name^=presence-][value=Room]").AllAsync()) await present.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la séance" }).ClickAsync();
    }

    /// <summary>Six for, two against, one abstention: exactly two thirds of nine, each vote from its own mail.</summary>
    private async Task VoteFromLinksAsync(IPage page)
    {
        await ProposeAsync(page, Carried);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mettre aux voix depuis les liens" }).ClickAsync();
        var phone = await PhoneAsync();
        for (var i = 0; i < Members.Length; i++)
        {
            await phone.GotoAsync(await InvitationLinkAsync(Members[i]));
            await phone.Locator($"button[value={(i < 6 ? "Yes" : i < 8 ? "No" : "Abstained")}]").ClickAsync();
            await Expect(phone.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        }

        await page.ReloadAsync();
        await Expect(page.GetByText("9 voix reçues depuis les liens")).ToBeVisibleAsync();
        await Inspection.LookAsync(page, "session-ballot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compter et enregistrer la décision" }).ClickAsync();
        await Expect(page.Locator("#decision .proof")).ToContainTextAsync("18");
        await Expect(page.Locator("#decision .decision")).ToContainTextAsync("Agréé");
    }

    /// <summary>Five for, one against, three abstentions, said aloud: one vote short.</summary>
    private static async Task VoteAloudAsync(IPage page)
    {
        await ProposeAsync(page, Rejected);
        var rows = await page.Locator("fieldset.vote-row").AllAsync();
        Assert.Equal(9, rows.Count);
        for (var i = 0; i < rows.Count; i++) await rows[i].GetByLabel(i < 5 ? "Pour" : i < 6 ? "Contre" : "Abstention").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer la décision" }).ClickAsync();
        await Expect(page.Locator("#decision .proof")).ToContainTextAsync("15");
        await Expect(page.Locator("#decision .decision")).ToContainTextAsync("Rejeté");
        await page.Locator("summary").Filter(new() { HasText = "Lever la séance" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Oui, lever la séance" }).ClickAsync();
    }

    private static async Task ProposeAsync(IPage page, string company)
    {
        await page.Locator(".agenda").GetByRole(AriaRole.Link, new() { Name = company }).ClickAsync();
        await page.GetByLabel("Agréer").CheckAsync();
        await page.Locator("#partner-0").SelectOptionAsync(new SelectOptionValue { Label = "Papeteries du Val" });
        await page.Locator("#field-0").FillAsync("Qualité");
        await page.Locator("#halfDays-0").FillAsync("10");
    }

    private async Task ApproveMinutesAsync(IPage page)
    {
        var phone = await PhoneAsync();
        await phone.GotoAsync(AlizeProgramWithMail.LinkOf(await program.MailAsync(Chair, "Compte rendu à approuver")));
        await Expect(phone.Locator(".asked")).ToContainTextAsync("la décision est rejetée");
        await phone.Locator("button[value=Approved]").ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Votre réponse est enregistrée");
        await UntilShownAsync(page, page.Locator("section[aria-labelledby=documents]").GetByText("Compte rendu"));
        await Inspection.LookAsync(page, "session-minuted");
    }

    /// <summary>The lead partner refuses with a reason; the round ends; the operator has a new convention made.</summary>
    private async Task RefuseAndResolveAsync(IPage page)
    {
        var former = AlizeProgramWithMail.LinkOf(await program.MailAsync(Head, "À signer"));
        var phone = await OpenDocumentAsync(Lead, round: 1);
        await phone.Locator("summary").Filter(new() { HasText = "Je ne souhaite pas signer" }).ClickAsync();
        await phone.GetByLabel("Pourquoi vous ne signez pas").FillAsync("Le calendrier de l’appui doit être précisé.");
        await phone.Locator("button[value=Refused]").ClickAsync();
        await Expect(phone.GetByText("Les autres signatures ne sont plus demandées")).ToBeVisibleAsync();

        await page.GotoAsync($"{Root}/tasks");
        var task = page.Locator(".task-cards li").Filter(new() { HasText = "Signatures non recueillies" }).GetByRole(AriaRole.Link, new() { Name = "Répondre" });
        await UntilShownAsync(page, task);
        await task.ClickAsync();
        await page.Locator("button[value=Again]").ClickAsync();
        await LookAtAsync(former, "n’attend plus de réponse", "link-not-needed");
    }

    /// <summary>Somebody joins the partner that lends, and takes the place of who was asked; the former link says so.</summary>
    private async Task SubstituteAsync(IPage page)
    {
        var link = AlizeProgramWithMail.LinkOf(await program.MailAsync(Lender, "À signer", count: 2));
        await page.GotoAsync($"{Root}/programme");
        await page.GetByRole(AriaRole.Link, new() { Name = "Papeteries du Val" }).First.ClickAsync();
        await page.Locator("summary").Filter(new() { HasText = "Ajouter une personne" }).ClickAsync();
        await page.GetByLabel("Prénom et nom").FillAsync("Lucie Bernard");
        await page.GetByLabel("Courriel").FillAsync(LenderToo);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ajouter cette personne" }).ClickAsync();

        await OpenConventionAsync(page);
        var line = page.GetByRole(AriaRole.Region, new() { Name = "Karim Benali" });
        await line.Locator("summary").Filter(new() { HasText = "Remplacer ce signataire" }).ClickAsync();
        await line.GetByLabel("Qui signera").SelectOptionAsync(new SelectOptionValue { Label = "Lucie Bernard" });
        await line.GetByLabel("Pourquoi").FillAsync("Congé de longue durée");
        await line.GetByRole(AriaRole.Button, new() { Name = "Remplacer et demander la signature" }).ClickAsync();

        await LookAtAsync(link, "confiée à une autre personne", "link-reassigned");
    }

    private static async Task SignOnPaperAsync(IPage page)
    {
        var line = page.GetByRole(AriaRole.Region, new() { Name = "Julien Morel" });
        await line.Locator("summary").Filter(new() { HasText = "Verser une signature sur papier" }).ClickAsync();
        await line.GetByLabel("Convention signée, numérisée").SetInputFilesAsync(
            new FilePayload { Name = "scan.pdf", MimeType = "application/pdf", Buffer = Encoding.ASCII.GetBytes("%PDF-1.4\n% page numérisée\n%%EOF\n") });
        await line.GetByLabel("Paraphe porté sur les pages").FillAsync("JM");
        await line.GetByLabel("J’atteste que Julien Morel").CheckAsync();
        await line.GetByRole(AriaRole.Button, new() { Name = "Verser la signature" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Julien Morel" })).ToContainTextAsync("paraphe JM");
    }

    private async Task SignFromMailsAsync()
    {
        // Codes are asked for together: their mails leave together.
        var phones = new List<(string Address, string Initials, IPage Phone)>();
        foreach (var (address, initials, round) in new[] { (Head, "SA", 2), (Chair, "HM", 2), (LenderToo, "LB", 1) })
            phones.Add((address, initials, await AskCodeAsync(address, round)));
        foreach (var (address, initials, phone) in phones)
        {
            await TypeCodeAsync(phone, address);
            await phone.GetByLabel("Votre paraphe").FillAsync(initials);
            await phone.GetByLabel("J’ai lu la convention").CheckAsync();
            await phone.Locator("button[value=Signed]").ClickAsync();
            await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Votre réponse est enregistrée");
        }
    }

    private async Task CheckMinutesAsync()
    {
        var sent = new List<byte[]>();
        foreach (var person in Members.Append(Astrees))
            sent.Add(AlizeProgramWithMail.PdfOf(await program.MailAsync(person, person == Reader ? "Minutes of the approval committee" : "Compte rendu du comité d’agrément")));
        Assert.Single(sent.Select(OfflineProof.HashOf).Distinct());
        Assert.True(PdfSeal.Check(sent[0]).IsWhole);
        Assert.Contains("Signature is Valid", await Poppler.AskAsync("pdfsig", sent[0]), StringComparison.Ordinal);
        var text = await Poppler.TextAsync(sent[0]);
        foreach (var words in new[] { "3 × 6 = 18", "3 × 5 = 15", "approuvé par Hélène Marchand", "Anne Vidal" }) Assert.Contains(words, text, StringComparison.Ordinal);
    }

    private async Task CheckConventionAsync(IPage page)
    {
        var sent = new List<byte[]>();
        foreach (var person in new[] { Head, Chair, LenderToo, Lead, "operateur@alize.example" })
            sent.Add(AlizeProgramWithMail.PdfOf(await program.MailAsync(person, "Convention signée")));
        Assert.Single(sent.Select(OfflineProof.HashOf).Distinct());
        var file = sent[0];

        await OpenConventionAsync(page);
        await Expect(page.GetByText("chaîne intacte")).ToBeVisibleAsync();
        var href = await page.GetByRole(AriaRole.Link, new() { Name = "Archive de preuve (ZIP)" }).GetAttributeAsync("href");
        var proof = new OfflineProof(await (await page.Context.APIRequest.GetAsync($"{program.Site.OriginalString}{href}")).BodyAsync());
        Assert.Equal(file, proof["convention-scellee.pdf"]);
        Assert.True(proof.AreFilesWhole);
        Assert.True(proof.IsChainWhole(proof.Lines));
        Assert.True(PdfSeal.Check(file).IsWhole);
        Assert.Contains("Signature is Valid", await Poppler.AskAsync("pdfsig", file), StringComparison.Ordinal);
        Assert.Contains(proof.Head, (await Poppler.TextAsync(file)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var story = Encoding.UTF8.GetString([.. proof.Lines.SelectMany(l => l)]);
        foreach (var kind in new[] { "frozen", "substituted", "signed-on-paper", "code-used", "sealed" }) Assert.Contains($"kind: {kind}\n", story, StringComparison.Ordinal);

        // Every byte of the evidence; of the file every so many, from a place that differs each time (all of the seal itself: SealTests).
        Assert.Equal(0, proof.UnseenChangesOfEvidence());
        var from = Random.Shared.Next(Stride);
        Assert.Equal([], OfflineProof.UnseenChanges(file, Enumerable.Range(0, (file.Length - from + Stride - 1) / Stride).Select(i => from + (i * Stride))));
        await VerifyAsync(page, file, "Authentique");
        file[file.Length / 3] ^= 1;
        await VerifyAsync(page, file, "Modifié");
        Assert.DoesNotContain("Signature is Valid", await Poppler.AskAsync("pdfsig", file), StringComparison.Ordinal);
        Inspection.Conclude();
    }

    private const int Stride = 41;

    private static async Task VerifyAsync(IPage page, byte[] file, string verdict)
    {
        await page.GotoAsync("/verifier");
        await page.GetByLabel("Fichier PDF").SetInputFilesAsync(new FilePayload { Name = "convention.pdf", MimeType = "application/pdf", Buffer = file });
        await page.GetByRole(AriaRole.Button, new() { Name = "Vérifier" }).ClickAsync();
        await Expect(page.Locator("#resultat")).ToContainTextAsync(verdict);
    }

    private static async Task OpenConventionAsync(IPage page)
    {
        await OpenProjectAsync(page, Carried);
        await page.GetByRole(AriaRole.Link, new() { Name = "Suivre les signatures" }).ClickAsync();
    }

    private async Task<string> InvitationLinkAsync(string member) =>
        AlizeProgramWithMail.LinkOf(await program.MailAsync(member, member == Reader ? "Approval committee" : "Comité d’agrément"));

    /// <summary>A link that opens nothing any more says why, on a page as good as the others.</summary>
    private async Task LookAtAsync(string link, string words, string name)
    {
        var window = await OpenWindowAsync();
        await window.GotoAsync(link);
        await Expect(window.Locator("main")).ToContainTextAsync(words);
        await Inspection.LookAsync(window, name);
    }

    private Task<IPage> PhoneAsync() => OpenWindowAsync(width: 360, height: 740, hasJavaScript: false);

    private async Task<IPage> OpenDocumentAsync(string address, int round)
    {
        var phone = await AskCodeAsync(address, round);
        await TypeCodeAsync(phone, address);
        return phone;
    }

    private async Task<IPage> AskCodeAsync(string address, int round)
    {
        var phone = await PhoneAsync();
        await phone.GotoAsync(AlizeProgramWithMail.LinkOf(await program.MailAsync(address, "À signer", round)));
        await phone.GetByRole(AriaRole.Button, new() { Name = "Recevoir mon code" }).ClickAsync();
        return phone;
    }

    private async Task TypeCodeAsync(IPage phone, string address)
    {
        await phone.GetByLabel("Code à six chiffres").FillAsync(AlizeProgramWithMail.CodeOf(await program.MailAsync(address, "Votre code")));
        await phone.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la convention" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Name = "Votre signature" })).ToBeVisibleAsync();
    }

    private static void CheckHeaders(MimeMessage mail)
    {
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.False(mail.Headers.Contains(HeaderId.ListUnsubscribe), "An act of a procedure is no mailing list (RFC 2369).");
        Assert.NotEmpty(mail.TextBody ?? "");
        Assert.Contains(mail.To.ToString().Contains(Reader, StringComparison.Ordinal) ? "<html lang=\"en\">" : "<html lang=\"fr\">", mail.HtmlBody, StringComparison.Ordinal);
    }
}

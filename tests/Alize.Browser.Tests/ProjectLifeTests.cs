using System.Globalization;
using Microsoft.Playwright;

namespace Alize.Browser.Tests;

/// <summary>One project from its instruction to its first repayment, as the people of the territory see it on their screens.</summary>
public class ProjectLifeTests(AlizeProgram program, Chromium chromium) : BrowserTests(program, chromium), IClassFixture<AlizeProgram>
{
    private const string Company = "Imprimerie Serein";

    [Fact]
    [Trait("Rule", "R2")]
    public async Task A_project_is_instructed_voted_signed_by_all_paid_and_repaid()
    {
        var page = await SignedInAsync();
        await InstructAsync(page);
        await PlanSessionAsync(page);
        await HoldSessionAsync(page);

        await LookAtClosedLinksAsync();

        await OpenProjectAsync(page, Company);
        await UntilShownAsync(page, page.Locator("summary").Filter(new() { HasText = "Verser l’avance" }));
        await PayAsync(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("signature");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Rien n’a été changé.");
        await Inspection.LookAsync(page, "payment-refused");

        string[] signatories =
            ["leila.mansouri@imprimerie.example", "helene.marchand@verrerie.example", "karim.benali@papeteries.example", "nadia.haddad@cc-ombrelle.example"];
        foreach (var signatory in signatories) await SignAsync(signatory, isFirst: signatory == signatories[0]);

        await OpenProjectAsync(page, Company);
        await Inspection.LookAsync(page, "project-signed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Suivre les signatures" }).ClickAsync();
        await Inspection.LookAsync(page, "convention");
        await Expect(page.GetByText("chaîne intacte")).ToBeVisibleAsync();
        await page.GotoAsync("/verifier");
        await Inspection.LookAsync(page, "verify");
        await page.GotoAsync($"{Root}/templates");
        await Inspection.LookAsync(page, "templates");
        await page.GotoAsync($"{Root}/templates/CooperationConventionDocument.fr");
        await Inspection.LookAsync(page, "template");
        await page.GotoAsync($"{Root}/documents");
        await Inspection.LookAsync(page, "documents");
        await OpenProjectAsync(page, Company);
        await PayAsync(page);
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await RepayAsync(page);
        await page.GotoAsync($"{Root}/projects");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, "board-for-readme.png") });
        await Inspection.LookAsync(page, "board-later");
        await page.GotoAsync($"{Root}/deadlines");
        await Inspection.LookAsync(page, "deadlines-later");
        await page.GotoAsync($"{Root}/accounts");
        await Inspection.LookAsync(page, "accounts-later");
        Inspection.Conclude();
    }

    private async Task InstructAsync(IPage page)
    {
        await page.GotoAsync($"{Root}/tasks");
        await page.Locator(".task-cards li").Filter(new() { HasText = Company }).GetByRole(AriaRole.Link, new() { Name = "Répondre" }).ClickAsync();
        await page.GetByLabel("Dispositifs existants examinés").FillAsync("Prêt d’honneur : plafond atteint. Prêt bancaire seul : refusé sans apport.");
        await Inspection.LookAsync(page, "task-answer");
        await page.Locator("button[value=ToCommittee]").ClickAsync();
        await OpenProjectAsync(page, Company);
        await UntilShownAsync(page, page.GetByText("Le projet attend une séance du comité d’agrément."));
    }

    private async Task PlanSessionAsync(IPage page)
    {
        await page.GotoAsync($"{Root}/sessions/new");
        await page.GetByLabel("Jour").FillAsync(TimeProvider.System.GetLocalNow().AddDays(15).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.GetByLabel("Heure").FillAsync("14:00");
        await page.GetByLabel("Lieu").FillAsync("Salle du conseil, Saint-Aubin-sur-Ombrelle");
        foreach (var box in await page.Locator("input[name=projects]").AllAsync()) await box.UncheckAsync();
        await page.GetByLabel(Company).CheckAsync();
        await Inspection.LookAsync(page, "session-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Prévoir la séance et convoquer" }).ClickAsync();
        if (!page.Url.Contains("/sessions/0", StringComparison.Ordinal)) await page.Locator("main table a").First.ClickAsync();
        await UntilShownAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la séance" }));
        await Inspection.LookAsync(page, "session-planned");
    }

    /// <summary>Nine members in the room: six votes for, two against, one abstention. Six is exactly two thirds.</summary>
    private async Task HoldSessionAsync(IPage page)
    {
        foreach (var present in await page.Locator("input[name^=presence-][value=Room]").AllAsync()) await present.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la séance" }).ClickAsync();
        await page.Locator(".agenda").GetByRole(AriaRole.Link, new() { Name = Company }).ClickAsync();
        await page.GetByLabel("Agréer").CheckAsync();
        await page.GetByLabel("Avance").FillAsync("15 000");
        await page.GetByLabel("Durée en mois").FillAsync("24");
        await page.GetByLabel("Différé en mois").FillAsync("3");
        await page.Locator("#partner-0").SelectOptionAsync(new SelectOptionValue { Label = "Papeteries du Val" });
        await page.Locator("#field-0").FillAsync("Recherche et développement");
        await page.Locator("#halfDays-0").FillAsync("8");
        await page.GetByLabel("Motif consigné au compte rendu").FillAsync("Projet solide, emplois qualifiés.");
        var rows = await page.Locator("fieldset.vote-row").AllAsync();
        Assert.Equal(9, rows.Count);
        for (var i = 0; i < rows.Count; i++)
            await rows[i].GetByLabel(i < 6 ? "Pour" : i < 8 ? "Contre" : "Abstention").CheckAsync();
        await Inspection.LookAsync(page, "session-open");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer la décision" }).ClickAsync();
        await Expect(page.Locator("#decision .proof")).ToContainTextAsync("6");
        await Inspection.LookAsync(page, "session-decided");
        await page.Locator("summary").Filter(new() { HasText = "Lever la séance" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Oui, lever la séance" }).ClickAsync();
        await UntilShownAsync(page, page.Locator("section[aria-labelledby=minutes] .document"));
        await Inspection.LookAsync(page, "session-closed");
    }

    private async Task LookAtClosedLinksAsync()
    {
        var member = await OpenWindowAsync();
        await FollowMailAsync(member, "sophie.lambert@acieries.example", "Comité d’agrément");
        await Expect(member.GetByText("Séance terminée")).ToBeVisibleAsync();
        await Inspection.LookAsync(member, "session-over");
        await member.GotoAsync("/t/coupe-en-chemin");
        await Expect(member.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Ce lien ne mène à rien");
        await Inspection.LookAsync(member, "link-unknown");
    }

    private async Task SignAsync(string address, bool isFirst)
    {
        var page = await OpenWindowAsync();
        await FollowMailAsync(page, address, "À signer");
        if (isFirst) await Inspection.LookAsync(page, "signature-code");
        await page.GetByRole(AriaRole.Button, new() { Name = "Recevoir mon code" }).ClickAsync();
        if (isFirst) await Inspection.LookAsync(page, "signature-type-code");
        await page.GetByLabel("Code à six chiffres").FillAsync(await CodeOfMailAsync(address));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ouvrir la convention" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Votre signature" })).ToBeVisibleAsync();
        if (isFirst) await Inspection.LookAsync(page, "signature");
        await page.GetByLabel("Votre paraphe").FillAsync("OK");
        await page.GetByLabel("J’ai lu la convention").CheckAsync();
        await page.Locator("button[value=Signed]").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Votre réponse est enregistrée");
        if (isFirst) await Inspection.LookAsync(page, "signature-done");
    }

    private static async Task PayAsync(IPage page)
    {
        await page.Locator("summary").Filter(new() { HasText = "Verser l’avance" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Oui, verser l’avance" }).ClickAsync();
    }

    private async Task RepayAsync(IPage page)
    {
        var advance = page.Locator("#advance a");
        await UntilShownAsync(page, advance);
        await Inspection.LookAsync(page, "project-paid");
        await advance.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Échéancier" }).Locator("tbody tr")).ToHaveCountAsync(21);
        await page.GetByLabel("Montant reçu").FillAsync("714,29");
        await page.GetByLabel("Référence bancaire").FillAsync("VIR-2041");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le remboursement" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Remboursements reçus" })).ToContainTextAsync("VIR-2041");
        await Inspection.LookAsync(page, "advance");
        await page.GotoAsync($"{Root}/advances");
        await Inspection.LookAsync(page, "advances");
    }
}

using Microsoft.Playwright;

namespace Alize.Browser.Tests;

public class PartnerTests(AlizeProgram program, Chromium chromium) : BrowserTests(program, chromium), IClassFixture<AlizeProgram>
{
    [Fact]
    public async Task A_company_answers_from_its_mail_on_a_phone_without_JavaScript_and_the_project_goes_on()
    {
        var reader = await OpenWindowAsync();
        await FollowMailAsync(reader, "paul.lagrange@menuiserie.example", "quelques chiffres");
        await Inspection.LookAsync(reader, "partner-task");

        var phone = await OpenWindowAsync(width: 360, height: 740, hasJavaScript: false);
        await FollowMailAsync(phone, "paul.lagrange@menuiserie.example", "quelques chiffres");
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("quelques chiffres");
        await phone.GetByRole(AriaRole.Radio, new() { Name = "Oui" }).CheckAsync();
        await phone.GetByLabel("Effectif").FillAsync("14");
        await phone.GetByLabel("Plus grande part du capital").FillAsync("0");
        await phone.Locator("button[value=Answered]").ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("corriger");
        await phone.ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, "partner-task-problem-360.png"), FullPage = true });
        await phone.GetByLabel("Emplois que le projet doit créer").FillAsync("4");
        await phone.GetByLabel("Chiffre d’affaires annuel").FillAsync("1 250 000");
        await phone.Locator("button[value=Answered]").ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Votre réponse est enregistrée");
        await phone.ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, "partner-done-360.png"), FullPage = true });

        var page = await SignedInAsync();
        await OpenProjectAsync(page, "Menuiserie Lagrange");
        await UntilShownAsync(page, page.Locator(".ladder [aria-current=step]").Filter(new() { HasText = "Instruction" }));

        await reader.ReloadAsync();
        await Expect(reader.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Cette demande a déjà sa réponse");
        await Inspection.LookAsync(reader, "partner-answered");
        Inspection.Conclude();
    }

    [Fact]
    public async Task A_partner_asks_for_a_link_and_signals_a_project_from_the_mailbox()
    {
        var page = await OpenWindowAsync();
        await page.GotoAsync("/detect");
        await Inspection.LookAsync(page, "detect");
        if (await page.GetByLabel("Votre adresse électronique").CountAsync() == 0) await page.Locator("a.tile").First.ClickAsync();
        await page.GetByLabel("Votre adresse électronique").FillAsync("claire.dubois@initiative.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Recevoir le lien" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Regardez vos courriels");
        await Inspection.LookAsync(page, "detect-sent");

        await FollowMailAsync(page, "claire.dubois@initiative.example", "");
        await Inspection.LookAsync(page, "detect-form");
        await page.Locator("#f-Company").FillAsync("Scierie du Haut-Serein");
        await page.Locator("#f-Siret").FillAsync("412 345 670 00018");
        await page.Locator("#f-Commune").FillAsync("Val-Serein");
        await page.Locator("#f-HeadName").FillAsync("Odile Perrin");
        await page.Locator("#f-HeadEmail").FillAsync("odile.perrin@scierie.example");
        await page.Locator("#f-Title").FillAsync("Séchoir à bois solaire");
        await page.GetByRole(AriaRole.Button, new() { Name = "Signaler ce projet" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("SIRET");
        await Inspection.LookAsync(page, "detect-problem");

        await page.Locator("#f-Siret").FillAsync("853 951 374 00018");
        await page.GetByRole(AriaRole.Button, new() { Name = "Signaler ce projet" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Inspection.LookAsync(page, "detect-done");

        var operators = await SignedInAsync();
        await UntilShownAsync(operators, operators.Locator(".board").GetByRole(AriaRole.Link, new() { Name = "Scierie du Haut-Serein" }));
        Inspection.Conclude();
    }

    [Fact]
    public async Task A_partner_signals_a_project_with_the_keyboard_alone_on_the_narrowest_phone()
    {
        var phone = await OpenWindowAsync(width: 320, height: 640, hasJavaScript: false);
        await phone.GotoAsync("/detect");
        if (await phone.GetByLabel("Votre adresse électronique").CountAsync() == 0)
        {
            await TabToAsync(phone, "a.tile");
            await phone.Keyboard.PressAsync("Enter");
        }

        await TabToAsync(phone, "input[type=email]");
        await phone.Keyboard.TypeAsync("thomas.ferrand@energie.example");
        await phone.Keyboard.PressAsync("Enter");
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Regardez vos courriels");

        await FollowMailAsync(phone, "thomas.ferrand@energie.example", "");
        foreach (var (field, typed) in new[]
        {
            ("Company", "Laiterie du Serein"), ("Siret", "552 100 554 00013"), ("Commune", "Val-Serein"), ("HeadName", "Denis Roche"), ("HeadEmail", "denis.roche@laiterie.example"),
            ("Title", "Ligne de yaourts au lait cru"),
        })
        {
            await TabToAsync(phone, $"#f-{field}");
            await phone.Keyboard.TypeAsync(typed);
        }

        await TabToAsync(phone, "main button[type=submit]");
        await phone.Keyboard.PressAsync("Enter");
        await Expect(phone.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).Not.ToContainTextAsync("Signaler");
        await phone.ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, "detect-done-320.png"), FullPage = true });
    }
}

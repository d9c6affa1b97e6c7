using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Alize.Browser.Tests;

public partial class OperatorTests(AlizeProgram program, Chromium chromium) : BrowserTests(program, chromium), IClassFixture<AlizeProgram>
{
    [Fact]
    public async Task The_operator_signs_in_sees_the_board_and_reads_why_a_project_waits()
    {
        var page = await SignedInAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Projets", Level = 1 })).ToBeVisibleAsync();
        foreach (var company in new[] { "Tournerie des Aulnes", "Conserverie du Pré-Haut", "Menuiserie Lagrange", "Imprimerie Serein" })
            await Expect(page.Locator(".board").GetByRole(AriaRole.Link, new() { Name = company })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Menuiserie Lagrange" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "En attente de" })).ToContainTextAsync("Menuiserie Lagrange : quelques chiffres pour votre dossier ALIZÉ");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "En attente de" })).ToContainTextAsync("Paul Lagrange");
    }

    [Fact]
    public async Task The_keyboard_alone_signs_in_and_answers_a_task()
    {
        var page = await OpenWindowAsync();
        await page.GotoAsync("/account/sign-in");
        await TabToAsync(page, "#f-email");
        await page.Keyboard.TypeAsync("operateur@alize.example");
        await TabToAsync(page, "#f-password");
        await page.Keyboard.TypeAsync("Alize-demo-2026");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Tâches", Exact = true })).ToBeVisibleAsync();

        await TabToAsync(page, $"nav a[href='{Root}/tasks']");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(TasksPage());
        await TabToAsync(page, "main .task-cards a.btn");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Instruire le projet");
        await TabToAsync(page, "#f-schemesConsidered");
        await page.Keyboard.TypeAsync("Aide régionale : enveloppe épuisée.");
        await TabToAsync(page, "button[name=outcome][value=ToCommittee]");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => !url.Contains("/tasks/", StringComparison.Ordinal));

        await OpenProjectAsync(page, "Imprimerie Serein");
        await UntilShownAsync(page, page.Locator(".ladder [aria-current=step]").Filter(new() { HasText = "Comité" }));
    }

    [Fact]
    public async Task The_scheduler_opens_for_the_operator_and_sends_strangers_to_the_sign_in()
    {
        var stranger = await OpenWindowAsync();
        await stranger.GotoAsync("/hangfire");
        await Expect(stranger).ToHaveURLAsync(SignInPage());

        var page = await SignedInAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Planificateur" }).ClickAsync();
        await Expect(page).ToHaveTitleAsync(SchedulerTitle());
        await page.GotoAsync("/hangfire/recurring");
        await Expect(page.Locator("table")).ToContainTextAsync("Rattrapage des échéances");
        await Expect(page.Locator("table")).ToContainTextAsync("Envoi des courriels");
    }

    [Fact]
    public async Task The_operators_pages_can_be_read_by_everybody()
    {
        var stranger = await OpenWindowAsync();
        await stranger.GotoAsync("/account/sign-in");
        await Inspection.LookAsync(stranger, "sign-in");
        await stranger.GotoAsync("/nulle-part");
        await Expect(stranger.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Inspection.LookAsync(stranger, "error-404");
        await stranger.GotoAsync("/mailbox");
        await UntilShownAsync(stranger, stranger.GetByText("quelques chiffres"));
        await Inspection.LookAsync(stranger, "mailbox");

        var page = await SignedInAsync();
        await Inspection.LookAsync(page, "board");
        foreach (var (name, address) in new[]
        {
            ("projects-ended", "projects?show=ended"), ("project-new", "projects/new"), ("sessions", "sessions"), ("tasks", "tasks"),
            ("advances-none", "advances"), ("deadlines", "deadlines"), ("accounts", "accounts"), ("design", "design"),
            ("design-definition", "design/company-project"), ("design-move-none", "design/repayment/move"),
            ("design-rehearsal", "design/repayment/rehearsal?project=exemple&days=2&months=12"),
        })
        {
            await page.GotoAsync($"{Root}/{address}");
            await Inspection.LookAsync(page, name);
        }

        await page.GotoAsync("/?choose=1");
        await Inspection.LookAsync(page, "programmes");
        await OpenProjectAsync(page, "Menuiserie Lagrange");
        await Inspection.LookAsync(page, "project-detected");
        await page.SetViewportSizeAsync(360, 800);
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" })).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Path.Combine(Inspection.Pictures, "menu-360.png") });
        Inspection.Conclude();
    }

    [GeneratedRegex("/tasks$")]
    private static partial Regex TasksPage();

    [GeneratedRegex("/account/sign-in")]
    private static partial Regex SignInPage();

    [GeneratedRegex("ALIZÉ — échéances")]
    private static partial Regex SchedulerTitle();
}

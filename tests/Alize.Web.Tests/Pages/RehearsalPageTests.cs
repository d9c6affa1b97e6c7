using System.Net;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>The page that tells what a procedure would do.</summary>
public sealed class RehearsalPageTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Here(string definition = "repayment") => $"{OperatorWorld.Root}/design/{definition}/rehearsal";

    [Fact]
    public async Task The_calendar_tells_day_by_day_what_would_go_out_and_changes_nothing()
    {
        var before = await CountsAsync();
        using var browser = await site.SignInAsync();
        var form = await browser.GetAsync(Here());
        Assert.Equal(HttpStatusCode.OK, form.Status);
        Assert.Contains("Jouer la procédure", form.Text, StringComparison.Ordinal);

        var page = await browser.GetAsync($"{Here()}?project={site.World.Debated}&days=1&months=42");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Arrive à son terme", page.Text, StringComparison.Ordinal);
        Assert.NotEmpty(page.Page.QuerySelectorAll(".day time"));
        Assert.NotEmpty(page.Page.QuerySelectorAll(".mail-preview .document"));
        Assert.Contains("dirigeant de l’entreprise", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Page.QuerySelector("select[name='a.installments'] option[selected][value=OnDay]"));
        Assert.Equal(before, await CountsAsync());
    }

    [Fact]
    public async Task What_people_answer_is_chosen_on_the_page()
    {
        using var browser = await site.SignInAsync();

        var page = await browser.GetAsync($"{Here()}?project={site.World.Debated}&days=1&months=12&a.installments=-");

        Assert.Contains("Mise en demeure", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Page.QuerySelector("select[name='a.installments'] option[selected][value='-']"));
    }

    [Fact]
    public async Task What_was_typed_wrong_is_said_and_what_is_unknown_is_not_found()
    {
        using var browser = await site.SignInAsync();

        var wrong = await browser.GetAsync($"{Here()}?project=exemple&days=demain&months=999");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("Écrivez un nombre entier de 0 à 90.", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("Écrivez un nombre entier de 1 à 60.", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(Here("inconnue"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{Here()}?version=inconnue")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{Here()}?project=1999-001")).Status);
    }

    [Fact]
    public async Task A_project_of_another_programme_is_not_found()
    {
        using var stranger = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Here()}?project={site.World.Debated}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/p/{OperatorSite.OtherSlug}/design/repayment/rehearsal?project={site.World.Debated}")).Status);
    }

    [Fact]
    public async Task The_definitions_page_leads_to_it()
    {
        using var browser = await site.SignInAsync();
        await using var scope = site.Services.CreateAsyncScope();
        var version = await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().PublishedVersionAsync("repayment", Cancel);

        var page = await browser.GetAsync($"{OperatorWorld.Root}/design/repayment");

        Assert.NotNull(page.Page.QuerySelector($"a[href='{Here()}?version={Uri.EscapeDataString(version!)}']"));
    }

    private Task<(int, int, int, int, int)> CountsAsync() => site.AskAsync(async db => (
        await db.OutboxMails.CountAsync(Cancel), await db.AuditEntries.CountAsync(Cancel), await db.JournalEntries.CountAsync(Cancel),
        await db.WorkflowInstances.CountAsync(Cancel), await db.Projects.CountAsync(Cancel)));
}

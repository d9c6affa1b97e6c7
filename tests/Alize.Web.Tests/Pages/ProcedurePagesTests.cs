using System.Net;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>What the operator sees of procedures, and repairs by hand.</summary>
public sealed class ProcedurePagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private const string Failing = """
        {"definitionId":"essai-echec","name":"Essai en échec","options":{"incidentStrategyType":"Alize.RetryThenPark"},
         "root":{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[
          {"id":"bad","type":"Elsa.Fault","version":1,"message":{"typeName":"String","expression":{"type":"Literal","value":"Le registre ne répond pas."}}}]}}
        """;

    private const string Waiting = """
        {"definitionId":"essai-attente","name":"Essai d’attente","options":{},
         "root":{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[],"activities":[
          {"id":"wait","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"5.00:00:00"}}}]}}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string List => $"{OperatorWorld.Root}/procedures";

    [Fact]
    public async Task The_list_says_what_each_procedure_waits_for()
    {
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(List);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Vie d’un projet", page.Text, StringComparison.Ordinal);
        Assert.Contains("La décision du comité d’agrément", page.Text, StringComparison.Ordinal);
        Assert.Contains("La réponse de", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"{List}?show=finished")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{List}?show=rien")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{List}?after=faux")).Status);
    }

    [Fact]
    public async Task A_failed_step_is_retried_with_a_reason_that_stays_in_the_trail()
    {
        var id = await StartFailingAsync();
        using var browser = await site.SignInAsync();
        Assert.Contains("1 étape en échec", (await browser.GetAsync($"{List}?show=failed")).Text, StringComparison.Ordinal);
        var page = await browser.GetAsync($"{List}/{id}");
        Assert.Contains("Le registre ne répond pas.", page.Text, StringComparison.Ordinal);

        var refused = await browser.SubmitAsync(page, "form[action*='handler=retry']", new() { ["reason"] = " " });
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Écrivez pourquoi", refused.Text, StringComparison.Ordinal);

        var retried = await browser.SubmitAsync(page, "form[action*='handler=retry']", new() { ["reason"] = "Le registre répond de nouveau." });
        Assert.Contains("a échoué de nouveau", retried.Text, StringComparison.Ordinal);
        Assert.Contains("Motif : Le registre répond de nouveau.", await LastOfTrailAsync("procedure-retry"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_procedure_is_over_and_cannot_be_cancelled_again()
    {
        var id = await StartFailingAsync();
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync($"{List}/{id}");

        var cancelled = await browser.SubmitAsync(page, "form[action*='handler=cancel']", new() { ["reason"] = "Ouverte par erreur" });

        Assert.Contains("La procédure est annulée.", cancelled.Text, StringComparison.Ordinal);
        Assert.Contains("Annulée", cancelled.Text, StringComparison.Ordinal);
        Assert.Null(cancelled.Page.QuerySelector("form[action*='handler=cancel']"));
        var again = await browser.SubmitAsync(page, "form[action*='handler=cancel']", new() { ["reason"] = "Encore une fois" });
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("déjà terminée", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_for_an_answer_leads_to_its_page_and_is_not_ended_without_the_answer()
    {
        using var browser = await site.SignInAsync();
        var asked = await site.AskAsync(db => db.Bookmarks.AsNoTracking().Where(b => b.Name == "Alize.TaskAnswered").OrderBy(b => b.Id).FirstAsync(Cancel));
        var address = $"{List}/{Uri.EscapeDataString(asked.InstanceId)}";
        var page = await browser.GetAsync(address);
        Assert.Contains("Voir la demande", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector($"input[name=bookmark][value='{asked.Id}']"));

        // Nor by a form made by hand.
        var token = page.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var forged = await browser.PostAsync($"{address}?handler=resume", [new("__RequestVerificationToken", token), new("bookmark", asked.Id), new("reason", "Sans la réponse")]);

        Assert.Equal(HttpStatusCode.Conflict, forged.Status);
        Assert.True(await site.AskAsync(db => db.Bookmarks.AnyAsync(b => b.Id == asked.Id, Cancel)));
    }

    [Fact]
    public async Task A_wait_for_a_moment_is_ended_by_hand_with_a_reason()
    {
        var id = await StartAsync("essai-attente", Waiting);
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync($"{List}/{id}");

        var ended = await browser.SubmitAsync(page, "form[action*='handler=resume']", new() { ["reason"] = "Le partenaire a rappelé" });

        Assert.Contains("L’attente est levée", ended.Text, StringComparison.Ordinal);
        Assert.Contains("Terminée", ended.Text, StringComparison.Ordinal);
        Assert.Contains("Le partenaire a rappelé", await LastOfTrailAsync("procedure-resume"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_changes_nothing_and_a_stranger_finds_nothing()
    {
        var id = await StartFailingAsync();
        using var reader = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        var page = await reader.GetAsync($"{List}/{id}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Empty(page.Page.QuerySelectorAll("main form"));

        using var stranger = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{List}/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/p/{OperatorSite.OtherSlug}/procedures/{id}")).Status);
        Assert.DoesNotContain("Essai en échec", (await stranger.GetAsync($"/p/{OperatorSite.OtherSlug}/procedures?show=failed")).Text, StringComparison.Ordinal);
    }

    private Task<string> StartFailingAsync() => StartAsync("essai-echec", Failing);

    private async Task<string> StartAsync(string definitionId, string json)
    {
        await using var scope = site.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IWorkflowStore>();
        if (await store.FindDefinitionAsync(definitionId, published: true, Cancel) is null)
        {
            await store.AddDefinitionAsync(
                new StoredDefinition
                {
                    Id = $"{definitionId}-1",
                    DefinitionId = definitionId,
                    Version = 1,
                    Name = DefinitionDocument.Parse(json).Name!,
                    Json = DefinitionDocument.Parse(json).Normalise().ToJson(),
                    IsLatest = true,
                    IsPublished = true,
                    CreatedAt = site.Time.GetUtcNow().UtcDateTime,
                },
                [],
                Cancel);
        }

        var started = await scope.ServiceProvider.GetRequiredService<WorkflowRuntime>()
            .StartAsync(new StartWorkflow { DefinitionId = definitionId, TenantId = site.World.ProgrammeId.ToString() }, Cancel);
        return started.InstanceId;
    }

    private Task<string> LastOfTrailAsync(string kind) => site.AskAsync(async db =>
        (await db.AuditEntries.AsNoTracking().Where(e => e.Kind == kind).OrderByDescending(e => e.Id).Select(e => e.Text).FirstAsync(Cancel)).Replace('\u00A0', ' ').Replace('\u202F', ' '));
}

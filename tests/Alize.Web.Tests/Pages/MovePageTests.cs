using System.Net;
using Alize.Data.Tasks;
using Alize.Engine.Definitions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>Running procedures are moved to a newer version by the operator's hand, and by nothing else.</summary>
public sealed class MovePageTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looking_says_where_each_stands_and_would_land_and_moves_none()
    {
        var id = await StartAsync("essai-vue");
        await PublishAsync("essai-vue", 2, Ask("ask", "Demander l’accord écrit") + "," + Say("new"), """{"source":{"activity":"ask","port":"Yes"},"target":{"activity":"new"}}""");
        using var browser = await site.SignInAsync();

        var page = await browser.GetAsync(Move("essai-vue"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Elle en est à « Demander l’accord »", page.Text, StringComparison.Ordinal);
        Assert.Contains("La réponse de", page.Text, StringComparison.Ordinal);
        Assert.Contains("Dans la version 2 : « Demander l’accord écrit »", page.Text, StringComparison.Ordinal);
        Assert.Contains(site.World.Debated, page.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await InstanceAsync(id)).DefinitionVersion);
    }

    [Fact]
    public async Task A_chosen_procedure_is_moved_and_its_request_keeps_its_addressee_and_its_deadline()
    {
        var id = await StartAsync("essai-choisi");
        var other = await StartAsync("essai-choisi", start: "autre");
        await PublishAsync("essai-choisi", 2, Ask("ask", "Demander l’accord écrit"));
        var (task, timers) = (await TaskAsync(id), await TimersAsync(id));
        Assert.NotEmpty(timers);
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Move("essai-choisi"));

        var moved = await browser.SubmitAsync(page, "main form[method=post]", new() { ["chosen"] = id, ["reason"] = "La nouvelle lettre est meilleure" });

        Assert.Equal(HttpStatusCode.OK, moved.Status);
        Assert.Contains("1 procédure déplacée", moved.Text, StringComparison.Ordinal);
        Assert.Contains("elle en est à « Demander l’accord écrit »", moved.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await InstanceAsync(id)).DefinitionVersion);
        Assert.Equal(1, (await InstanceAsync(other)).DefinitionVersion);
        var after = await TaskAsync(id);
        Assert.Equal(
            (task.Id, task.AssigneeContactId, task.DueOn, task.CreatedAt, PartnerTaskState.Open, task.Version), (after.Id, after.AssigneeContactId, after.DueOn, after.CreatedAt, after.State, after.Version));
        Assert.Equal(timers, await TimersAsync(id));
        var line = Assert.Single(await TrailAsync(id));
        Assert.Contains("Motif : La nouvelle lettre est meilleure", line, StringComparison.Ordinal);
        Assert.Contains("version 2", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_step_has_no_counterpart_is_refused_untouched_until_the_operator_names_another()
    {
        var id = await StartAsync("essai-sans");
        await PublishAsync("essai-sans", 2, Ask("ask-again", "Redemander l’accord"));
        var before = await InstanceAsync(id);
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Move("essai-sans"));
        Assert.Contains("est en cours et n’existe plus dans la nouvelle version", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("input[name=chosen]"));

        // Nor by a form made by hand.
        var forged = await browser.PostAsync(Move("essai-sans"), [
            new("__RequestVerificationToken", page.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!),
            new("version", "essai-sans-2"), new("chosen", id), new("reason", "Sans correspondance")]);
        Assert.Contains("Non déplacée", forged.Text, StringComparison.Ordinal);
        var untouched = await InstanceAsync(id);
        Assert.Equal((before.DefinitionVersionId, before.Revision, before.UpdatedAt), (untouched.DefinitionVersionId, untouched.Revision, untouched.UpdatedAt));
        Assert.Equal(before.State, untouched.State);
        Assert.Empty(await TrailAsync(id));

        var mapped = await browser.GetAsync($"{Move("essai-sans")}?r.ask=ask-again");
        Assert.Contains("Dans la version 2 : « Redemander l’accord »", mapped.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await InstanceAsync(id)).DefinitionVersion);
        await browser.SubmitAsync(mapped, "main form[method=post]", new() { ["all"] = "true", ["reason"] = "Remplacée par la relance" });

        Assert.Equal(2, (await InstanceAsync(id)).DefinitionVersion);
        Assert.Equal("Workflow1:root:ask-again", await site.AskAsync(db => db.Bookmarks.Where(b => b.InstanceId == id && b.Name == "Alize.TaskAnswered").Select(b => b.ActivityNodeId).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task Of_two_operators_at_once_one_moves_it()
    {
        var id = await StartAsync("essai-deux");
        await PublishAsync("essai-deux", 2, Ask("ask", "Demander l’accord écrit"));
        using var first = await site.SignInAsync();
        using var second = await site.SignInAsync(OperatorSite.SecondOperator, OperatorSite.Password);
        var (one, two) = (await first.GetAsync(Move("essai-deux")), await second.GetAsync(Move("essai-deux")));
        var fields = new Dictionary<string, string> { ["chosen"] = id, ["reason"] = "Tous les deux" };

        var answers = await Task.WhenAll(
            first.SubmitAsync(one, "main form[method=post]", new(fields)), second.SubmitAsync(two, "main form[method=post]", new(fields)));

        Assert.Single(answers, a => a.Text.Contains("1 procédure déplacée", StringComparison.Ordinal));
        Assert.Single(answers, a => a.Text.Contains("suit déjà cette version", StringComparison.Ordinal));
        Assert.Single(await TrailAsync(id));
    }

    [Fact]
    public async Task What_was_published_meanwhile_is_shown_before_anything_moves()
    {
        var id = await StartAsync("essai-entre-temps");
        await PublishAsync("essai-entre-temps", 2, Ask("ask", "Demander l’accord écrit"));
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Move("essai-entre-temps"));
        await PublishAsync("essai-entre-temps", 3, Ask("ask", "Demander l’accord signé"));

        var refused = await browser.SubmitAsync(page, "main form[method=post]", new() { ["chosen"] = id, ["reason"] = "Version deux" });

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Une autre version a été publiée entre-temps", refused.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await InstanceAsync(id)).DefinitionVersion);
    }

    [Fact]
    public async Task Without_a_choice_or_a_reason_nothing_moves()
    {
        var id = await StartAsync("essai-motif");
        await PublishAsync("essai-motif", 2, Ask("ask", "Demander l’accord écrit"));
        using var browser = await site.SignInAsync();
        var page = await browser.GetAsync(Move("essai-motif"));

        var refused = await browser.SubmitAsync(page, "main form[method=post]", new() { ["reason"] = "  " });

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Cochez au moins une procédure", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Écrivez pourquoi", refused.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await InstanceAsync(id)).DefinitionVersion);
    }

    [Fact]
    public async Task Procedures_of_another_programme_are_out_of_reach()
    {
        var id = await StartAsync("essai-ailleurs");
        await PublishAsync("essai-ailleurs", 2, Ask("ask", "Demander l’accord écrit"));
        using var stranger = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(Move("essai-ailleurs"))).Status);
        var own = $"/p/{OperatorSite.OtherSlug}/design/essai-ailleurs/move";
        var page = await stranger.GetAsync(own);
        Assert.Contains("Rien à déplacer", page.Text, StringComparison.Ordinal);

        var keys = await stranger.GetAsync($"/p/{OperatorSite.OtherSlug}/design");
        var forged = await stranger.PostAsync(own, [
            new("__RequestVerificationToken", keys.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!),
            new("version", "essai-ailleurs-2"), new("chosen", id), new("reason", "Pas à moi")]);

        Assert.Contains("n’existe pas dans ce programme", forged.Text, StringComparison.Ordinal);
        Assert.Equal(1, (await InstanceAsync(id)).DefinitionVersion);
        Assert.Empty(await TrailAsync(id));
    }

    [Fact]
    public async Task Who_only_reads_sees_where_they_stand_and_moves_none()
    {
        await StartAsync("essai-lecture");
        await PublishAsync("essai-lecture", 2, Ask("ask", "Demander l’accord écrit"));
        using var reader = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        var page = await reader.GetAsync(Move("essai-lecture"));

        Assert.Contains("Demander l’accord", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("input[name=chosen]"));
        Assert.Null(page.Page.QuerySelector("main form[method=post] button"));
    }

    [Fact]
    public async Task The_lists_lead_to_it()
    {
        await StartAsync("essai-liens");
        await PublishAsync("essai-liens", 2, Ask("ask", "Demander l’accord écrit"));
        using var browser = await site.SignInAsync();
        foreach (var address in new[] { "procedures", "design", "design/essai-liens" })
        {
            var page = await browser.GetAsync($"{OperatorWorld.Root}/{address}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.NotNull(page.Page.QuerySelector($"a[href='{Move("essai-liens")}']"));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{OperatorWorld.Root}/design/inconnue")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{OperatorWorld.Root}/design/inconnue/move")).Status);
    }

    private static string Move(string definition) => $"{OperatorWorld.Root}/design/{definition}/move";

    private static string Ask(string id, string title) => $$"""
        {"id":"{{id}}","type":"Alize.AskPartner","version":1,"metadata":{"displayText":"{{title}}"},
         "assignee":{"typeName":"String","expression":{"type":"Literal","value":"operator"} },
         "title":{"typeName":"String","expression":{"type":"Literal","value":"Accord"} },
         "message":{"typeName":"String","expression":{"type":"Literal","value":"Votre accord ?"} },
         "outcomes":{"typeName":"String[]","expression":{"type":"Object","value":"[\"Yes\"]"} },
         "deadlineDays":{"typeName":"Int32","expression":{"type":"Literal","value":"10"} },
         "reminderDays":{"typeName":"Int32[]","expression":{"type":"Object","value":"[4]"} } }
        """;

    private static string Say(string id) => $$"""{"id":"{{id}}","type":"Elsa.WriteLine","version":1,"text":{"typeName":"String","expression":{"type":"Literal","value":"Merci"} } }""";

    private async Task<string> StartAsync(string definitionId, string start = "un")
    {
        await using var scope = site.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().FindDefinitionAsync(definitionId, published: true, Cancel) is null)
            await PublishAsync(definitionId, 1, Ask("ask", "Demander l’accord"));
        var project = await site.AskAsync(db => db.Projects.Where(p => p.Number == site.World.Debated).Select(p => p.Id).SingleAsync(Cancel));
        var started = await scope.ServiceProvider.GetRequiredService<WorkflowRuntime>().StartAsync(
            new StartWorkflow { DefinitionId = definitionId, InstanceId = $"{definitionId}-{start}", Name = $"{definitionId} {start}", CorrelationId = project.ToString(), TenantId = site.World.ProgrammeId.ToString() }, Cancel);
        Assert.Equal(0, started.IncidentCount);
        return started.InstanceId;
    }

    private async Task PublishAsync(string definitionId, int version, string activities, string connections = "")
    {
        var json = $$"""{"definitionId":"{{definitionId}}","name":"{{definitionId}}","options":{},"root":{"id":"root","type":"Elsa.Flowchart","version":1,"connections":[{{connections}}],"activities":[{{activities}}]} }""";
        await using var scope = site.Services.CreateAsyncScope();
        Assert.True(await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().AddDefinitionAsync(
            new StoredDefinition
            {
                Id = $"{definitionId}-{version}",
                DefinitionId = definitionId,
                Version = version,
                Name = definitionId,
                Json = DefinitionDocument.Parse(json).Normalise().ToJson(),
                IsLatest = true,
                IsPublished = true,
                CreatedAt = site.Time.GetUtcNow().UtcDateTime,
            },
            [],
            Cancel));
    }

    private Task<WorkflowInstance> InstanceAsync(string id) => site.AskAsync(db => db.WorkflowInstances.AsNoTracking().SingleAsync(i => i.Id == id, Cancel));

    private Task<PartnerTask> TaskAsync(string instanceId) => site.AskAsync(db => db.PartnerTasks.AsNoTracking().SingleAsync(t => t.InstanceId == instanceId, Cancel));

    private Task<List<(string Id, DateTime DueAt)>> TimersAsync(string instanceId) => site.AskAsync(async db =>
        (await db.Timers.AsNoTracking().Where(t => t.InstanceId == instanceId).OrderBy(t => t.Id).ToListAsync(Cancel)).ConvertAll(t => (t.Id, t.DueAt)));

    private Task<List<string>> TrailAsync(string instanceId)
    {
        var name = instanceId[..instanceId.LastIndexOf('-')] + " " + instanceId[(instanceId.LastIndexOf('-') + 1)..];
        return site.AskAsync(async db => (await db.AuditEntries.AsNoTracking().Where(e => e.Kind == ProcedureMoves.Kind && e.Text.Contains(name)).Select(e => e.Text).ToListAsync(Cancel))
            .ConvertAll(t => t.Replace('\u00A0', ' ').Replace('\u202F', ' ')));
    }
}

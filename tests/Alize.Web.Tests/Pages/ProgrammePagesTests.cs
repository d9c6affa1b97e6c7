using System.Net;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>The programme's pages: partners and their people, absences, territory, settings.</summary>
public sealed class ProgrammePagesTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    [Fact]
    public async Task The_programme_shows_partners_people_pledges_territory_and_settings()
    {
        using var browser = await site.SignInAsync();

        var partners = await browser.GetAsync($"{OperatorWorld.Root}/programme");
        Assert.Contains("Hélène Marchand, Directrice du site représentant, président du comité d’agrément", partners.Text, StringComparison.Ordinal);
        Assert.Contains("60 000", (await browser.GetAsync($"{OperatorWorld.Root}/programme/pledges")).Text, StringComparison.Ordinal);
        Assert.Contains("sur 60 visés", (await browser.GetAsync($"{OperatorWorld.Root}/programme/territory")).Text, StringComparison.Ordinal);
        Assert.Contains("Premières règles du programme", (await browser.GetAsync($"{OperatorWorld.Root}/programme/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_only_reads_sees_no_form_and_changes_nothing()
    {
        using var browser = await site.SignInAsync(OperatorSite.Controller, OperatorSite.Password);
        var person = await ContactAsync("Karim Benali");
        foreach (var page in new[] { "", "/territory", "/settings", $"/partners/{person.PartnerId}", $"/contacts/{person.Id}" })
        {
            var answer = await browser.GetAsync($"{OperatorWorld.Root}/programme{page}");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Null(answer.Page.QuerySelector("main form"));
        }

        // The form of leaving brings the token of a signed-in visitor.
        var token = (await browser.GetAsync($"{OperatorWorld.Root}/programme")).Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var refused = await browser.PostAsync($"{OperatorWorld.Root}/programme/territory?handler=Communes", [new("__RequestVerificationToken", token), new("communes", "Nulle part")]);
        Assert.DoesNotContain("Les communes sont enregistrées", refused.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nulle part", (await site.AskAsync(db => db.Programmes.AsNoTracking().SingleAsync(p => p.Id == site.World.ProgrammeId))).Communes);
    }

    [Fact]
    public async Task A_person_is_added_and_wrong_input_is_named_at_its_field()
    {
        using var browser = await site.SignInAsync();
        var page = $"{OperatorWorld.Root}/programme/partners/{(await ContactAsync("Karim Benali")).PartnerId}";
        var wrong = await browser.SubmitAsync(await browser.GetAsync(page), "main form", new() { ["fullName"] = "Inès Caron", ["email"] = "ines" });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("n’est pas une adresse de courriel", wrong.Text, StringComparison.Ordinal);

        var added = await browser.SubmitAsync(wrong, "main form", new() { ["email"] = "ines.caron@papeteries.example" });

        Assert.Contains("Inès Caron agit désormais pour Papeteries du Val", added.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_a_role_shows_what_is_still_asked_and_offers_a_successor()
    {
        using var browser = await site.SignInAsync();
        var task = await site.AskAsync(db => db.PartnerTasks.AsNoTracking().Where(t => t.State == Alize.Data.Tasks.PartnerTaskState.Open && t.Kind == "form")
            .Join(db.Contacts.Where(c => c.PartnerId != null && c.Role != Alize.Domain.Programmes.ContactRole.OperatorStaff), t => t.AssigneeContactId, c => c.Id, (t, c) => new { t, c }).OrderBy(x => x.t.CreatedAt).FirstAsync());
        await using (var scope = site.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<Alize.Data.AlizeDb>();
            db.Contacts.Add(new()
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = task.c.ProgrammeId,
                PartnerId = task.c.PartnerId,
                Role = task.c.Role,
                FullName = "Nadège Roche",
                Email = "nadege.roche@successeur.example",
                From = task.c.From,
            });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var successor = await ContactAsync("Nadège Roche");
        var end = await browser.GetAsync($"{OperatorWorld.Root}/programme/contacts/{task.c.Id}/end");
        Assert.Contains("La confier à Nadège Roche", end.Text, StringComparison.Ordinal);

        var ended = await browser.SubmitAsync(end, "main form", new() { [$"to-{task.t.Id}"] = successor.Id.ToString() });

        Assert.Contains($"Le rôle de {task.c.FullName} prend fin", ended.Text, StringComparison.Ordinal);
        Assert.Equal(successor.Id, await site.AskAsync(db => db.PartnerTasks.Where(t => t.Id == task.t.Id).Select(t => t.AssigneeContactId).SingleAsync()));
    }

    [Fact]
    public async Task An_absence_is_planned_from_the_persons_page_and_shown_on_the_programmes()
    {
        using var browser = await site.SignInAsync();
        var (absent, acting) = (await ContactAsync("Karim Benali"), await ContactAsync("Sophie Lambert"));
        var today = DateOnly.FromDateTime(site.Time.GetUtcNow().UtcDateTime);

        var planned = await browser.SubmitAsync(await browser.GetAsync($"{OperatorWorld.Root}/programme/contacts/{absent.Id}"), "form[action*='handler=Absence']", new()
        {
            ["delegate"] = acting.Id.ToString(),
            ["from"] = today.ToString("O"),
            ["until"] = today.AddDays(10).ToString("O"),
        });

        Assert.Contains("Sophie Lambert répond pour Karim Benali pendant son absence", planned.Text, StringComparison.Ordinal);
        Assert.Contains("Absence en cours", (await browser.GetAsync($"{OperatorWorld.Root}/programme")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_outside_the_territory_is_marked_and_not_refused()
    {
        using var browser = await site.SignInAsync();
        var file = $"{OperatorWorld.Root}/projects/{site.World.Paid}";
        Assert.DoesNotContain("Hors du territoire", (await browser.GetAsync(file)).Text, StringComparison.Ordinal);

        var saved = await browser.SubmitAsync(await browser.GetAsync($"{OperatorWorld.Root}/programme/territory"), "form[action*='handler=Communes']", new() { ["communes"] = "Ailleurs" });

        Assert.Contains("Les communes sont enregistrées", saved.Text, StringComparison.Ordinal);
        Assert.Contains("Hors du territoire", (await browser.GetAsync(file)).Text, StringComparison.Ordinal);
    }

    private Task<Contact> ContactAsync(string name) => site.AskAsync(db => db.Contacts.AsNoTracking().Where(c => c.FullName == name).OrderBy(c => c.Id).FirstAsync());
}

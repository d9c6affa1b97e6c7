using System.Net;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain.Aid;
using Alize.Workflows.Aid;
using Alize.Workflows.Mail;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Pages;

/// <summary>
/// Two supports of one project: the steelworks' time sheet is open to its partner, and the operator follows both. The glassworks reads
/// English.
/// </summary>
public sealed class CompetencePagesTests(OperatorSite site) : IClassFixture<OperatorSite>, IAsyncLifetime
{
    private const string Steel = "carnet-acierie";
    private const string Glass = "carnet-verrerie";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string Root => OperatorWorld.Root;

    public async ValueTask InitializeAsync()
    {
        if (await site.AskAsync(db => db.PartnerTasks.AnyAsync(t => t.Kind == TimeSheets.TaskKind, Cancel))) return;
        var project = await site.AskAsync(db => db.Projects.Where(p => p.Number == site.World.Paid).Select(p => p.Id).SingleAsync(Cancel));
        await ChangeAsync(async db => (await db.Contacts.Where(c => db.Partners.Any(p => p.Id == c.PartnerId && p.Name.StartsWith("Verrerie"))).ToListAsync(Cancel)).ForEach(c => c.Language = "en"));
        foreach (var task in await OpenAsync(project, "qui intervient"))
            await AnswerAsync(task, "Named", new() { ["personName"] = "Jean Petit", ["startsOn"] = "2027-01-18", ["endsOn"] = "2027-06-30" });
        foreach (var task in await OpenAsync(project, "ces dates")) await AnswerAsync(task, "Agreed", []);
        foreach (var sheet in await site.AskAsync(db => db.PartnerTasks.AsNoTracking().Where(t => t.Kind == TimeSheets.TaskKind).ToListAsync(Cancel)))
        {
            var isSteel = await site.AskAsync(db => db.CompetenceCommitments.AnyAsync(c => c.Id == sheet.SubjectId && c.HalfDays == 12, Cancel));
            await ChangeAsync(db =>
            {
                foreach (var (token, life) in new[] { (isSteel ? Steel : Glass, 90), (isSteel ? $"{Steel}-vieux" : $"{Glass}-vieux", -1) })
                    db.TaskLinks.Add(new()
                    {
                        TokenHash = MailLinks.HashOf(token),
                        ProgrammeId = sheet.ProgrammeId,
                        Purpose = MailLinks.Task,
                        TaskId = sheet.Id,
                        ContactId = sheet.AssigneeContactId,
                        CreatedAt = sheet.CreatedAt,
                        ExpiresAt = site.Time.GetUtcNow().UtcDateTime.AddDays(life),
                    });
                return Task.CompletedTask;
            });
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task One_touch_logs_a_day_and_the_same_link_stays()
    {
        var before = (await SteelAsync()).HalfDaysLogged;
        using var browser = new Browser(new Uri(site.Url));
        var sheet = await browser.GetAsync($"/t/{Steel}");
        Assert.Equal($"/t/{Steel}/time", sheet.Address.AbsolutePath);
        Assert.Equal(before, (await SteelAsync()).HalfDaysLogged);   // looking changes nothing

        var noted = await browser.SubmitAsync(sheet, "main form", new() { ["quick"] = "2", ["note"] = "Audit des flux" });

        Assert.Equal(HttpStatusCode.OK, noted.Status);
        Assert.Contains("C’est noté. En tout", noted.Text, StringComparison.Ordinal);
        Assert.Contains("Audit des flux", noted.Text, StringComparison.Ordinal);
        Assert.Equal(before + 2, (await SteelAsync()).HalfDaysLogged);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/t/{Steel}")).Status);
    }

    [Fact]
    public async Task A_form_sent_twice_logs_once()
    {
        var before = (await SteelAsync()).HalfDaysLogged;
        using var browser = new Browser(new Uri(site.Url));
        var sheet = await browser.GetAsync($"/t/{Steel}/time");

        await browser.SubmitAsync(sheet, "main form", new() { ["quick"] = "1" });
        var again = await browser.SubmitAsync(sheet, "main form", new() { ["quick"] = "1" });

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(before + 1, (await SteelAsync()).HalfDaysLogged);
    }

    [Fact]
    public async Task What_goes_beyond_the_commitment_is_asked_before_it_is_logged()
    {
        using var browser = new Browser(new Uri(site.Url));
        var sheet = await browser.GetAsync($"/t/{Glass}/time");
        Assert.Equal("en", sheet.Page.DocumentElement.GetAttribute("lang"));
        Assert.Null(sheet.Page.QuerySelector("[name=beyond]"));

        var asked = await browser.SubmitAsync(sheet, "main form", new() { ["halfDays"] = "8", ["outcome"] = "Logged" });
        Assert.Equal(HttpStatusCode.BadRequest, asked.Status);
        Assert.Contains("would go beyond the commitment: 4 for 3 in days, 1 too many", asked.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await GlassAsync()).HalfDaysLogged);

        var noted = await browser.SubmitAsync(asked, "main form", new() { ["beyond"] = "true", ["outcome"] = "Logged" });
        Assert.Equal(HttpStatusCode.OK, noted.Status);
        Assert.Contains("It is noted. In all: 4 days of 3 days", noted.Text, StringComparison.Ordinal);
        Assert.Equal(8, (await GlassAsync()).HalfDaysLogged);
    }

    [Fact]
    public async Task What_cannot_be_logged_says_why_and_keeps_what_was_typed()
    {
        var before = (await SteelAsync()).Time.Count;
        using var browser = new Browser(new Uri(site.Url));
        var sheet = await browser.GetAsync($"/t/{Steel}/time");
        foreach (var (on, days, words) in new[]
                 {
                     ("2031-01-01", "1", "ne peut pas encore être noté"), ("2020-01-01", "1", "n’est signée par tous que depuis"),
                     ("hier", "1", "n’est pas une date"), ("", "douze", "combien de demi-journées"), ("", "", "combien de demi-journées"),
                 })
        {
            var refused = await browser.SubmitAsync(sheet, "main form", new() { ["on"] = on, ["halfDays"] = days, ["outcome"] = "Logged", ["note"] = "Gardé" });
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains(words, refused.Text, StringComparison.Ordinal);
            Assert.Equal("Gardé", refused.Page.QuerySelector("[name=note]")!.GetAttribute("value"));
        }

        Assert.Equal(before, (await SteelAsync()).Time.Count);
    }

    [Fact]
    public async Task A_partner_takes_a_wrong_line_back_and_both_stay_in_sight()
    {
        using var browser = new Browser(new Uri(site.Url));
        var sheet = await browser.GetAsync($"/t/{Steel}/time");
        var noted = await browser.SubmitAsync(sheet, "main form", new() { ["quick"] = "1", ["note"] = "Ligne fausse" });
        var before = (await SteelAsync()).HalfDaysLogged;
        var wrong = (await SteelAsync()).Time.Single(t => t.Note == "Ligne fausse").Id;

        var back = await browser.SubmitAsync(noted, $"form:has(input[value='{wrong}'])", []);

        Assert.Contains("Retirée", back.Text, StringComparison.Ordinal);
        Assert.Equal(before - 1, (await SteelAsync()).HalfDaysLogged);
        Assert.Equal(2, (await SteelAsync()).Time.Count(t => t.Id == wrong || t.CorrectsId == wrong));
    }

    [Fact]
    public async Task An_old_link_offers_a_new_one_and_a_made_up_one_leads_nowhere()
    {
        using var browser = new Browser(new Uri(site.Url));

        var expired = await browser.GetAsync($"/t/{Steel}-vieux/time");
        Assert.Equal(HttpStatusCode.Gone, expired.Status);
        Assert.Contains("Ce lien a expiré", expired.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/t/inconnu/time")).Status);
    }

    [Fact]
    public async Task The_operator_follows_what_is_committed_agreed_and_spent_by_project()
    {
        using var browser = await site.SignInAsync();
        var list = await browser.GetAsync($"{Root}/competences");
        Assert.Contains("9 journées engagées, valant 6 300,00 €", list.Text, StringComparison.Ordinal);
        Assert.Contains("9 journées convenues", list.Text, StringComparison.Ordinal);
        Assert.Contains($"{site.World.Paid} · Tournerie des Aulnes", list.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.DownloadFileAsync($"{Root}/competences?handler=Export")).Status);
        Assert.Contains("9 journées engagées", (await browser.GetAsync($"{Root}/projects/{site.World.Paid}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_logs_for_the_partner_and_corrects_with_a_reason()
    {
        using var browser = await site.SignInAsync();
        var support = await SteelAsync();
        var address = $"{Root}/competences/{support.Id}";
        var page = await browser.GetAsync(address);
        var noted = await browser.SubmitAsync(page, "form:has([name=days])", new() { ["days"] = "0,5", ["note"] = "Noté par téléphone" });
        Assert.Contains("inscrit au journal", noted.Text, StringComparison.Ordinal);
        var line = (await SteelAsync()).Time.Single(t => t.Note == "Noté par téléphone");
        Assert.Equal("Camille Roussel", line.By);

        var silent = await browser.SubmitAsync(noted, $"form:has(input[value='{line.Id}'])", new() { ["reason"] = "" });
        Assert.Equal(HttpStatusCode.BadRequest, silent.Status);
        Assert.Contains("Dites pourquoi la ligne est fausse", silent.Text, StringComparison.Ordinal);

        var corrected = await browser.SubmitAsync(silent, $"form:has(input[value='{line.Id}'])", new() { ["reason"] = "Mauvais projet" });
        Assert.Contains("Retiré : Mauvais projet", corrected.Text, StringComparison.Ordinal);
        var entry = await site.AskAsync(db => db.JournalEntries.AsNoTracking().Where(e => e.Key == $"spent:{line.Id:N}").Select(e => new { e.Id, e.Year, e.Number }).SingleAsync(Cancel));
        Assert.True(await site.AskAsync(db => db.JournalEntries.AnyAsync(e => e.ReversesId == entry.Id, Cancel)));
        var voucher = await browser.GetAsync($"{Root}/accounts/entries/{entry.Year}-{entry.Number}");
        Assert.NotNull(voucher.Page.QuerySelector($"a[href='{address}#time']"));
    }

    [Fact]
    public async Task Another_programme_sees_none_of_it()
    {
        using var browser = await site.SignInAsync(OperatorSite.OtherOperator, OperatorSite.Password);
        var id = (await SteelAsync()).Id;

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/p/{OperatorSite.OtherSlug}/competences/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{Root}/competences/{id}")).Status);
    }

    private Task<CompetenceCommitment> SteelAsync() => site.AskAsync(db => db.CompetenceCommitments.AsNoTracking().SingleAsync(c => c.HalfDays == 12, Cancel));

    private Task<CompetenceCommitment> GlassAsync() => site.AskAsync(db => db.CompetenceCommitments.AsNoTracking().SingleAsync(c => c.HalfDays == 6, Cancel));

    private Task<List<PartnerTask>> OpenAsync(Guid project, string words) => site.AskAsync(async db => (await db.PartnerTasks.AsNoTracking()
        .Where(t => t.ProjectId == project && t.State == PartnerTaskState.Open).ToListAsync(Cancel)).Where(t => t.Title.Contains(words, StringComparison.Ordinal)).ToList());

    private async Task AnswerAsync(PartnerTask task, string outcome, Dictionary<string, string> values)
    {
        await using var scope = site.Services.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<PartnerTasks>().AnswerAsync(task.Id, outcome, values, "Essai", "test", Cancel));
        await site.Services.GetRequiredService<Engine.Runtime.WorkflowRuntime>().DrainAsync(Cancel);
    }

    private async Task ChangeAsync(Func<AlizeDb, Task> change)
    {
        await using var scope = site.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        await change(db);
        await db.SaveChangesAsync(Cancel);
    }
}

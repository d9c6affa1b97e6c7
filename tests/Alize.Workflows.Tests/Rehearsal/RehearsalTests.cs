using System.Data.Common;
using System.Globalization;
using Alize.Domain;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Alize.Workflows.Rehearsal;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Rehearsal;

/// <summary>What a procedure would do, without doing it.</summary>
public sealed class RehearsalTests : IAsyncLifetime
{
    private readonly Territory territory = new();

    public ValueTask InitializeAsync() => territory.InitializeAsync();

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Fact]
    public async Task Nothing_is_written_and_nothing_is_sent()
    {
        var project = await territory.ReadyForCommitteeAsync();
        var before = await EverythingAsync();

        var report = await PlayAsync("company-project", project);

        Assert.NotEmpty(report.Entries);
        Assert.Equal(before, await EverythingAsync());
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task A_projects_whole_life_is_told_with_the_figures_of_the_rules()
    {
        var project = await territory.ReadyForCommitteeAsync();

        var report = await PlayAsync("company-project", project);

        Assert.True(report.End == RehearsalEnd.Finished, report.EndSentence);
        var paid = Assert.Single(Booked(report), e => e.Text.StartsWith("Versement de l’avance", StringComparison.Ordinal));
        Assert.Equal(Money.Euros(30_000), paid.Amount);
        var repaid = Booked(report).Where(e => e.Text.StartsWith("Remboursement", StringComparison.Ordinal)).ToList();
        Assert.Equal(30, repaid.Count);   // 36 months, six of them deferred
        Assert.All(repaid, r => Assert.Equal(Money.Euros(1_000), r.Amount));
        var payDay = DateOnly.FromDateTime(paid.At);
        Assert.Equal(new FrenchCalendar().OnOrAfter(payDay.AddMonths(7)), DateOnly.FromDateTime(repaid[0].At));

        // 15 days before and on the day, thirty times; none on a day off.
        var reminders = Mails(report).Where(e => e.Step is "Rappel avant échéance" or "Rappel du jour").ToList();
        Assert.Equal(60, reminders.Count);
        Assert.All(reminders, r => Assert.True(new FrenchCalendar().IsWorkingDay(DateOnly.FromDateTime(r.At)), r.At.ToString("O", CultureInfo.InvariantCulture)));
        Assert.All(reminders, r => Assert.Equal(("Sylvie Arnaud, dirigeant de l’entreprise", Money.Euros(1_000)), (r.Who, r.Amount)));
        Assert.Equal(3, Mails(report).Count(e => e.Step == "Demander les emplois créés"));
        Assert.Contains(report.Entries, e => e.Kind == RehearsalKind.Noted && e.Text.Contains("Projet agréé", StringComparison.Ordinal));
        Assert.Contains(report.Questions, q => q.Key == "company-project/await-decision" && q.Chosen == "Approved");
        Assert.All(Mails(report), m => Assert.False(string.IsNullOrWhiteSpace(m.Body) || m.Body.Contains("{{", StringComparison.Ordinal)));
        Assert.Contains("**Répondre** (lien personnel)", Mails(report).First(m => m.Step == "Instruire le projet").Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R2")]
    public async Task The_committee_may_be_supposed_to_reject()
    {
        var project = await territory.ReadyForCommitteeAsync();

        var report = await PlayAsync("company-project", project, answers: new() { ["company-project/await-decision"] = "Rejected" });

        Assert.Equal(RehearsalEnd.Finished, report.End);
        Assert.Contains(report.Entries, e => e.Text.StartsWith("Étape « Rejeté »", StringComparison.Ordinal));
        Assert.DoesNotContain(Booked(report), e => e.Amount == Money.Euros(30_000));
    }

    [Fact]
    [Trait("Rule", "R6")]
    public async Task Instalments_that_nobody_pays_climb_the_ladder_to_the_committee()
    {
        var project = await territory.ReadyForCommitteeAsync();

        var report = await PlayAsync("repayment", project, months: 12, answers: new() { ["installments"] = "-" });

        // Paid on Monday 2 March 2026, as supposed: first due on Friday 2 October; 8 days after is a Saturday, 30 days after a Sunday.
        Assert.Contains(report.Assumptions, a => a.StartsWith("Avance versée", StringComparison.Ordinal));
        var first = Mails(report).Where(e => e.Text.Contains("Échéance n° 1 ", StringComparison.Ordinal) || e.Text.Contains("échéance n° 1 ", StringComparison.Ordinal))
            .Where(e => e.Who.StartsWith("Sylvie Arnaud", StringComparison.Ordinal)).Select(e => e.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(["2026-09-17", "2026-10-02", "2026-10-12", "2026-11-02"], first);
        Assert.Contains(Mails(report), e => e.Step == "Retour au comité" && e.At.Date == new DateTime(2026, 12, 1) && e.Who.EndsWith("président du comité d’agrément", StringComparison.Ordinal));
        Assert.Equal(RehearsalEnd.Horizon, report.End);
        Assert.DoesNotContain(report.Entries, e => e.Text.StartsWith("Remboursement", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silence_shows_the_reminders_and_the_alert_and_says_who_is_awaited()
    {
        var project = await territory.DetectAsync(Eligible);

        var report = await PlayAsync("company-project", project, answers: new() { ["company-project/ask-instruction"] = "-" });

        Assert.Equal(RehearsalEnd.Waiting, report.End);
        Assert.Contains("« Instruire le projet »", Plain(report.EndSentence), StringComparison.Ordinal);
        Assert.Equal(3, Mails(report).Count(e => e.Step == "Instruire le projet" && e.Who.EndsWith("opérateur local", StringComparison.Ordinal)));   // asked, and reminded at 10 and 20 days
    }

    [Fact]
    public async Task A_sample_is_played_where_no_project_is_chosen()
    {
        var report = await PlayAsync("repayment", null);

        Assert.True(report.End == RehearsalEnd.Finished, report.EndSentence);
        Assert.Contains("Atelier Exemple", report.Subject, StringComparison.Ordinal);
        Assert.Contains(report.Assumptions, a => a.StartsWith("Projet inventé", StringComparison.Ordinal));
        Assert.Equal(Money.Euros(30_000), Money.Sum(Booked(report).Where(e => e.Text.StartsWith("Remboursement", StringComparison.Ordinal)).Select(e => e.Amount!.Value)));
        Assert.Equal(0, await territory.ReadAsync(db => db.Projects.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Every_shipped_procedure_can_be_played()
    {
        var project = await territory.ReadyForCommitteeAsync();
        foreach (var id in await territory.DoAsync<IWorkflowStore, IReadOnlySet<string>>(s => s.DefinitionIdsAsync(Cancel)))
        {
            var report = await PlayAsync(id, project);
            Assert.True(report.End == RehearsalEnd.Finished, $"{id}: {report.EndSentence}");
        }
    }

    [Fact]
    public async Task A_procedure_that_loops_says_so()
    {
        var project = await territory.DetectAsync(Eligible);
        await AddAsync("tourne", """{"id":"a","type":"Elsa.WriteLine","version":1},{"id":"b","type":"Elsa.WriteLine","version":1}""",
            """{"source":{"activity":"a"},"target":{"activity":"b"}},{"source":{"activity":"b"},"target":{"activity":"a"}}""", start: "a");

        var report = await PlayAsync("tourne", project);

        Assert.Equal(RehearsalEnd.Failed, report.End);
        Assert.Contains("sans jamais attendre", report.EndSentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_always_comes_back_is_a_circle()
    {
        var project = await territory.DetectAsync(Eligible);
        await AddAsync("redemande", Ask("a", "operator"), """{"source":{"activity":"a","port":"Yes"},"target":{"activity":"a"}}""", start: "a");

        var report = await PlayAsync("redemande", project);

        Assert.Equal(RehearsalEnd.Loop, report.End);
        Assert.Contains("tourne en rond", report.EndSentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_fails_is_named()
    {
        var project = await territory.DetectAsync(Eligible);
        await AddAsync("personne", Ask("a", "lead-partners"), "", start: "a");

        var report = await PlayAsync("personne", project);

        Assert.Equal(RehearsalEnd.Failed, report.End);
        Assert.Contains("L’étape « Demander »", Plain(report.EndSentence), StringComparison.Ordinal);
        Assert.Contains("lead-partners", report.EndSentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_cannot_run_is_not_played_and_says_why()
    {
        var version = await AddAsync("casse", """{"id":"a","type":"Alize.RemindComany","version":1}""", "", start: "a", published: false);

        var report = await territory.DoAsync<Rehearsals, RehearsalReport?>(r => r.PlayAsync(new(territory.Programme.Id, version, null, 1, 12, new Dictionary<string, string>()), Cancel));

        Assert.Equal(RehearsalEnd.Impossible, report!.End);
        Assert.Contains(report.Problems, p => p.French.Contains("Alize.RemindComany", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_project_of_no_such_programme_is_not_played()
    {
        var version = await territory.DoAsync<IWorkflowStore, string?>(s => s.PublishedVersionAsync("repayment", Cancel));

        Assert.Null(await territory.DoAsync<Rehearsals, RehearsalReport?>(r => r.PlayAsync(new(territory.Programme.Id, version!, Guid.NewGuid(), 1, 12, new Dictionary<string, string>()), Cancel)));
    }

    private static IEnumerable<RehearsalEntry> Mails(RehearsalReport report) => report.Entries.Where(e => e.Kind == RehearsalKind.Mail);

    private static IEnumerable<RehearsalEntry> Booked(RehearsalReport report) => report.Entries.Where(e => e.Kind == RehearsalKind.Booked);

    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u202F', ' ');

    private static string Ask(string id, string who) => $$"""
        {"id":"{{id}}","type":"Alize.AskPartner","version":1,"metadata":{"displayText":"Demander"},
         "assignee":{"typeName":"String","expression":{"type":"JavaScript","value":"'{{who}}'"} },
         "title":{"typeName":"String","expression":{"type":"Literal","value":"Question"} },
         "message":{"typeName":"String","expression":{"type":"Literal","value":"Alors ?"} },
         "outcomes":{"typeName":"String[]","expression":{"type":"Object","value":"[\"Yes\"]"} } }
        """;

    private async Task<string> AddAsync(string id, string activities, string connections, string start, bool published = true)
    {
        var json = $$"""{"definitionId":"{{id}}","name":"{{id}}","options":{},"root":{"id":"root","type":"Elsa.Flowchart","version":1,"start":"{{start}}","connections":[{{connections}}],"activities":[{{activities}}]} }""";
        await territory.DoAsync<IWorkflowStore, bool>(s => s.AddDefinitionAsync(
            new()
            {
                Id = $"{id}-1",
                DefinitionId = id,
                Version = 1,
                Name = id,
                Json = DefinitionDocument.Parse(json).Normalise().ToJson(),
                IsLatest = true,
                IsPublished = published,
                CreatedAt = territory.Time.GetUtcNow().UtcDateTime,
            },
            [], Cancel));
        return $"{id}-1";
    }

    private async Task<RehearsalReport> PlayAsync(string definitionId, Guid? project, int months = 48, Dictionary<string, string>? answers = null)
    {
        var version = await territory.DoAsync<IWorkflowStore, string?>(s => s.PublishedVersionAsync(definitionId, Cancel));
        var report = await territory.DoAsync<Rehearsals, RehearsalReport?>(r => r.PlayAsync(
            new(territory.Programme.Id, version!, project, 1, months, answers ?? []), Cancel));
        return report!;
    }

    /// <summary>Every row of every table, and every mail in the mailbox.</summary>
    private async Task<string> EverythingAsync()
    {
        var rows = await territory.ReadAsync(async db =>
        {
            var all = new List<string>();
            await db.Database.OpenConnectionAsync(Cancel);
            var connection = db.Database.GetDbConnection();
            foreach (var table in await ReadAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"))
                all.AddRange((await ReadAsync(connection, $"SELECT * FROM \"{table}\"")).Order(StringComparer.Ordinal).Select(row => $"{table}: {row}"));
            return all;
        });
        var mails = await territory.DoAsync<DevelopmentMailbox, int>(mailbox => Task.FromResult(mailbox.List(10_000).Count));
        return $"{mails} mails\n{string.Join('\n', rows)}";
    }

    private static async Task<List<string>> ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancel))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }
}

using Alize.Data.Tests.Databases;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Eligibility;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Alize.Workflows.Accounts.Bank;
using Alize.Workflows.Demo.Years;
using Microsoft.EntityFrameworkCore;
using static Alize.Simulation.Tests.StoryHost;

namespace Alize.Simulation.Tests;

/// <summary>A programme of 36 months, 60 projects and 12 partners, played through the real workflows; its accounts agree to the cent at each year's end.</summary>
[Trait("Rule", "R19")]
public sealed class ThreeYearsTests
{
    private static readonly DateOnly SignedOn = new(2023, 1, 16);

    /// <summary>ALIZE_YEARS_SEED asks for another story; the seed of one that fails plays it again.</summary>
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("ALIZE_YEARS_SEED"), out var asked) ? asked : 2023;

    [Fact]
    public async Task Three_years_of_sixty_projects_agree_to_the_cent_and_their_statements_come_in_once()
    {
        var plan = YearsPlan.Of(Seed, SignedOn, months: 36, projects: 60);
        await using var host = await StartAsync(plan, onPostgreSql: false);
        var story = await host.FoundAsync(plan);

        // Throws, with what does not agree, at the end of each year and of the story.
        var figures = await story.PlayAsync(Cancel);
        TestContext.Current.SendDiagnosticMessage(story.Counts);

        await EverythingHappenedAsync(host);
        Assert.Equal(12, await host.World.ReadAsync(db => db.Partners.CountAsync(Cancel)));

        var before = await host.World.ReadAsync(db => EveryRow.OfAsync(db, Cancel));
        foreach (var (name, content) in story.Statements)
        {
            var import = await host.World.AskAsync<BankStatements, StatementImport>(s => s.ImportAsync(story.ProgrammeId, name, content, "Quelqu’un", Cancel));
            Assert.Empty(import.Statements);
            Assert.Contains("déjà été importé", Assert.Single(import.Problems).Sentence, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await host.World.AskAsync<BankMatching, (int Booked, IReadOnlyList<Problem>)>(m => m.ConfirmSureAsync(story.ProgrammeId, "Quelqu’un", Cancel))).Booked);
        Assert.Equal(before, await host.World.ReadAsync(db => EveryRow.OfAsync(db, Cancel)));
        Assert.Equal(figures.Lines, (await Agreement.AtAsync(host.World, story.ProgrammeId, plan.EndsOn, Cancel)).Figures.Lines);
    }

    [Fact]
    public async Task A_seed_gives_the_same_figures_on_either_database_and_another_seed_others()
    {
        var plan = YearsPlan.Of(seed: 7, SignedOn, months: 9, projects: 8);

        var sqlite = await PlayAsync(plan, onPostgreSql: false);
        var postgreSql = await PlayAsync(plan, onPostgreSql: true);
        var other = await PlayAsync(YearsPlan.Of(seed: 8, SignedOn, months: 2, projects: 3), onPostgreSql: false);

        Assert.Equal(sqlite.Lines, postgreSql.Lines);
        Assert.NotEqual(sqlite.Lines, other.Lines);
    }

    private static async Task<YearsFigures> PlayAsync(YearsPlan plan, bool onPostgreSql)
    {
        await using var host = await StartAsync(plan, onPostgreSql);
        return await (await host.FoundAsync(plan)).PlayAsync(Cancel);
    }

    /// <summary>A story in which nothing goes wrong would prove little.</summary>
    private static Task<bool> EverythingHappenedAsync(StoryHost host) => host.World.ReadAsync(async db =>
    {
        var stages = await db.Projects.GroupBy(p => p.Stage).ToDictionaryAsync(g => g.Key, g => g.Count(), Cancel);
        Assert.All(
            [ProjectStage.NotEligible, ProjectStage.OrientedElsewhere, ProjectStage.Rejected, ProjectStage.Abandoned, ProjectStage.Repayment, ProjectStage.Evaluation],
            stage => Assert.True(stages.GetValueOrDefault(stage) > 0, $"No project is {stage}."));
        var advances = await db.Advances.AsNoTracking().ToListAsync(Cancel);
        Assert.Contains(advances, a => a.Payouts.Count == 2);
        Assert.Contains(advances, a => a.IsRepaid);
        Assert.Contains(advances, a => a.Position.Recovered > Money.Zero);
        Assert.Contains(advances, a => a.Position.Lost > Money.Zero && a.Outstanding > Money.Zero);
        Assert.Contains(advances, a => a.Returns.Count > 0);
        Assert.Contains(advances, a => a.Received.Any(r => r.IsCancelled));
        Assert.Contains(advances, a => a.Rulings.Any(r => r.Lost == Money.Zero));
        var mails = await db.OutboxMails.Where(m => m.Name == "RemindCompanyMail").Select(m => m.Subject).ToListAsync(Cancel);
        Assert.Contains(mails, s => s.StartsWith("Mise en demeure", StringComparison.Ordinal));
        Assert.True(await db.Reopenings.AnyAsync(Cancel));
        Assert.True(await db.Decisions.AnyAsync(d => d.Condition != "", Cancel));
        Assert.True(await db.JobSurveys.AnyAsync(s => s.MonthsAfter == 24 && s.JobsCreated != null, Cancel));
        Assert.Equal(3, await db.ProgrammeYears.CountAsync(y => y.SentOn != null, Cancel));
        Assert.True(await db.JournalEntries.AnyAsync(e => e.Kind == MovementKind.EndowmentReturned, Cancel));
        Assert.Equal(3, await db.PeriodClosings.CountAsync(Cancel));
        Assert.Equal(2, await db.BankStatements.Select(s => s.Format).Distinct().CountAsync(Cancel));
        Assert.Equal(0, await db.WorkflowInstances.SumAsync(i => i.IncidentCount, Cancel));
        return true;
    });
}

using Alize.Domain;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>
/// A programme of three years, played day by day through the service as it runs: sixty companies, twelve partners, two committees, a
/// bank. What happens is drawn from a seed; what the service does with it is its own.
/// </summary>
public sealed class YearsStory
{
    private static readonly FrenchCalendar Calendar = new();
    private readonly YearsWorld world;
    private readonly YearsPlan plan;
    private readonly Action<string> say;
    private readonly Respondents people;
    private readonly Sessions sessions;
    private readonly StoryBank bank;
    private readonly Purses purses;
    private readonly Treasury treasury;

    private YearsStory(YearsWorld world, YearsPlan plan, Guid programmeId, DevelopmentMailbox mailbox, Action<string> say)
    {
        (this.world, this.plan, this.say, ProgrammeId) = (world, plan, say, programmeId);
        var dice = new Dice(plan.Seed);
        bank = new(plan.SignedOn, YearsTerritory.AdvancesIban, YearsTerritory.CostsIban);
        people = new(world, programmeId, dice, mailbox);
        sessions = new(world, programmeId, dice, people);
        purses = new(world, programmeId, dice, people, bank);
        treasury = new(world, programmeId, plan.SignedOn, dice, people, bank, purses);
    }

    public Guid ProgrammeId { get; }

    /// <summary>Every statement imported, as the bank sent it.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Statements => treasury.Statements;

    public string Counts => $"{treasury.Statements.Count} relevés, {treasury.Matched.Sure} lignes rapprochées d’office, {treasury.Matched.ByHand} à la main, {sessions.WaitedForCredits} décisions remises faute de crédits";

    /// <summary>Founds the programme on the day of its signature.</summary>
    public static async Task<YearsStory> FoundAsync(YearsWorld world, YearsPlan plan, DevelopmentMailbox mailbox, Action<string> say, CancellationToken cancel) =>
        new(world, plan, await YearsTerritory.FoundAsync(world, plan, cancel), mailbox, say);

    /// <summary>Plays every day from the signature to the end; the accounts must agree at the end of each year before it is closed.</summary>
    public async Task<YearsFigures> PlayAsync(CancellationToken cancel)
    {
        for (var day = plan.SignedOn; day <= plan.EndsOn; day = day.AddDays(1))
        {
            await world.MoveAsync(world.At(day, 10), cancel);
            if (!Calendar.IsWorkingDay(day)) continue;
            await DetectAsync(day, cancel);
            await treasury.ActAsync(day, cancel);
            if (day == Calendar.OnOrAfter(new DateOnly(day.Year, 1, 1))) await AgreeAsync(day.AddDays(-day.DayOfYear), cancel);
            if (day == Calendar.OnOrAfter(plan.ConventionEndsOn.AddDays(1))) await AgreeOnTheEndAsync(cancel);
            await people.ActAsync(cancel);
            await sessions.ActAsync(day, cancel);
            await purses.ActAsync(day, cancel);
        }

        foreach (var iban in new[] { YearsTerritory.AdvancesIban, YearsTerritory.CostsIban }) await treasury.ImportAsync(iban, plan.EndsOn, cancel);
        return await AgreeAsync(plan.EndsOn, cancel);
    }

    /// <summary>Companies still repay: the funders and the operator sign that what comes in goes back as it comes (art. 8).</summary>
    private Task AgreeOnTheEndAsync(CancellationToken cancel) =>
        world.DoAsync<ProgrammeTerms>(async t => YearsWorld.Accept(await t.AgreeAsync(ProgrammeId, "Avenant du comité de pilotage", YearsTerritory.Director, cancel)));

    private async Task<YearsFigures> AgreeAsync(DateOnly on, CancellationToken cancel)
    {
        var agreement = await Agreement.AtAsync(world, ProgrammeId, on, cancel);
        say(agreement.Figures.Summary);
        if (agreement.Disagreements.Count > 0)
            throw new InvalidOperationException($"The accounts do not agree at {FrenchText.Date(on)}:\n{string.Join("\n", agreement.Disagreements)}");
        return agreement.Figures;
    }

    private async Task DetectAsync(DateOnly day, CancellationToken cancel)
    {
        foreach (var project in plan.Projects.Where(p => p.DetectedOn == day))
        {
            var partner = await world.ReadAsync(db => db.Partners.Where(p => p.ProgrammeId == ProgrammeId && p.Name == project.DetectedBy).Select(p => p.Id).SingleAsync(cancel));
            var (id, problems) = await world.AskAsync<Detection, (Guid?, IReadOnlyList<Problem>)>(d => d.DetectAsync(ProgrammeId, partner, project.Form, project.DetectedBy, cancel));
            YearsWorld.Accept(problems);
            people.Know(id!.Value, project);
            await world.SettleAsync(cancel);
        }
    }
}

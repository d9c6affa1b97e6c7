using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Domain.Results;
using Alize.Workflows.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Results;

/// <summary>Reads the facts of a year and hands them to <see cref="ActivityReport"/>: the one way to its figures, for pages, documents and spreadsheets.</summary>
public sealed class ActivityReports(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    /// <summary>The report on a year, through its end, or through today while it runs.</summary>
    public async Task<ActivityReport> OfAsync(Programme programme, int year, CancellationToken cancel)
    {
        var end = new DateOnly(year, 12, 31);
        var through = end < clock.Today ? end : clock.Today;
        var decisions = await db.DecisionsInForce.AsNoTracking().IgnoreAutoIncludes().Where(d => d.ProgrammeId == programme.Id && d.DecidedOn <= through)
            .Select(d => new Decided(d.ProjectId, d.DecidedOn, d.Outcome, d.Advance)).ToListAsync(cancel);
        var supported = await SupportedAsync(programme.Id, decisions, cancel);
        var objectives = new Objectives(programme.TargetProjects, programme.TargetJobs, programme.SignedOn, programme.EndsOn);
        var books = new YearOfBooks(year, await ledger.SumsAsync(programme.Id, year, cancel));
        var surveys = supported.SelectMany(s => s.Surveys).Where(s => s.AskedOn.Year == year && s.AskedOn <= through).ToList();
        return new(
            year, through, objectives.Projects(supported, through), objectives.Jobs(supported, through), await SessionsAsync(programme.Id, CommitteeKind.Approval, year, cancel),
            await SessionsAsync(programme.Id, CommitteeKind.Steering, year, cancel), surveys.Count, surveys.Count(s => s.AnsweredOn <= through),
            await DecidedAsync(decisions.Where(d => d.On.Year == year), supported, through, cancel), await PartnersAsync(programme.Id, year, books, cancel),
            await AdvancesAsync(programme.Id, through, books, cancel), books);
    }

    /// <summary>Where the objectives X and Y stand today (R17).</summary>
    public async Task<(ObjectiveProgress Projects, ObjectiveProgress Jobs)> ObjectivesAsync(Programme programme, CancellationToken cancel)
    {
        var decisions = await db.DecisionsInForce.AsNoTracking().IgnoreAutoIncludes().Where(d => d.ProgrammeId == programme.Id)
            .Select(d => new Decided(d.ProjectId, d.DecidedOn, d.Outcome, d.Advance)).ToListAsync(cancel);
        var supported = await SupportedAsync(programme.Id, decisions, cancel);
        var objectives = new Objectives(programme.TargetProjects, programme.TargetJobs, programme.SignedOn, programme.EndsOn);
        return (objectives.Projects(supported, clock.Today), objectives.Jobs(supported, clock.Today));
    }

    private sealed record Decided(Guid ProjectId, DateOnly On, DecisionOutcome Outcome, Money Advance);

    private async Task<IReadOnlyList<SupportedProject>> SupportedAsync(Guid programmeId, IEnumerable<Decided> decisions, CancellationToken cancel)
    {
        var surveys = (await db.JobSurveys.AsNoTracking().Where(s => s.ProgrammeId == programmeId).ToListAsync(cancel)).ToLookup(s => s.ProjectId);
        return [.. decisions.Where(d => d.Outcome == DecisionOutcome.Approved).GroupBy(d => d.ProjectId)
            .Select(g => new SupportedProject(g.Key, g.Min(d => d.On), [.. surveys[g.Key]]))];
    }

    private async Task<IReadOnlyList<ProjectOfYear>> DecidedAsync(IEnumerable<Decided> decisions, IReadOnlyList<SupportedProject> supported, DateOnly through, CancellationToken cancel)
    {
        var lines = new List<ProjectOfYear>();
        foreach (var some in decisions.OrderBy(d => d.On).Chunk(500))
        {
            var ids = some.Select(d => d.ProjectId).Distinct().ToList();
            var projects = await db.Projects.AsNoTracking().IgnoreAutoIncludes().Where(p => ids.Contains(p.Id))
                .Select(p => new { p.Id, p.Number, p.JobsPlanned, Company = db.Companies.Where(c => c.Id == p.CompanyId).Select(c => c.Name).First() }).ToDictionaryAsync(p => p.Id, cancel);
            lines.AddRange(some.Select(d => new ProjectOfYear(
                projects[d.ProjectId].Number, projects[d.ProjectId].Company, d.On, d.Outcome, d.Advance, projects[d.ProjectId].JobsPlanned ?? 0,
                supported.FirstOrDefault(s => s.ProjectId == d.ProjectId) is { } project ? Objectives.JobsOf(project, through) : 0)));
        }

        return lines;
    }

    private async Task<IReadOnlyList<PartnerOfYear>> PartnersAsync(Guid programmeId, int year, YearOfBooks books, CancellationToken cancel)
    {
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId).OrderBy(p => p.Kind).ThenBy(p => p.Name).Select(p => new { p.Id, p.Name }).ToListAsync(cancel);
        var pledges = (await db.Pledges.AsNoTracking().Where(p => p.ProgrammeId == programmeId && p.Year == year).Select(p => new { p.PartnerId, p.Amount, p.HalfDays }).ToListAsync(cancel)).ToLookup(p => p.PartnerId);
        var given = books.Contributions().ToDictionary(c => c.PartnerId);
        return [.. partners.Where(p => pledges.Contains(p.Id) || given.ContainsKey(p.Id)).Select(p => new PartnerOfYear(
            p.Name, Money.Sum(pledges[p.Id].Select(x => x.Amount)), pledges[p.Id].Sum(x => x.HalfDays),
            given.GetValueOrDefault(p.Id) ?? new(p.Id, Money.Zero, Money.Zero, Money.Zero, 0, 0, Money.Zero, 0, Money.Zero)))];
    }

    private async Task<IReadOnlyList<AdvanceOfYear>> AdvancesAsync(Guid programmeId, DateOnly through, YearOfBooks books, CancellationToken cancel)
    {
        var advances = await db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId && a.PaidOn <= through).ToListAsync(cancel);
        var names = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == programmeId).Select(c => new { c.Id, c.Name }).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        var moved = books.Advances().ToDictionary(m => m.ProjectId);
        return [.. advances.OrderBy(a => a.Reference, StringComparer.Ordinal).Where(a => moved.ContainsKey(a.ProjectId))
            .Select(a => new AdvanceOfYear(a.Reference, names.GetValueOrDefault(a.CompanyId, "–"), moved[a.ProjectId], a.ArrearsOn(through)))];
    }

    private async Task<int> SessionsAsync(Guid programmeId, CommitteeKind kind, int year, CancellationToken cancel)
    {
        var (from, to) = (clock.ToUtc(new DateTime(year, 1, 1)), clock.ToUtc(new DateTime(year + 1, 1, 1)));
        return await db.CommitteeSessions.CountAsync(
            s => s.ProgrammeId == programmeId && s.Kind == kind && s.StartsAt >= from && s.StartsAt < to && (s.State == SessionState.Closed || s.State == SessionState.MinutesSent), cancel);
    }
}

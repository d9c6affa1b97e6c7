using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>How the duties of a year and the rhythm of the steering committee stand, from what shows that they were done (R14, R15).</summary>
public sealed class ProgrammeYears(AlizeDb db, ProgrammeClock clock)
{
    /// <summary>The four duties of a year.</summary>
    public async Task<IReadOnlyList<YearlyDuty>> DutiesAsync(ProgrammeYear year, CancellationToken cancel)
    {
        var end = new DateOnly(year.Year, 12, 31);
        var closedAt = await db.PeriodClosings.Where(c => c.ProgrammeId == year.ProgrammeId && c.Through >= end).MinAsync(c => (DateTime?)c.ClosedAt, cancel);
        var sessions = year.SentOn is null ? [] : await HeldAsync(year.ProgrammeId, cancel);
        DateOnly? presented = sessions.Where(d => d >= year.SentOn).Select(d => (DateOnly?)d).Min();
        var annexed = year.ReportId is null ? null
            : await db.FundsCalls.Where(c => c.ProgrammeId == year.ProgrammeId && c.ReportId == year.ReportId).MinAsync(c => (DateOnly?)c.CalledOn, cancel);
        return year.Duties(closedAt is { } at ? DateOnly.FromDateTime(clock.ToLocal(at)) : null, presented, annexed);
    }

    /// <summary>When the steering committee must meet next.</summary>
    public async Task<SteeringRhythm> SteeringAsync(Programme programme, CancellationToken cancel) =>
        new((await HeldAsync(programme.Id, cancel)).Select(d => (DateOnly?)d).Max(), programme.SignedOn);

    /// <summary>What people read for a duty.</summary>
    public static string French(YearlyDutyKind kind) => kind switch
    {
        YearlyDutyKind.AccountsClosed => "Comptes arrêtés",
        YearlyDutyKind.ActivityReport => "Rapport d’activité établi et envoyé",
        YearlyDutyKind.ReportPresented => "Rapport présenté au comité de pilotage",
        YearlyDutyKind.AnnexedToCall => "Rapport annexé à un appel de fonds",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A duty without a name: add it here."),
    };

    private async Task<List<DateOnly>> HeldAsync(Guid programmeId, CancellationToken cancel) =>
        (await db.CommitteeSessions.AsNoTracking()
            .Where(s => s.ProgrammeId == programmeId && s.Kind == CommitteeKind.Steering && (s.State == SessionState.Closed || s.State == SessionState.MinutesSent))
            .Select(s => s.StartsAt).ToListAsync(cancel)).ConvertAll(at => DateOnly.FromDateTime(clock.ToLocal(at)));
}

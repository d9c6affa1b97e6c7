using System.Globalization;
using Alize.Data;
using Alize.Domain.Committee;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Sessions;

/// <summary>One session in a list.</summary>
public sealed record SessionLine(Guid Id, CommitteeKind Kind, DateTime StartsAt, string Place, SessionState State, int Projects, int Invited);

/// <summary>Sessions to come, nearest first, and those held, newest first.</summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    private const int Lines = 20;

    /// <summary>Start of the last session of the page before, UTC ticks.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public IReadOnlyList<SessionLine> Upcoming { get; private set; } = [];

    public IReadOnlyList<SessionLine> Past { get; private set; } = [];

    public string? NextBefore { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var sessions = db.CommitteeSessions.AsNoTracking().Where(s => s.ProgrammeId == ProgrammeId);

        // One that is open or was never held is still ahead of the operator, whatever its hour.
        Upcoming = await LinesAsync(
            sessions.Where(s => s.State == SessionState.Planned || s.State == SessionState.Invited || s.State == SessionState.Open).OrderBy(s => s.StartsAt).Take(50), cancel);
        var held = sessions.Where(s => s.State == SessionState.Closed || s.State == SessionState.MinutesSent || s.State == SessionState.Cancelled);
        if (Before is > 0)
        {
            var before = new DateTime(Before.Value, DateTimeKind.Utc);
            held = held.Where(s => s.StartsAt < before);
        }

        var found = await LinesAsync(held.OrderByDescending(s => s.StartsAt).Take(Lines + 1), cancel);
        Past = [.. found.Take(Lines)];
        NextBefore = found.Count > Lines ? Past[^1].StartsAt.Ticks.ToString(CultureInfo.InvariantCulture) : null;
    }

    private static async Task<IReadOnlyList<SessionLine>> LinesAsync(IQueryable<CommitteeSession> sessions, CancellationToken cancel)
    {
        var found = await sessions.ToListAsync(cancel);
        return [.. found.Select(s => new SessionLine(s.Id, s.Kind, s.StartsAt, s.Place, s.State, s.Agenda.Count, s.Invitees.Count))];
    }
}

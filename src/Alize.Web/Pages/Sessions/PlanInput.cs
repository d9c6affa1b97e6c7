using System.Globalization;
using Alize.Domain.Committee;
using Alize.Workflows;
using Alize.Workflows.Committee;

namespace Alize.Web.Pages.Sessions;

/// <summary>A project that waits for a committee.</summary>
public sealed record ReadyProject(Guid Id, string Number, string Company, string Title, DateTime? PlannedOn);

/// <summary>Day, place and agenda of a session as typed, kept when the form comes back with a problem.</summary>
public sealed record PlanInput(
    string StartsAt, string Hour, string Duration, string Place, string VideoLink, string Topics, IReadOnlyList<Guid> Projects)
{
    public static PlanInput Empty { get; } = new("", "14:00", $"{CommitteeSession.DefaultMinutes}", "", "", "", []);

    /// <summary>What stands now, to be changed.</summary>
    public static PlanInput From(CommitteeSession session, ProgrammeClock clock)
    {
        var local = clock.ToLocal(session.StartsAt);
        return new(
            DateOnly.FromDateTime(local).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), local.ToString("HH:mm", CultureInfo.InvariantCulture),
            session.DurationMinutes.ToString(CultureInfo.InvariantCulture), session.Place, session.VideoLink, session.Topics,
            [.. session.Agenda.Select(a => a.ProjectId)]);
    }

    public static PlanInput From(IFormCollection form) => new(
        form["startsAt"].ToString(), form["hour"].ToString(), form["duration"].ToString(), form["place"].ToString(), form["videoLink"].ToString(),
        form["topics"].ToString().ReplaceLineEndings("\n"), [.. form["projects"].Select(p => Guid.TryParse(p, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)]);

    /// <summary>The typed texts as a plan; null with what is wrong.</summary>
    public (SessionPlan? Plan, IReadOnlyList<Problem> Problems) Read(ProgrammeClock clock)
    {
        if (!DateOnly.TryParseExact(StartsAt, ["yyyy-MM-dd", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return (null, [new("startsAt", "Indiquez le jour de la séance, par exemple 03/06/2026.")]);
        if (!TimeOnly.TryParseExact(Hour.Replace('h', ':').Replace(" ", "", StringComparison.Ordinal), ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return (null, [new("hour", "Indiquez l’heure de la séance, par exemple 14:30.")]);
        if (!int.TryParse(Duration.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
            return (null, [new("duration", $"« {Duration} » n’est pas une durée en minutes. Écrivez par exemple 120.")]);
        return (new(clock.ToUtc(day.ToDateTime(time)), minutes, Place, VideoLink, Topics, Projects), []);
    }
}

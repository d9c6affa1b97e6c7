using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Web.Pages.Documents;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Committee;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Sessions;

/// <summary>A project on the agenda, with its company and what the session decided on it.</summary>
public sealed record AgendaLine(CompanyProject Project, Company Company, CommitteeDecision? Decision, bool IsReopened, Ballot? Ballot)
{
    public bool AwaitsDecision => (Decision is null || IsReopened) && Project.Stage == ProjectStage.Committee;
}

/// <summary>One session from its convening to its minutes: who is there (R2, R3, R4), what is decided on each project, and why not.</summary>
public sealed class SessionModel(AlizeDb db, CommitteeSessions sessions, SessionPlans plans, CommitteeVotes votes, Ballots ballots, DecisionFiles files) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Number of the project whose decision is being taken. Null: the first without one.</summary>
    [BindProperty(SupportsGet = true, Name = "project")]
    public string? ProjectNumber { get; set; }

    public CommitteeSession Session { get; private set; } = null!;

    public IReadOnlyList<AgendaLine> Agenda { get; private set; } = [];

    public AgendaLine? Selected { get; private set; }

    /// <summary>The file of the project selected: what is decided on is what is shown.</summary>
    public new DecisionFile? File { get; private set; }

    public DecisionInput Input { get; private set; } = null!;

    public IReadOnlyList<SelectListItem> Partners { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> PartnerNames { get; private set; } = new Dictionary<Guid, string>();

    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    /// <summary>People invited, with their names; chairs and members first.</summary>
    public IReadOnlyList<(SessionInvitee Invitee, Contact Contact, string Partner)> Invitees { get; private set; } = [];

    /// <summary>Members in office who have no invitation: it cannot open without it (R4).</summary>
    public IReadOnlyList<Contact> NotInvited { get; private set; } = [];

    /// <summary>Its invitations and its minutes, newest first.</summary>
    public IReadOnlyList<DocumentLine> Documents { get; private set; } = [];

    /// <summary>Points of the agenda that are no project.</summary>
    public IReadOnlyList<string> Topics => Session.Topics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public bool CanOpen => Session.IsAhead;

    public bool EditsAttendance => CanWrite && (CanOpen || Session.State == SessionState.Open);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostOpenAsync(Guid? chair, CancellationToken cancel)
    {
        if (!await ExistsAsync(cancel)) return NotFound();
        Refusals = await sessions.OpenAsync(Id, Presences(), chair, By, cancel);
        if (Refusals.Count > 0) return await ConflictAsync([], cancel);
        Say("La séance est ouverte.");
        return Redirect(Here());
    }

    public async Task<IActionResult> OnPostAttendAsync(CancellationToken cancel)
    {
        if (!await ExistsAsync(cancel)) return NotFound();
        var problems = await sessions.AttendAsync(Id, Presences(), By, cancel);
        if (problems.Count > 0) return await ConflictAsync(problems, cancel);
        Say("Les présences sont notées.");
        return Redirect(Here(ProjectNumber));
    }

    public async Task<IActionResult> OnPostDecideAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel) || Selected is not { } line) return NotFound();
        var typed = DecisionInput.From(Request.Form);

        // What was put to the vote stands in the ballot; the form brings only what was said aloud.
        Input = line.Ballot is { } ballot ? DecisionInput.From(ballot) with { Votes = typed.Votes } : typed;
        var (form, typing) = Input.Read();
        if (form is null) return Refused(typing);

        var result = await votes.DecideAsync(Id, line.Project.Id, form, By, cancel);
        if (result.Decision is null)
        {
            Refusals = result.Refusals;
            return await ConflictAsync(result.Problems, cancel);
        }

        Say($"{OutcomeNames.French(result.Decision.Outcome)}. {result.Count?.Proof()}");
        return Redirect(Here(line.Project.Number));
    }

    public async Task<IActionResult> OnPostBallotAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel) || Selected is not { } line) return NotFound();
        Input = DecisionInput.From(Request.Form);
        var (form, typing) = Input.Read();
        if (form is null) return Refused(typing);
        (Refusals, var problems) = await ballots.OpenAsync(Id, line.Project.Id, form, By, cancel);
        if (Refusals.Count + problems.Count > 0) return await ConflictAsync(problems, cancel);
        Say("Le vote est ouvert : les membres présents votent depuis leur lien, ou à voix haute.");
        return Redirect(Here(line.Project.Number));
    }

    public async Task<IActionResult> OnPostWithdrawAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel) || Selected is not { } line) return NotFound();
        var problems = await ballots.WithdrawAsync(Id, line.Project.Id, By, cancel);
        if (problems.Count > 0) return await ConflictAsync(problems, cancel);
        Say("Le vote est retiré. Corrigez la proposition, puis mettez-la de nouveau aux voix.");
        return Redirect(Here(line.Project.Number));
    }

    public async Task<IActionResult> OnPostInviteMissingAsync(CancellationToken cancel)
    {
        if (!await ExistsAsync(cancel)) return NotFound();
        var problems = await plans.InviteMissingAsync(Id, By, cancel);
        if (problems.Count > 0) return await ConflictAsync(problems, cancel);
        Say("Les personnes qui manquaient reçoivent leur convocation.");
        return Redirect(Here());
    }

    public async Task<IActionResult> OnPostCloseAsync(CancellationToken cancel)
    {
        if (!await ExistsAsync(cancel)) return NotFound();
        var problems = await sessions.CloseAsync(Id, By, cancel);
        if (problems.Count > 0) return await ConflictAsync(problems, cancel);
        Say("La séance est levée. Le compte rendu est en préparation.");
        return Redirect(Here());
    }

    private string Here(string? project = null) => $"{Root}/sessions/{Id}" + (project is null ? "" : $"?project={project}#decision");

    // Read anew by the use case, which tracks what it changes: the page's own copy is only shown.
    private async Task<IActionResult> ConflictAsync(IReadOnlyList<Problem> problems, CancellationToken cancel)
    {
        var typed = Input;
        await LoadAsync(cancel);
        if (typed is not null) Input = typed;
        Problems = problems;
        return new PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    private Dictionary<Guid, Presence> Presences()
    {
        var presences = new Dictionary<Guid, Presence>();
        foreach (var key in Request.Form.Keys.Where(k => k.StartsWith("presence-", StringComparison.Ordinal)))
            if (Guid.TryParse(key["presence-".Length..], out var contact) && Enum.TryParse<Presence>(Request.Form[key], out var presence) && Enum.IsDefined(presence))
                presences[contact] = presence;
        return presences;
    }

    private Task<bool> ExistsAsync(CancellationToken cancel) => db.CommitteeSessions.AnyAsync(s => s.Id == Id && s.ProgrammeId == ProgrammeId, cancel);

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var session = await db.CommitteeSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == Id && s.ProgrammeId == ProgrammeId, cancel);
        if (session is null) return false;
        Session = session;
        await LoadInviteesAsync(cancel);
        await LoadAgendaAsync(cancel);
        if (ProjectNumber is { Length: > 0 } number)
        {
            Selected = Agenda.SingleOrDefault(a => a.Project.Number == number);
            if (Selected is null) return false;
        }
        else
        {
            Selected = session.State == SessionState.Open ? Agenda.FirstOrDefault(a => a.AwaitsDecision) : null;
        }

        Documents = await DocumentLine.Of(db.Documents.AsNoTracking().Where(d => d.ProgrammeId == ProgrammeId && d.SubjectId == Id).OrderByDescending(d => d.MadeAt).ThenByDescending(d => d.Id))
            .ToListAsync(cancel);
        if (CanOpen) NotInvited = await sessions.NotInvitedAsync(session, cancel);
        if (Selected is null) return true;
        Input = Selected.Ballot is { } open ? DecisionInput.From(open) : DecisionInput.From(Selected.Project);
        File = await files.OfAsync(
            Selected.Project.Id, DateOnly.FromDateTime(Clock.ToLocal(session.StartsAt)), Selected.Ballot is { } proposed ? Ballots.ProposalOf(proposed) : null, cancel);
        PartnerNames = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        Partners = [.. PartnerNames.OrderBy(p => p.Value, StringComparer.CurrentCulture).Select(p => new SelectListItem(p.Value, p.Key.ToString()))];
        return true;
    }

    private async Task LoadInviteesAsync(CancellationToken cancel)
    {
        var ids = Session.Invitees.Select(i => i.ContactId).ToList();
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        Invitees = [.. Session.Invitees.Where(i => people.ContainsKey(i.ContactId))
            .Select(i => (i, people[i.ContactId], i.PartnerId is { } partner ? partners.GetValueOrDefault(partner, "") : ""))
            .OrderByDescending(x => x.i.ContactId == Session.ChairContactId).ThenByDescending(x => x.i.IsVotingMember).ThenBy(x => x.Item2.FullName, StringComparer.Ordinal)];
    }

    private async Task LoadAgendaAsync(CancellationToken cancel)
    {
        var ids = Session.Agenda.Select(a => a.ProjectId).ToList();
        var projects = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId && ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        var companyIds = projects.Values.Select(p => p.CompanyId).ToList();
        var companies = await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && companyIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
        var decisions = await db.Decisions.AsNoTracking().Where(d => d.SessionId == Id && d.ProgrammeId == ProgrammeId).ToListAsync(cancel);
        var decided = decisions.Select(d => d.Id).ToList();
        var reopened = (await db.Reopenings.AsNoTracking().Where(r => decided.Contains(r.DecisionId)).Select(r => r.DecisionId).ToListAsync(cancel)).ToHashSet();
        var open = await db.Ballots.AsNoTracking().Where(b => b.SessionId == Id && b.State == BallotState.Open).ToListAsync(cancel);
        Agenda = [.. ids.Where(projects.ContainsKey).Select(id =>
        {
            var decision = decisions.Where(d => d.ProjectId == id).MaxBy(d => d.Id);
            return new AgendaLine(
                projects[id], companies[projects[id].CompanyId], decision, decision is not null && reopened.Contains(decision.Id), open.Find(b => b.ProjectId == id));
        })];
    }
}

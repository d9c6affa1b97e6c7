using System.Net.Mime;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Committee;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Partner;

/// <summary>A project of the agenda as a member sees it.</summary>
public sealed record MemberAgendaLine(CompanyProject Project, string Company, CommitteeDecision? Decision);

/// <summary>
/// What the personal link of an invitation opens: the session, its files, the answer to the invitation and, for a member present, the
/// vote (R2). No account, no script; looking changes nothing.
/// </summary>
[EnableRateLimiting(RateLimits.LinkPages)]
public sealed class SessionModel(
    TaskLinks links, SessionPlans plans, Ballots ballots, DecisionFiles files, AlizeDb db, ProgrammeClock clock) : LinkPage(links, db, clock)
{
    /// <summary>Number of the project whose file is read. Null: the session itself.</summary>
    [BindProperty(SupportsGet = true, Name = "number")]
    public string? Number { get; set; }

    public CommitteeSession? Session { get; private set; }

    public SessionInvitee Invitee { get; private set; } = null!;

    public IReadOnlyList<MemberAgendaLine> Agenda { get; private set; } = [];

    public IReadOnlyDictionary<Guid, string> PartnerNames { get; private set; } = new Dictionary<Guid, string>();

    /// <summary>The vote under way. Null for none.</summary>
    public Ballot? Ballot { get; private set; }

    public new DecisionFile? File { get; private set; }

    /// <summary>Whether the minutes are approved and may be read.</summary>
    public bool HasMinutes { get; private set; }

    public IReadOnlyList<string> Topics => Session!.Topics.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public VoteChoice? MyVote => Ballot?.Votes.FirstOrDefault(v => v.ContactId == Invitee.ContactId)?.Choice;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (Number is null) return Page();
        if (Agenda.FirstOrDefault(a => a.Project.Number == Number) is not { } line) return NotFound();
        var proposal = Ballot is { } ballot && ballot.ProjectId == line.Project.Id ? Ballots.ProposalOf(ballot) : null;
        File = await files.OfAsync(line.Project.Id, DateOnly.FromDateTime(LocalOf(Session!.StartsAt)), proposal, cancel);
        return Page();
    }

    /// <summary>The approved minutes, sealed: everybody invited is entitled to them (R4).</summary>
    public async Task<IActionResult> OnGetMinutesAsync(CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        var minutes = await MinutesOf(Session!.Id).Select(d => new { d.Content, d.FileName }).FirstOrDefaultAsync(cancel);
        return minutes is null ? NotFound() : new FileContentResult(minutes.Content, MediaTypeNames.Application.Pdf) { FileDownloadName = minutes.FileName };
    }

    public async Task<IActionResult> OnPostReplyAsync(string? reply, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (!Enum.TryParse<InvitationReply>(reply, out var answer) || !Enum.IsDefined(answer)) answer = InvitationReply.None;
        Problems = await plans.AnswerAsync(Session!.Id, Invitee.ContactId, answer, Visit.Contact!.FullName, cancel);
        return await ShowAsync(cancel);
    }

    public async Task<IActionResult> OnPostVoteAsync(Guid ballot, string? choice, CancellationToken cancel)
    {
        if (await LoadAsync(cancel) is { } closed) return closed;
        if (!await Db.Ballots.AnyAsync(b => b.Id == ballot && b.SessionId == Session!.Id, cancel)) return NotFound();
        Problems = Enum.TryParse<VoteChoice>(choice, out var vote) && Enum.IsDefined(vote)
            ? await ballots.CastAsync(ballot, Invitee.ContactId, vote, cancel)
            : [new("", Say("Choisissez pour, contre ou abstention.", "Choose for, against or abstention."))];
        return await ShowAsync(cancel);
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel)
    {
        if (Problems.Count == 0) return Redirect($"/s/{Token}?done=true");
        await LoadAsync(cancel);
        return new Microsoft.AspNetCore.Mvc.RazorPages.PageResult { StatusCode = StatusCodes.Status409Conflict };
    }

    /// <returns>What to answer instead of the page; null when the link opens it.</returns>
    private async Task<IActionResult?> LoadAsync(CancellationToken cancel)
    {
        await OpenAsync(cancel);
        if (Visit is not { Fate: LinkFate.Usable, Link.SessionId: { } sessionId, Contact: { } contact })
            return Visit is { Fate: LinkFate.Usable } ? Redirect($"/t/{Token}") : Closed();

        Db.ChangeTracker.Clear();
        Session = await Db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancel);
        Invitee = Session.Invitees.Single(i => i.ContactId == contact.Id);
        var ids = Session.Agenda.Select(a => a.ProjectId).ToList();
        var projects = await Db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
        var companyIds = projects.Values.Select(p => p.CompanyId).ToList();
        var companies = await Db.Companies.AsNoTracking().Where(c => companyIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, cancel);
        var decisions = await Db.DecisionsInForce.AsNoTracking().Where(d => d.SessionId == sessionId).ToListAsync(cancel);
        Agenda = [.. ids.Select(id => new MemberAgendaLine(projects[id], companies[projects[id].CompanyId], decisions.Where(d => d.ProjectId == id).MaxBy(d => d.Id)))];
        HasMinutes = Session.State == SessionState.MinutesSent && await MinutesOf(sessionId).AnyAsync(cancel);
        Ballot = await Db.Ballots.AsNoTracking().SingleOrDefaultAsync(b => b.SessionId == sessionId && b.State == BallotState.Open, cancel);
        if (Ballot is not null)
            PartnerNames = await Db.Partners.AsNoTracking().Where(p => p.ProgrammeId == Session.ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return null;
    }

    private IQueryable<StoredDocument> MinutesOf(Guid sessionId) =>
        Db.Documents.AsNoTracking().Where(d => d.SubjectId == sessionId && d.Kind == nameof(MinutesDocument)).OrderByDescending(d => d.MadeAt);
}

using Alize.Data;
using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Domain.Results;
using Alize.Domain.Signatures;
using Alize.Web.Pages.Documents;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Committee;
using Alize.Workflows.Eligibility;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Projects;

/// <summary>One rung of the ladder a project climbs.</summary>
public enum Rung
{
    Passed,
    Skipped,
    Here,
    Ahead,
}

/// <summary>An open task of the project; the operator's own can be answered here.</summary>
public sealed record OpenTask(Guid Id, string Title, string Assignee, bool IsOperators, DateTime CreatedAt, DateOnly? DueOn, DateOnly? LastRemindedOn, bool IsEscalated, string Kind);

/// <summary>A deadline to come.</summary>
public sealed record Deadline(DateTime DueAt, string Label);

/// <summary>A mail of the project, without its body: a reader of the list needs none.</summary>
public sealed record MailLine(string Subject, string ToName, MailState State, DateTime CreatedAt, DateTime? SentAt, string? LastError);

/// <summary>Le dossier of one project: all that is known of it, and the payment of its advance (R8).</summary>
public sealed class FileModel(AlizeDb db, Payments payments, DecisionReopening reopening) : ProgrammePage
{
    private const int LinesOfTrail = 20;
    private const int Mails = 30;

    private static readonly ProjectStage[] Ladder =
    [
        ProjectStage.Detected, ProjectStage.Eligibility, ProjectStage.Instruction, ProjectStage.Committee, ProjectStage.Signature,
        ProjectStage.Support, ProjectStage.Repayment, ProjectStage.Evaluation, ProjectStage.Closed,
    ];

    /// <summary>Number in the address.</summary>
    [BindProperty(SupportsGet = true)]
    public string Number { get; set; } = "";

    /// <summary>Id of the last line of the trail on the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public CompanyProject Project { get; private set; } = null!;

    public Company Company { get; private set; } = null!;

    public EligibilityVerdict Verdict { get; private set; } = new([]);

    public IReadOnlyList<OpenTask> Tasks { get; private set; } = [];

    public IReadOnlyList<CommitteeDecision> Decisions { get; private set; } = [];

    /// <summary>Decisions that no longer take effect, by decision.</summary>
    public IReadOnlyDictionary<Guid, Reopening> Reopenings { get; private set; } = new Dictionary<Guid, Reopening>();

    /// <summary>Why the decision is reopened, as typed.</summary>
    public string ReopenReason { get; private set; } = "";

    public bool CanReopen => CanWrite && Project.Stage != ProjectStage.Committee && Advance is null && Convention?.State != ConventionState.Signed
        && Decisions is [{ Outcome: not DecisionOutcome.Deferred } last, ..] && !Reopenings.ContainsKey(last.Id);

    public IReadOnlyList<CompetenceCommitment> Commitments { get; private set; } = [];

    /// <summary>What the lead partner reported last. Null before.</summary>
    public AuditEntry? Progress { get; private set; }

    public CooperationConvention? Convention { get; private set; }

    public PaymentInterlock? Interlock { get; private set; }

    public GrantedAdvance? Advance { get; private set; }

    public IReadOnlyList<JobSurvey> Surveys { get; private set; } = [];

    public IReadOnlyList<Deadline> Deadlines { get; private set; } = [];

    public IReadOnlyList<MailLine> MailLines { get; private set; } = [];

    public IReadOnlyList<AuditEntry> Trail { get; private set; } = [];

    /// <summary>Documents of the project, newest first.</summary>
    public IReadOnlyList<DocumentLine> Documents { get; private set; } = [];

    public bool HasOlderTrail { get; private set; }

    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    private Dictionary<Guid, string> PartnerNames { get; set; } = [];

    private Dictionary<Guid, Contact> People { get; set; } = [];

    /// <summary>Part of the cost that the holder finances himself, in percent; null while the cost is unknown.</summary>
    public decimal? OwnSharePercent => Project.Cost > Money.Zero ? Math.Floor(Project.OwnShare.Cents * 1000m / Project.Cost.Cents) / 10 : null;

    /// <summary>Whether money was asked for or decided: the interlock is shown then.</summary>
    public bool ConcernsMoney => Project.RequestedAdvance > Money.Zero || Decisions.Any(d => d.Advance > Money.Zero);

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    /// <param name="amount">A part of the advance; empty for all of it.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<IActionResult> OnPostPayAsync(string? amount, CancellationToken cancel)
    {
        var id = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId && p.Number == Number).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
        if (id is null) return NotFound();
        Money? part = null;
        if (!string.IsNullOrWhiteSpace(amount))
        {
            // What cannot be read is refused like an amount that cannot be paid: nothing is ever paid in its place.
            part = Money.TryParse(amount, out var typed) ? typed : Money.Zero;
        }

        Refusals = await payments.PayAsync(id.Value, part, By, cancel);
        if (Refusals.Count > 0)
        {
            await LoadAsync(cancel);
            return new PageResult { StatusCode = StatusCodes.Status409Conflict };
        }

        Say("L’avance est versée et inscrite au journal du compte d’avances.");
        return Redirect($"{Root}/projects/{Number}");
    }

    public async Task<IActionResult> OnPostReopenAsync(string? reopen, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        ReopenReason = reopen ?? "";
        Problems = await reopening.ReopenAsync(Project.Id, ReopenReason, By, cancel);
        if (Problems.Count > 0) return new PageResult { StatusCode = StatusCodes.Status409Conflict };
        Say("La décision est rouverte : le projet attend une nouvelle décision du comité.");
        return Redirect($"{Root}/projects/{Number}");
    }

    public string PartnerName(Guid? id) => id is { } known ? PartnerNames.GetValueOrDefault(known, "–") : "–";

    public Contact? Person(Guid id) => People.GetValueOrDefault(id);

    /// <summary>The ladder: where the project has been, stands, and may still come.</summary>
    public IEnumerable<(ProjectStage Stage, Rung Rung)> Rungs()
    {
        var visited = Project.StageChanges.SelectMany(c => new[] { c.From, c.To }).Append(ProjectStage.Detected).ToHashSet();
        if (!Ladder.Contains(Project.Stage))
            return Ladder.Where(visited.Contains).Select(s => (s, Rung.Passed)).Append((Project.Stage, Rung.Here));
        var here = Array.IndexOf(Ladder, Project.Stage);
        return Ladder.Select((s, i) => (s, i == here ? Rung.Here : i > here ? Rung.Ahead : visited.Contains(s) ? Rung.Passed : Rung.Skipped));
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var project = await db.Projects.AsNoTracking().SingleOrDefaultAsync(p => p.ProgrammeId == ProgrammeId && p.Number == Number, cancel);
        if (project is null) return false;
        Project = project;
        Company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == project.CompanyId && c.ProgrammeId == ProgrammeId, cancel);
        Verdict = EligibilityCriteria.Assess(CheckEligibility.FactsOf(Company, project));
        PartnerNames = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        await LoadMeansAsync(cancel);
        await LoadProcedureAsync(cancel);
        return true;
    }

    private async Task LoadMeansAsync(CancellationToken cancel)
    {
        var id = Project.Id;
        Decisions = await db.Decisions.AsNoTracking().Where(d => d.ProjectId == id && d.ProgrammeId == ProgrammeId)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).ToListAsync(cancel);
        Reopenings = await db.Reopenings.AsNoTracking().Where(r => r.ProgrammeId == ProgrammeId && db.Decisions.Any(d => d.Id == r.DecisionId && d.ProjectId == id))
            .ToDictionaryAsync(r => r.DecisionId, cancel);
        Commitments = await db.CompetenceCommitments.AsNoTracking().Where(c => c.ProjectId == id && c.ProgrammeId == ProgrammeId && db.DecisionsInForce.Any(d => d.Id == c.DecisionId))
            .OrderBy(c => c.MobiliseBy).ToListAsync(cancel);
        Progress = await db.AuditEntries.AsNoTracking().Where(e => e.ProjectId == id && e.ProgrammeId == ProgrammeId && e.Kind == RecordProgress.TrailKind)
            .OrderByDescending(e => e.Id).FirstOrDefaultAsync(cancel);
        Convention = await db.Conventions.AsNoTracking().Where(c => c.ProjectId == id && c.ProgrammeId == ProgrammeId)
            .OrderByDescending(c => c.FrozenAt).FirstOrDefaultAsync(cancel);
        Advance = await db.Advances.AsNoTracking().Where(a => a.ProjectId == id && a.ProgrammeId == ProgrammeId)
            .OrderByDescending(a => a.PaidOn).FirstOrDefaultAsync(cancel);
        Surveys = await db.JobSurveys.AsNoTracking().Where(s => s.ProjectId == id && s.ProgrammeId == ProgrammeId).OrderBy(s => s.MonthsAfter).ToListAsync(cancel);
        if (ConcernsMoney) Interlock = await payments.InterlockAsync(id, cancel);
        var people = (Convention?.Signatories.Select(s => s.ContactId) ?? []).Concat(Decisions.SelectMany(d => d.Votes.Select(v => v.ContactId).Concat(d.Recusals.Select(r => r.ContactId)))).Distinct().ToList();
        People = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && people.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancel);
    }

    private async Task LoadProcedureAsync(CancellationToken cancel)
    {
        var id = Project.Id;
        Tasks = await db.PartnerTasks.AsNoTracking()
            .Where(t => t.ProjectId == id && t.ProgrammeId == ProgrammeId && t.State == PartnerTaskState.Open)
            .OrderBy(t => t.CreatedAt)
            .Join(db.Contacts, t => t.AssigneeContactId, c => c.Id, (t, c) => new OpenTask(
                t.Id, t.Title, c.FullName, c.Role == ContactRole.OperatorStaff, t.CreatedAt, t.DueOn, t.LastRemindedOn, t.IsEscalated, t.Kind))
            .ToListAsync(cancel);
        var correlation = id.ToString();
        Deadlines = await db.Timers.AsNoTracking().Where(t => t.CorrelationId == correlation)
            .OrderBy(t => t.DueAt).Take(60).Select(t => new Deadline(t.DueAt, t.Label ?? "Nouvel essai d’une étape")).ToListAsync(cancel);
        MailLines = await db.OutboxMails.AsNoTracking().Where(m => m.ProjectId == id && m.ProgrammeId == ProgrammeId)
            .OrderByDescending(m => m.CreatedAt).ThenByDescending(m => m.Id).Take(Mails)
            .Select(m => new MailLine(m.Subject, m.ToName, m.State, m.CreatedAt, m.SentAt, m.LastError)).ToListAsync(cancel);
        Documents = await DocumentLine.Of(db.Documents.AsNoTracking().Where(d => d.ProjectId == id && d.ProgrammeId == ProgrammeId)
            .OrderByDescending(d => d.MadeAt).ThenByDescending(d => d.Id)).ToListAsync(cancel);
        var before = Before ?? long.MaxValue;
        var trail = await db.AuditEntries.AsNoTracking().Where(e => e.ProjectId == id && e.ProgrammeId == ProgrammeId && e.Id < before)
            .OrderByDescending(e => e.Id).Take(LinesOfTrail + 1).ToListAsync(cancel);
        HasOlderTrail = trail.Count > LinesOfTrail;
        Trail = [.. trail.Take(LinesOfTrail)];
    }
}

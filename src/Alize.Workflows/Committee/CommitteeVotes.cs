using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Committee;

/// <summary>Half-days a partner commits in a decision.</summary>
public sealed record CommitmentForm(Guid PartnerId, string Field, int HalfDays);

/// <summary>What is put to the vote on one project, and how each member present voted.</summary>
public sealed record DecisionForm(
    DecisionOutcome Proposal, IReadOnlyDictionary<Guid, VoteChoice> Votes, Money Advance, int Months, int DeferralMonths,
    IReadOnlyList<CommitmentForm> Commitments, Guid? LeadPartnerId, string Reason)
{
    /// <summary>Members present who stand back from this vote, with whether the minutes count them as present.</summary>
    public IReadOnlyDictionary<Guid, bool> Recusals { get; init; } = new Dictionary<Guid, bool>();

    /// <summary>What must come true before an approval takes effect. Empty for none.</summary>
    public string Condition { get; init; } = "";
}

/// <summary>What came of it: a decision, or why there is none. Nothing was written when there is none.</summary>
public sealed record DecisionResult(
    CommitteeDecision? Decision, VoteCount? Count, IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems);

/// <summary>The vote on one project (R2), after what must be made sure of before any financial decision (R5, R6, R7, R18).</summary>
public sealed class CommitteeVotes(
    AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, FinancialChecks checks, AdvanceCredits credits, StaffDays days,
    ProgrammeClock clock)
{
    /// <summary>Records the vote said in the session, with those given from personal links in its open ballot.</summary>
    public async Task<DecisionResult> DecideAsync(Guid sessionId, Guid projectId, DecisionForm form, string by, CancellationToken cancel)
    {
        var programmeId = await db.CommitteeSessions.Where(s => s.Id == sessionId).Select(s => s.ProgrammeId).SingleAsync(cancel);
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        var project = await db.Projects.SingleAsync(p => p.Id == projectId && p.ProgrammeId == session.ProgrammeId, cancel);
        var ballot = await db.Ballots.SingleOrDefaultAsync(b => b.SessionId == sessionId && b.ProjectId == projectId && b.State == BallotState.Open, cancel);
        var overridden = await OverriddenAsync(ballot, form, cancel);
        if (ballot is not null) form = Ballots.Merge(ballot, form);
        var problems = await ProblemsAsync(session, project, form, cancel);
        problems.AddRange(overridden);
        if (problems.Count > 0) return new(null, null, [], problems);

        var count = CountOf(session, form);
        var refusals = count.Refusals().ToList();
        refusals.AddRange(await RefusalsAsync(project, form, cancel));
        if (refusals.Count > 0)
        {
            trail.Add(project.ProgrammeId, "decision-refused", $"Décision impossible sur le projet {project.Number} : {string.Join(" ", refusals)}", by, project.Id, session.Id);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return new(null, count, refusals, []);
        }

        var decision = await RecordAsync(session, project, form, count, ballot, by, cancel);
        ballot?.End(BallotState.Decided);
        await credits.DecidedAsync(project, decision, by, cancel);
        await CommitCompetencesAsync(project, decision, form, by, cancel);
        var signal = signals.For(Signals.ProjectDecided, project.Id);
        store.Enqueue(signal);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await runtime.DeliverAsync(signal.Id, cancel);
        return new(decision, count, [], []);
    }

    /// <summary>What article 6.2 holds against the proposal; only an approval gives anything.</summary>
    internal async Task<IReadOnlyList<Refusal>> RefusalsAsync(CompanyProject project, DecisionForm form, CancellationToken cancel) =>
        form.Proposal == DecisionOutcome.Approved ? await checks.RefusalsAsync(project, form, cancel) : [];

    /// <summary>What makes it impossible to vote on that now, whatever the convention says of its content.</summary>
    internal async Task<List<Problem>> ProblemsAsync(CommitteeSession session, CompanyProject project, DecisionForm form, CancellationToken cancel)
    {
        if (session.State != SessionState.Open) return [new("", "On ne vote qu’en séance ouverte. Ouvrez d’abord la séance.")];
        if (session.Agenda.All(a => a.ProjectId != project.Id)) return [new("", $"Le projet {project.Number} n’est pas à l’ordre du jour de cette séance.")];
        if (project.Stage != ProjectStage.Committee)
            return [new("", $"Le projet {project.Number} n’attend pas de décision : il est à l’étape « {Eligibility.StageNames.French(project.Stage)} ». Rien n’a été enregistré.")];

        // Each time a project comes before the committee, it is decided on once; its stage follows a moment after the decision.
        if (await db.Decisions.CountAsync(d => d.ProjectId == project.Id, cancel) >= project.StageChanges.Count(c => c.To == ProjectStage.Committee))
            return [new("", $"Une décision vient d’être enregistrée sur le projet {project.Number}. Rien n’a été changé : rechargez la page pour la lire.")];

        var problems = new List<Problem>();
        var present = session.Invitees.Where(i => i.IsPresentForVote).Select(i => i.ContactId).ToHashSet();
        foreach (var absent in form.Votes.Keys.Union(form.Recusals.Keys).Where(v => !present.Contains(v)))
        {
            var name = await db.Contacts.Where(c => c.Id == absent && c.ProgrammeId == session.ProgrammeId).Select(c => c.FullName).SingleOrDefaultAsync(cancel);
            problems.Add(new("votes", $"{name ?? "Une personne inconnue"} n’est pas un membre présent à la séance : son vote ne peut pas être compté (art. 5.2, R2). Corrigez les présences ou retirez ce vote."));
        }

        if (form.Votes.Keys.Intersect(form.Recusals.Keys).Any())
            problems.Add(new("votes", "Une personne ne peut pas voter et se déporter à la fois. Gardez l’un des deux."));
        if (form.Condition.Length > 0 && form.Proposal != DecisionOutcome.Approved)
            problems.Add(new("condition", "Seul un agrément peut être donné sous condition. Videz la condition, ou mettez l’agrément aux voix."));
        if (form.Condition.Length > 1000) problems.Add(new("condition", "La condition dépasse 1 000 caractères. Abrégez-la."));
        if (form.Advance < Money.Zero) problems.Add(new("advance", "Le montant de l’avance ne peut pas être négatif."));
        if (form.Commitments.Any(c => c.HalfDays < 1)) problems.Add(new("commitments", "Un appui en compétences compte au moins une demi-journée."));
        var partners = form.Commitments.Select(c => c.PartnerId).Append(form.LeadPartnerId ?? project.DetectedByPartnerId).Distinct().ToList();
        if (await db.Partners.CountAsync(p => p.ProgrammeId == session.ProgrammeId && partners.Contains(p.Id), cancel) != partners.Count)
            problems.Add(new("commitments", "L’un des partenaires nommés n’est pas connu de ce dispositif. Choisissez-le dans la liste."));
        return problems;
    }

    /// <summary>Two thirds of the members present carry the proposal; a proposal to approve that is not carried is a rejection.</summary>
    private async Task<CommitteeDecision> RecordAsync(
        CommitteeSession session, CompanyProject project, DecisionForm form, VoteCount count, Ballot? ballot, string by, CancellationToken cancel)
    {
        var outcome = count.IsCarried ? form.Proposal
            : form.Proposal == DecisionOutcome.Approved ? DecisionOutcome.Rejected
            : DecisionOutcome.Deferred;
        var isApproved = outcome == DecisionOutcome.Approved;
        var decision = new CommitteeDecision
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = session.ProgrammeId,
            SessionId = session.Id,
            ProjectId = project.Id,
            Outcome = outcome,
            DecidedOn = clock.Today,
            Present = count.Present,
            Yes = count.Yes,
            No = count.No,
            Abstained = count.Abstained,
            Advance = isApproved ? form.Advance : Money.Zero,
            Months = isApproved ? form.Months : 0,
            DeferralMonths = isApproved ? form.DeferralMonths : 0,
            Reason = form.Reason.Trim(),
            Condition = isApproved ? form.Condition.Trim() : "",
            ReplacesDecisionId = await db.Reopenings.Where(r => db.Decisions.Any(d => d.Id == r.DecisionId && d.ProjectId == project.Id)
                && !db.Decisions.Any(d => d.ReplacesDecisionId == r.DecisionId)).Select(r => (Guid?)r.DecisionId).SingleOrDefaultAsync(cancel),
        };
        var fromLinks = ballot?.Votes.Select(v => v.ContactId).ToHashSet() ?? [];
        foreach (var (contactId, choice) in form.Votes)
            decision.Record(contactId, choice, fromLinks.Contains(contactId) ? VoteMeans.PersonalLink : VoteMeans.InSession);
        foreach (var (contactId, countsAsPresent) in form.Recusals) decision.Recuse(contactId, countsAsPresent);
        db.Decisions.Add(decision);
        if (isApproved) project.LeadPartnerId = form.LeadPartnerId ?? project.DetectedByPartnerId;
        trail.Add(project.ProgrammeId, "vote", $"{OutcomeNames.French(outcome)}. {count.Proof()}", by, project.Id, decision.Id);
        return decision;
    }

    private async Task CommitCompetencesAsync(CompanyProject project, CommitteeDecision decision, DecisionForm form, string by, CancellationToken cancel)
    {
        if (decision.Outcome != DecisionOutcome.Approved) return;
        var programme = await db.Programmes.SingleAsync(p => p.Id == project.ProgrammeId, cancel);
        var settings = programme.SettingsOn(decision.DecidedOn);
        foreach (var asked in form.Commitments)
        {
            var commitment = new CompetenceCommitment
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = project.ProgrammeId,
                ProjectId = project.Id,
                DecisionId = decision.Id,
                PartnerId = asked.PartnerId,
                Field = asked.Field.Trim(),
                HalfDays = asked.HalfDays,
                DayRate = settings.DayRate,
                MobiliseBy = Mobilisation.Deadline(decision.DecidedOn, new FrenchCalendar(settings.IsAlsaceMoselle), settings.MobilisationWorkingDays),
            };
            db.CompetenceCommitments.Add(commitment);
            await days.CommittedAsync(commitment, decision.DecidedOn, by, cancel);
        }
    }

    /// <summary>A vote given from a personal link is its member's alone: nobody else changes it or leaves it out.</summary>
    private async Task<IReadOnlyList<Problem>> OverriddenAsync(Ballot? ballot, DecisionForm form, CancellationToken cancel)
    {
        var contested = ballot?.Votes.Where(v => form.Recusals.ContainsKey(v.ContactId) || (form.Votes.TryGetValue(v.ContactId, out var said) && said != v.Choice))
            .Select(v => v.ContactId).ToList() ?? [];
        var names = await db.Contacts.Where(c => contested.Contains(c.Id)).Select(c => c.FullName).ToListAsync(cancel);
        return [.. names.Select(name => new Problem("votes", $"{name} a voté depuis son lien personnel : ce vote ne peut être changé que par cette personne, tant que le vote n’est pas compté."))];
    }

    /// <summary>Whoever is present and gives no vote abstains (R2).</summary>
    private static VoteCount CountOf(CommitteeSession session, DecisionForm form)
    {
        int Votes(VoteChoice choice) => form.Votes.Values.Count(v => v == choice);
        var (recusedPresent, recusedAway) = (form.Recusals.Values.Count(counts => counts), form.Recusals.Values.Count(counts => !counts));
        var present = session.PresentCount - recusedAway;
        return new(present, Votes(VoteChoice.Yes), Votes(VoteChoice.No), present - Votes(VoteChoice.Yes) - Votes(VoteChoice.No) - recusedPresent, recusedPresent, recusedAway);
    }
}

/// <summary>What people read for a decision.</summary>
public static class OutcomeNames
{
    public static string French(DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Approved => "Projet agréé",
        DecisionOutcome.Deferred => "Projet ajourné",
        DecisionOutcome.Rejected => "Projet rejeté",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "A decision without a name: add it here."),
    };
}

/// <summary>What people read for a committee.</summary>
public static class CommitteeNames
{
    /// <summary>Within a sentence.</summary>
    public static string InSentence(CommitteeKind kind) => kind switch
    {
        CommitteeKind.Approval => "comité d’agrément",
        CommitteeKind.Steering => "comité local de pilotage et d’évaluation",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A committee without a name: add it here."),
    };

    /// <summary>As a title.</summary>
    public static string French(CommitteeKind kind) => kind switch
    {
        CommitteeKind.Approval => "Comité d’agrément",
        CommitteeKind.Steering => "Comité de pilotage et d’évaluation",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A committee without a name: add it here."),
    };
}

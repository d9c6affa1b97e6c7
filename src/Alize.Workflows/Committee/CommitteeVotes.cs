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
    IReadOnlyList<CommitmentForm> Commitments, Guid? LeadPartnerId, string Reason);

/// <summary>What came of it: a decision, or why there is none. Nothing was written when there is none.</summary>
public sealed record DecisionResult(
    CommitteeDecision? Decision, VoteCount? Count, IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems);

/// <summary>The vote on one project (R2), after what must be made sure of before any financial decision (R5, R6, R7, R18).</summary>
public sealed class CommitteeVotes(
    AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, FinancialChecks checks, AdvanceCredits credits, StaffDays days,
    ProgrammeClock clock)
{
    public async Task<DecisionResult> DecideAsync(Guid sessionId, Guid projectId, DecisionForm form, string by, CancellationToken cancel)
    {
        var programmeId = await db.CommitteeSessions.Where(s => s.Id == sessionId).Select(s => s.ProgrammeId).SingleAsync(cancel);
        await using var transaction = await db.LockProgrammeAsync(programmeId, cancel);
        var session = await db.CommitteeSessions.SingleAsync(s => s.Id == sessionId, cancel);
        var project = await db.Projects.SingleAsync(p => p.Id == projectId && p.ProgrammeId == session.ProgrammeId, cancel);
        var problems = await ProblemsAsync(session, project, form, cancel);
        if (problems.Count > 0) return new(null, null, [], problems);

        var count = new VoteCount(
            session.PresentCount, Count(form, VoteChoice.Yes), Count(form, VoteChoice.No), session.PresentCount - Count(form, VoteChoice.Yes) - Count(form, VoteChoice.No));
        var refusals = count.Refusals().ToList();
        if (form.Proposal == DecisionOutcome.Approved) refusals.AddRange(await checks.RefusalsAsync(project, form, cancel));
        if (refusals.Count > 0)
        {
            trail.Add(project.ProgrammeId, "decision-refused", $"Décision impossible sur le projet {project.Number} : {string.Join(" ", refusals)}", by, project.Id, session.Id);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return new(null, count, refusals, []);
        }

        var decision = Record(session, project, form, count, by);
        await credits.DecidedAsync(project, decision, by, cancel);
        await CommitCompetencesAsync(project, decision, form, by, cancel);
        var signal = signals.For(Signals.ProjectDecided, project.Id);
        store.Enqueue(signal);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await runtime.DeliverAsync(signal.Id, cancel);
        return new(decision, count, [], []);
    }

    private async Task<IReadOnlyList<Problem>> ProblemsAsync(CommitteeSession session, CompanyProject project, DecisionForm form, CancellationToken cancel)
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
        foreach (var absent in form.Votes.Keys.Where(v => !present.Contains(v)))
        {
            var name = await db.Contacts.Where(c => c.Id == absent && c.ProgrammeId == session.ProgrammeId).Select(c => c.FullName).SingleOrDefaultAsync(cancel);
            problems.Add(new("votes", $"{name ?? "Une personne inconnue"} n’est pas un membre présent à la séance : son vote ne peut pas être compté (art. 5.2, R2). Corrigez les présences ou retirez ce vote."));
        }

        if (form.Advance < Money.Zero) problems.Add(new("advance", "Le montant de l’avance ne peut pas être négatif."));
        if (form.Commitments.Any(c => c.HalfDays < 1)) problems.Add(new("commitments", "Un appui en compétences compte au moins une demi-journée."));
        var partners = form.Commitments.Select(c => c.PartnerId).Append(form.LeadPartnerId ?? project.DetectedByPartnerId).Distinct().ToList();
        if (await db.Partners.CountAsync(p => p.ProgrammeId == session.ProgrammeId && partners.Contains(p.Id), cancel) != partners.Count)
            problems.Add(new("commitments", "L’un des partenaires nommés n’est pas connu de ce dispositif. Choisissez-le dans la liste."));
        return problems;
    }

    /// <summary>Two thirds of the members present carry the proposal; a proposal to approve that is not carried is a rejection.</summary>
    private CommitteeDecision Record(CommitteeSession session, CompanyProject project, DecisionForm form, VoteCount count, string by)
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
        };
        foreach (var (contactId, choice) in form.Votes) decision.Record(contactId, choice);
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

    private static int Count(DecisionForm form, VoteChoice choice) => form.Votes.Values.Count(v => v == choice);
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

using System.Globalization;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Repayment;
using Alize.Workflows.Committee;
using Alize.Workflows.Repayment;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>
/// The two committees: the approval committee each month when there is something to decide, the steering committee once a year. Votes
/// fall as each project's fate wants; what the rules refuse waits for the next session.
/// </summary>
internal sealed class Sessions(YearsWorld world, Guid programmeId, Dice dice, Respondents people)
{
    private const string By = YearsTerritory.Treasurer;
    private static readonly FrenchCalendar Calendar = new();
    private readonly Dictionary<Guid, int> appearances = [];
    private readonly HashSet<Guid> ruled = [];
    private readonly List<(Guid Id, CommitteeKind Kind, DateOnly On)> planned = [];

    /// <summary>Decisions that waited for credits (R7a), for the figures.</summary>
    public int WaitedForCredits { get; private set; }

    public async Task ActAsync(DateOnly today, CancellationToken cancel)
    {
        foreach (var session in planned.Where(s => s.On == today).ToList())
        {
            await HoldAsync(session.Id, session.Kind, today, cancel);
            planned.Remove(session);
        }

        // On the first working day of a month, the session of the month is convened; in November the steering committee too.
        if (today != Calendar.OnOrAfter(new DateOnly(today.Year, today.Month, 1))) return;
        await PlanAsync(CommitteeKind.Approval, today, await ReadyAsync(cancel), cancel);
        if (today.Month == 11) await PlanAsync(CommitteeKind.Steering, today, [], cancel);
    }

    private async Task PlanAsync(CommitteeKind kind, DateOnly today, List<Guid> projects, CancellationToken cancel)
    {
        if (kind == CommitteeKind.Approval && projects.Count == 0 && (await TroubledAsync(today.AddDays(15), cancel)).Count == 0) return;
        var on = Calendar.OnOrAfter(today.AddDays(15));
        var plan = SessionPlan.At(world.At(on, 14), "Salle du conseil", projects);
        if (kind == CommitteeKind.Steering) plan = plan with { Topics = "Bilan de l’année\nPerspectives" };
        var (id, problems) = await world.AskAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(programmeId, kind, plan, By, cancel));
        YearsWorld.Accept(problems);
        planned.Add((id!.Value, kind, on));
        await world.SettleAsync(cancel);
    }

    private async Task HoldAsync(Guid session, CommitteeKind kind, DateOnly today, CancellationToken cancel)
    {
        var members = await world.ReadAsync(async db =>
        {
            var invitees = (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, cancel)).Invitees.Where(i => i.IsVotingMember).Select(i => i.ContactId).ToList();
            return await db.Contacts.Where(c => invitees.Contains(c.Id)).OrderBy(c => c.Email).Select(c => c.Id).ToListAsync(cancel);
        });
        var key = string.Create(CultureInfo.InvariantCulture, $"session{kind}{today:yyyyMMdd}");
        var presences = members.Select((id, at) => (id, dice.Falls(15, $"{key}absent{at}") ? Presence.Absent : dice.Falls(20, $"{key}video{at}") ? Presence.Video : Presence.Room))
            .ToDictionary(m => m.id, m => m.Item2);
        await world.DoAsync<CommitteeSessions>(async s => YearsWorld.Accept(await s.OpenAsync(session, presences, null, By, cancel)));
        if (kind == CommitteeKind.Approval)
        {
            var present = members.Where(m => presences[m] != Presence.Absent).ToList();
            foreach (var project in await AgendaAsync(session, cancel)) await DecideAsync(session, project, present, key, cancel);
            foreach (var advance in await TroubledAsync(today, cancel)) await RuleAsync(session, advance, present.Count, today, cancel);
        }

        await world.DoAsync<CommitteeSessions>(async s => YearsWorld.Accept(await s.CloseAsync(session, By, cancel)));
        await world.SettleAsync(cancel);
    }

    private async Task DecideAsync(Guid session, Guid projectId, List<Guid> present, string key, CancellationToken cancel)
    {
        var project = people.Projects[projectId];
        var times = appearances[projectId] = appearances.GetValueOrDefault(projectId) + 1;
        var proposal = project.IsDeferredFirst && times == 1 ? DecisionOutcome.Deferred : DecisionOutcome.Approved;
        var fails = project.Fate == Fate.Rejected || (project.Fate == Fate.ConditionFails && times > 1);
        var needed = ((2 * present.Count) + 2) / 3;
        var yes = fails ? needed - 1 : dice.Between(needed, present.Count, key + project.Key);
        var votes = present.Select((m, at) => (m, at < yes ? VoteChoice.Yes : at == yes ? VoteChoice.No : VoteChoice.Abstained)).ToDictionary(v => v.m, v => v.Item2);
        var partners = await world.ReadAsync(db => db.Partners.Where(p => p.ProgrammeId == programmeId).ToDictionaryAsync(p => p.Name, p => p.Id, cancel));
        var isMoney = project.Fate != Fate.CompetencesOnly;
        var form = new DecisionForm(
            proposal, votes, isMoney ? project.Advance : Money.Zero, isMoney ? project.Months : 0, isMoney ? project.DeferralMonths : 0,
            [.. project.Support.Select(s => new CommitmentForm(partners[s.Partner], s.Field, s.HalfDays))], partners[project.Support[0].Partner], "Projet solide, emplois durables.")
        {
            Condition = proposal == DecisionOutcome.Approved && project.IsConditional ? "Accord écrit de la banque sur le prêt" : "",
        };
        var result = await world.AskAsync<CommitteeVotes, DecisionResult>(v => v.DecideAsync(session, projectId, form, By, cancel));
        YearsWorld.Accept(result.Problems);
        if (result.Refusals.Any(r => r.Reason == "credits-not-available"))
        {
            (appearances[projectId], WaitedForCredits) = (times - 1, WaitedForCredits + 1);
            return;
        }

        YearsWorld.Accept(result.Refusals);
        await world.SettleAsync(cancel);
    }

    /// <summary>A new schedule for who stopped paying, or a loss.</summary>
    private async Task RuleAsync(Guid session, GrantedAdvance advance, int present, DateOnly today, CancellationToken cancel)
    {
        var project = people.Projects[advance.ProjectId];
        var lost = project.Habit switch
        {
            Habit.Rescheduled => Money.Zero,
            Habit.PartlyLost => new Money(advance.Outstanding.Cents / 2),
            _ => advance.Outstanding,
        };
        var first = ((today.Year - advance.PaidOn.Year) * 12) + today.Month - advance.PaidOn.Month + 2;
        var count = Math.Clamp(RepayableAdvance.MaxMonths - first + 1, 1, 12);
        var form = new RulingForm(session, present, "Perte du premier client", lost, first, count);
        var (problems, refusals) = await world.AskAsync<AdvanceRulings, (IReadOnlyList<Problem>, IReadOnlyList<Refusal>)>(r => r.RecordAsync(advance.Id, form, By, cancel));
        YearsWorld.Accept(problems);
        YearsWorld.Accept(refusals);
        ruled.Add(advance.Id);
        await world.SettleAsync(cancel);
    }

    /// <summary>Advances on which the committee must rule: unpaid for a month where they will be rescheduled, for two where they are lost.</summary>
    private async Task<IReadOnlyList<GrantedAdvance>> TroubledAsync(DateOnly today, CancellationToken cancel)
    {
        var advances = await world.ReadAsync(db => db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId).OrderBy(a => a.Reference).ToListAsync(cancel));
        return [.. advances.Where(a => !ruled.Contains(a.Id) && a.Outstanding > Money.Zero && a.Installments.Any(i => !i.IsSettled && people.Projects[a.ProjectId].Habit switch
        {
            Habit.Rescheduled => i.CollectOn.AddDays(35) < today,
            Habit.Never or Habit.Recovered or Habit.PartlyLost => i.CollectOn.AddDays(65) < today,
            _ => false,
        }))];
    }

    private Task<List<Guid>> ReadyAsync(CancellationToken cancel) => world.ReadAsync(db =>
        db.Projects.Where(p => p.ProgrammeId == programmeId && p.Stage == ProjectStage.Committee).OrderBy(p => p.Number).Select(p => p.Id).ToListAsync(cancel));

    private Task<List<Guid>> AgendaAsync(Guid session, CancellationToken cancel) => world.ReadAsync(async db =>
        (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, cancel)).Agenda.Select(a => a.ProjectId).ToList());
}

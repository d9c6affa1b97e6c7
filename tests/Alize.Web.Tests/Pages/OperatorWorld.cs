using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Engine.Runtime;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Alize.Workflows.Demo;
using Alize.Workflows.Repayment;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Web.Tests.Pages;

/// <summary>
/// A year in the demonstration's territory, lived through the real procedures: the turnery was approved, signed, paid and repays,
/// late since autumn; the cannery is before an open session; the others wait for answers; a session is planned.
/// </summary>
public sealed class OperatorWorld
{
    private readonly IServiceProvider services;
    private readonly FakeTimeProvider time;

    private OperatorWorld(IServiceProvider services, FakeTimeProvider time) => (this.services, this.time) = (services, time);

    public Guid ProgrammeId { get; private set; }

    public static string Root => $"/p/{DemoTerritory.Slug}";

    public string Paid { get; private set; } = "";

    public string Debated { get; private set; } = "";

    public string Reference { get; private set; } = "";

    public Guid HeldSessionId { get; private set; }

    public Guid OpenSessionId { get; private set; }

    public Guid PlannedSessionId { get; private set; }

    public static async Task<OperatorWorld> TellAsync(IServiceProvider services, FakeTimeProvider time)
    {
        var world = new OperatorWorld(services, time);
        await world.LiveAsync();
        return world;
    }

    /// <summary>Moves the clock, waking every deadline on its way, a week at a time.</summary>
    public async Task PassAsync(int days)
    {
        for (var left = days; left > 0; left -= 7)
        {
            time.Advance(TimeSpan.FromDays(Math.Min(7, left)));
            await services.GetRequiredService<WorkflowRuntime>().SweepAsync(CancellationToken.None);
            await services.GetRequiredService<WorkflowRuntime>().DrainAsync(CancellationToken.None);
        }
    }

    private async Task LiveAsync()
    {
        var turnery = await ProjectAsync("Tournerie des Aulnes");
        var cannery = await ProjectAsync("Conserverie du Pré-Haut");
        (ProgrammeId, Paid, Debated) = (turnery.ProgrammeId, turnery.Number, cannery.Number);

        HeldSessionId = await PlanAsync(10, turnery.Id);
        await PassAsync(10);
        await OpenAsync(HeldSessionId);
        await ApproveAsync(HeldSessionId, turnery);
        await InAsync<CommitteeSessions, IReadOnlyList<Problem>>(s => s.CloseAsync(HeldSessionId, DemoTerritory.OperatorName, CancellationToken.None));
        await PassAsync(4);
        await SignAllAsync(turnery.Id);
        await PassAsync(3);
        await InAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayAsync(turnery.Id, DemoTerritory.OperatorName, CancellationToken.None));
        var (advanceId, reference) = await ReadAsync(db => db.Advances.Where(a => a.ProjectId == turnery.Id).Select(a => new ValueTuple<Guid, string>(a.Id, a.Reference)).SingleAsync());
        Reference = reference;
        await PassAsync(222);
        await RepayAsync(advanceId, "1000", "VIR-2026-1107");
        await PassAsync(35);
        await RepayAsync(advanceId, "650,50", "VIR-2026-1212");
        await PassAsync(40);

        OpenSessionId = await PlanAsync(5, cannery.Id);
        await PassAsync(5);
        await OpenAsync(OpenSessionId);
        PlannedSessionId = await PlanAsync(20);
    }

    private Task<CompanyProject> ProjectAsync(string company) => ReadAsync(db => db.Projects.AsNoTracking()
        .SingleAsync(p => db.Companies.Any(c => c.Id == p.CompanyId && c.Name == company)));

    private async Task<Guid> PlanAsync(int days, params Guid[] projects)
    {
        var (id, problems) = await InAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(
            ProgrammeId, CommitteeKind.Approval, SessionPlan.At(time.GetUtcNow().UtcDateTime.AddDays(days), "Hôtel de la communauté de communes, salle du conseil", projects),
            DemoTerritory.OperatorName, CancellationToken.None));
        return id ?? throw new InvalidOperationException(problems[0].Sentence);
    }

    private async Task OpenAsync(Guid sessionId)
    {
        var invitees = await ReadAsync(db => db.CommitteeSessions.AsNoTracking().Where(s => s.Id == sessionId).SelectMany(s => s.Invitees).OrderBy(i => i.Id).ToListAsync());
        var presences = invitees.Select((i, at) => (i.ContactId, at switch { 2 => Presence.Video, 4 => Presence.Absent, _ => Presence.Room })).ToDictionary(x => x.ContactId, x => x.Item2);
        var refusals = await InAsync<CommitteeSessions, IReadOnlyList<Refusal>>(s => s.OpenAsync(sessionId, presences, null, DemoTerritory.OperatorName, CancellationToken.None));
        Assert.Empty(refusals);
    }

    private async Task ApproveAsync(Guid sessionId, CompanyProject project)
    {
        var session = await ReadAsync(db => db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == sessionId));
        var votes = session.Invitees.Where(i => i.IsPresentForVote).Select((i, at) => (i.ContactId, at == 3 ? VoteChoice.Abstained : VoteChoice.Yes)).ToDictionary(v => v.ContactId, v => v.Item2);
        var steel = await ReadAsync(db => db.Partners.Where(p => p.Name.StartsWith("Aciéries")).Select(p => p.Id).SingleAsync());
        var glass = await ReadAsync(db => db.Partners.Where(p => p.Name.StartsWith("Verrerie")).Select(p => p.Id).SingleAsync());
        var result = await InAsync<CommitteeVotes, DecisionResult>(s => s.DecideAsync(
            sessionId, project.Id,
            new(DecisionOutcome.Approved, votes, project.RequestedAdvance, project.RequestedMonths, project.RequestedDeferralMonths,
                [new(steel, "Organisation de la production", 12), new(glass, "Qualité", 6)], null, "Projet solide, emplois qualifiés, appui de deux partenaires."),
            DemoTerritory.OperatorName, CancellationToken.None));
        Assert.True(result.Decision is not null, string.Join(" ", result.Refusals) + string.Join(" ", result.Problems));
    }

    private async Task SignAllAsync(Guid projectId)
    {
        var signatures = await ReadAsync(db => db.PartnerTasks.AsNoTracking().Where(t => t.ProjectId == projectId && t.Kind == SignatureForm.Kind && t.State == PartnerTaskState.Open)
            .Select(t => new { t.Id, Name = db.Contacts.Where(c => c.Id == t.AssigneeContactId).Select(c => c.FullName).First() }).ToListAsync());
        foreach (var signature in signatures)
        {
            var problems = await InAsync<PartnerTasks, IReadOnlyList<Problem>>(t => t.AnswerAsync(
                signature.Id, SignatureForm.Signed,
                new Dictionary<string, string> { ["initials"] = string.Concat(signature.Name.Split(' ').Select(w => w[0])), ["consent"] = "true" },
                signature.Name, "Essai", CancellationToken.None));
            Assert.Empty(problems);
        }
    }

    private async Task RepayAsync(Guid advanceId, string amount, string bankReference)
    {
        var today = services.GetRequiredService<ProgrammeClock>().Today;
        Assert.Empty(await InAsync<Repayments, IReadOnlyList<Problem>>(r => r.RecordAsync(advanceId, amount, today, bankReference, DemoTerritory.OperatorName, CancellationToken.None)));
    }

    private Task<T> ReadAsync<T>(Func<AlizeDb, Task<T>> question) => InAsync<AlizeDb, T>(question);

    private async Task<T> InAsync<TUseCase, T>(Func<TUseCase, Task<T>> act)
        where TUseCase : notnull
    {
        await using var scope = services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<TUseCase>());
    }
}

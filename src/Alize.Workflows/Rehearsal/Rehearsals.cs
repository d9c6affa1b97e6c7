using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace Alize.Workflows.Rehearsal;

/// <summary>
/// Plays a version of a procedure on a copy of a project, on a clock that jumps to whatever comes next, and tells day by day what it
/// would do and send. The real engine and the real rules, in a database in memory: nothing is written, nothing is sent.
/// </summary>
public sealed class Rehearsals(AlizeDb db, DefinitionVersions versions, IConfiguration settings, TimeProvider time)
{
    private const int MostMoments = 3_000;
    private const int MostEntries = 6_000;

    /// <summary>What a person waits for before a page. Two at a time, so that the service has a core left for its work.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(45);

    private static readonly SemaphoreSlim Turns = new(2, 2);

    /// <summary>Plays it. Null when the programme, the version or the project does not exist.</summary>
    public async Task<RehearsalReport?> PlayAsync(RehearsalRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        var version = await db.Definitions.AsNoTracking().SingleOrDefaultAsync(d => d.Id == request.VersionId, cancel);
        var programme = await db.Programmes.AsNoTracking().SingleOrDefaultAsync(p => p.Id == request.ProgrammeId, cancel);
        if (version is null || programme is null) return null;
        if (request.ProjectId is { } project && !await db.Projects.AnyAsync(p => p.Id == project && p.ProgrammeId == request.ProgrammeId, cancel)) return null;
        if (await versions.ProblemsAsync(version, cancel) is { Count: > 0 } problems)
        {
            var now = time.GetUtcNow().UtcDateTime;
            return new(DateOnly.FromDateTime(now), "", [], [], [], RehearsalEnd.Impossible, "Cette version ne peut pas fonctionner : corrigez-la d’abord.", now) { Problems = problems };
        }

        await Turns.WaitAsync(cancel);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(MostTime);
            await using var world = await RehearsalWorld.OpenAsync(settings, time.GetUtcNow(), limit.Token);
            return await new Play(db, world, request, version, programme).RunAsync(cancel, limit.Token);
        }
        finally
        {
            Turns.Release();
        }
    }

    /// <summary>One rehearsal from its preparation to its end.</summary>
    private sealed class Play
    {
        private const string Started = "essai";

        private readonly AlizeDb real;
        private readonly RehearsalWorld world;
        private readonly RehearsalRequest request;
        private readonly StoredDefinition version;
        private readonly RehearsalCalendar calendar;
        private readonly RehearsedCommittee committee;
        private readonly RehearsedPeople people;
        private readonly DateTimeOffset begin;
        private readonly List<string> assumptions = [];
        private string subject = "";

        public Play(AlizeDb real, RehearsalWorld world, RehearsalRequest request, StoredDefinition version, Programme programme)
        {
            (this.real, this.world, this.request, this.version) = (real, world, request, version);
            begin = world.Clock.GetUtcNow();
            calendar = new(world, request.ProgrammeId);
            committee = new(world, request.ProgrammeId, new(programme.SettingsOn(world.Days.Today).IsAlsaceMoselle));
            people = new(world, request, committee, calendar);
        }

        public async Task<RehearsalReport> RunAsync(CancellationToken given, CancellationToken cancel)
        {
            try
            {
                if (await PrepareAsync(cancel) is { } impossible) return Report(RehearsalEnd.Impossible, impossible);
                await calendar.BeginAsync(cancel);
                return await PlayAsync(cancel);
            }
            catch (OperationCanceledException) when (!given.IsCancellationRequested)
            {
                return Report(RehearsalEnd.Loop, $"L’essai est arrêté après {FrenchText.Plural((long)MostTime.TotalSeconds, "seconde")} de calcul : la procédure boucle, ou fait trop de choses pour être montrée. Réduisez la durée à regarder.");
            }
        }

        /// <summary>Copies what is needed and brings about what the procedure takes for granted. Null when it can begin, else why not.</summary>
        private async Task<string?> PrepareAsync(CancellationToken cancel)
        {
            var others = await real.Definitions.AsNoTracking().Where(d => d.IsPublished && d.DefinitionId != version.DefinitionId).ToDictionaryAsync(d => d.DefinitionId, d => d.Json, cancel);
            var beginning = RehearsalBeginning.Of(version.Json, others);
            var facts = new RehearsalFacts(real, world, request.ProgrammeId, beginning);
            var projectId = await facts.CopyAsync(request.ProjectId, cancel);
            assumptions.AddRange(facts.Assumptions);
            await facts.CopyDefinitionsAsync(version, cancel);
            subject = await world.ReadAsync(db => db.Projects.Where(p => p.Id == projectId)
                .Join(db.Companies, p => p.CompanyId, c => c.Id, (p, c) => p.Number + " · " + c.Name).SingleAsync(cancel));
            if (beginning.Needs is { } needs && await BringAboutAsync(projectId, needs, cancel) is { } refused) return refused;
            if (request.ProjectId is not null && beginning.Keeps == ProjectAge.Undecided)
                assumptions.Add("Le dossier est repris depuis son début : ses décisions, sa convention et son avance ne sont pas comptées dans l’essai.");

            var correlation = projectId;
            if (beginning.IsSession)
            {
                var kind = version.DefinitionId == SessionPlans.ProcedureOf(CommitteeKind.Steering) ? CommitteeKind.Steering : CommitteeKind.Approval;
                correlation = await committee.PlanAsync(kind, projectId, cancel);
                assumptions.Add("Une séance est supposée, quinze jours plus tard, avec ce projet à l’ordre du jour.");
            }

            started = new StartWorkflow
            {
                DefinitionId = version.DefinitionId,
                DefinitionVersionId = version.Id,
                InstanceId = Started,
                Name = subject,
                CorrelationId = correlation.ToString(),
                TenantId = request.ProgrammeId.ToString(),
            };
            return null;
        }

        private StartWorkflow? started;

        private async Task<string?> BringAboutAsync(Guid projectId, ProjectAge needs, CancellationToken cancel)
        {
            var isDecided = await world.ReadAsync(db => db.DecisionsInForce.AnyAsync(d => d.ProjectId == projectId && d.Outcome == DecisionOutcome.Approved, cancel));
            if (!isDecided)
            {
                if (await committee.DecideAsync(projectId, RehearsedCommittee.Approved, cancel) is { } refused) return refused;
                assumptions.Add("Décision favorable du comité, supposée ce jour : la procédure en a besoin.");
            }

            if (needs >= ProjectAge.Signed && !await IsSealedAsync(projectId, cancel))
            {
                if (await SignAsync(projectId, cancel) is { } refused) return refused;
                assumptions.Add("Convention signée de tous, supposée ce jour.");
            }

            if (needs >= ProjectAge.Paid && !await world.ReadAsync(db => db.Advances.AnyAsync(a => a.ProjectId == projectId, cancel)))
            {
                var refusals = await world.DoAsync<FirstPayment, IReadOnlyList<Refusal>>(payment => payment.MakeAsync(projectId, cancel));
                if (refusals.Count > 0) return "L’avance ne pourrait pas être versée : " + string.Join(" ", refusals);
                assumptions.Add("Avance versée, supposé ce jour.");
            }

            return null;
        }

        private Task<bool> IsSealedAsync(Guid projectId, CancellationToken cancel) => world.ReadAsync(async db =>
            (await db.Conventions.AsNoTracking().Where(c => c.ProjectId == projectId).ToListAsync(cancel)).Any(c => c.IsSealed));

        private async Task<string?> SignAsync(Guid projectId, CancellationToken cancel)
        {
            const string procedure = "convention-signature";
            if (await world.DoAsync<IWorkflowStore, string?>(s => s.PublishedVersionAsync(procedure, cancel)) is null)
                return $"La procédure « {procedure} » n’est pas publiée : aucune convention ne peut être établie pour l’essai.";
            await world.Runtime.StartAsync(
                new StartWorkflow { DefinitionId = procedure, InstanceId = $"{Started}-signature", CorrelationId = projectId.ToString(), TenantId = request.ProgrammeId.ToString() }, cancel);
            while (await world.ReadAsync(db => db.PartnerTasks.AsNoTracking()
                .Where(t => t.ProjectId == projectId && t.Kind == SignatureForm.Kind && t.State == PartnerTaskState.Open).OrderBy(t => t.Id).FirstOrDefaultAsync(cancel)) is { } task)
                if (await people.SignAsync(task, SignatureForm.Signed, cancel) is { } refused) return refused;
            await world.Runtime.DrainAsync(cancel);
            return await IsSealedAsync(projectId, cancel) ? null : "La convention n’a pas pu être signée pour l’essai : " + (await FaultAsync(cancel) ?? "une signature manque.");
        }

        private async Task<RehearsalReport> PlayAsync(CancellationToken cancel)
        {
            try
            {
                await world.Runtime.StartAsync(started!, cancel);
            }
            catch (Exception failure) when (failure is InvalidOperationException or DefinitionException or Engine.Runtime.ActivationRefusedException)
            {
                return Report(RehearsalEnd.Failed, Failing(failure.Message));
            }

            var horizon = begin.AddMonths(request.Months);
            for (var moments = 0; ; moments++)
            {
                await world.Runtime.DrainAsync(cancel);
                await calendar.CollectAsync(cancel);
                if (await FaultAsync(cancel) is { } fault) return Report(RehearsalEnd.Failed, fault);
                if (people.Circle is { } step) return Report(RehearsalEnd.Loop, $"La procédure tourne en rond : l’étape « {step} » revient aussitôt, quelle que soit la réponse.");
                if (moments >= MostMoments || calendar.Entries.Count >= MostEntries)
                    return Report(RehearsalEnd.Loop, $"L’essai est arrêté après {FrenchText.Plural(calendar.Entries.Count, "ligne")} : la procédure recommence sans fin, ou fait trop de choses pour être montrée.");

                var answer = await people.NextAsync(cancel);
                var due = await world.DoAsync<IWorkflowStore, DateTime?>(s => s.NextTimerDueAsync(cancel));
                var deadline = due is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : (DateTimeOffset?)null;
                if (answer is null && deadline is null) return await EndAsync(cancel);
                var isAnswer = answer is not null && (deadline is null || answer.At < deadline);
                var next = isAnswer ? answer!.At : deadline!.Value;
                if (next > horizon) return Report(RehearsalEnd.Horizon, $"La procédure continue au-delà de {FrenchText.Plural(request.Months, "mois", "mois")} ; la suite vient le {FrenchText.Date(DateOnly.FromDateTime(world.Days.ToLocal(next.UtcDateTime)))}.");
                world.Clock.MoveTo(next);
                if (isAnswer)
                {
                    if (await answer!.GiveAsync(cancel) is { } refused)
                    {
                        await calendar.CollectAsync(cancel);
                        return Report(RehearsalEnd.Failed, refused);
                    }
                }
                else if (await world.Runtime.FireDueAsync(cancel) == 0)
                {
                    return Report(RehearsalEnd.Failed, await FaultAsync(cancel) ?? "Une échéance est passée et rien ne s’est produit.");
                }
            }
        }

        private async Task<RehearsalReport> EndAsync(CancellationToken cancel)
        {
            var isOver = await world.ReadAsync(db => db.WorkflowInstances.AnyAsync(i => i.Id == Started && i.Status == WorkflowStatus.Finished, cancel));
            if (isOver) return Report(RehearsalEnd.Finished, "La procédure arrive à son terme.");
            var awaited = await people.AwaitedAsync(cancel);
            return Report(RehearsalEnd.Waiting, awaited.Count == 0
                ? "La procédure n’avance plus : rien n’est attendu et aucune échéance ne reste."
                : $"La procédure attend sans fin à {FrenchText.List(awaited.Select(a => $"« {a} »"))} : personne ne répond et aucune échéance ne reste.");
        }

        /// <summary>What has failed, in words; null when nothing has.</summary>
        private async Task<string?> FaultAsync(CancellationToken cancel)
        {
            var failed = await world.ReadAsync(db => db.WorkflowInstances.AsNoTracking()
                .Where(i => i.IncidentCount > 0 || i.SubStatus == WorkflowSubStatus.Faulted).OrderBy(i => i.CreatedAt).FirstOrDefaultAsync(cancel));
            if (failed is not null)
            {
                var incidents = (await world.DoAsync<IWorkflowStore, InstanceSnapshot>(s => world.Runtime.InspectAsync(failed, s, cancel))).Incidents;
                return incidents is not [var incident, ..] ? Failing("") : $"L’étape « {await world.TitleAsync(failed.DefinitionVersionId, incident.ActivityId, cancel)} » échoue : {Words(incident.Message)}";
            }

            var undelivered = await world.ReadAsync(db => db.Stimuli.AsNoTracking().Where(s => s.LastError != null).OrderBy(s => s.CreatedAt).Select(s => s.LastError).FirstOrDefaultAsync(cancel));
            return undelivered is null ? null : Failing(undelivered);
        }

        private static string Failing(string message) => message.Length == 0 ? "La procédure échoue." : $"La procédure échoue : {Words(message)}";

        // The engine says this one in English, to the log.
        private static string Words(string message) => message.Contains("steps without waiting", StringComparison.Ordinal)
            ? "elle enchaîne des milliers d’étapes sans jamais attendre. Boucle-t-elle sans fin ?"
            : message;

        private RehearsalReport Report(RehearsalEnd end, string sentence) => new(
            DateOnly.FromDateTime(world.Days.ToLocal(begin.UtcDateTime)), subject, calendar.Entries, people.Questions, [.. assumptions.Select(FrenchText.Typeset)], end,
            FrenchText.Typeset(sentence), world.Clock.GetUtcNow().UtcDateTime);
    }
}

/// <summary>Pays an advance out without the procedure that does, for one that begins behind it.</summary>
internal sealed class FirstPayment(AlizeDb db, Payments payments)
{
    public async Task<IReadOnlyList<Refusal>> MakeAsync(Guid projectId, CancellationToken cancel)
    {
        var (_, refusals) = await payments.ExecuteAsync(projectId, null, "Versement supposé", cancel);
        if (refusals.Count == 0) await db.SaveChangesAsync(cancel);
        return refusals;
    }
}

using System.Globalization;
using Alize.Data;
using Alize.Data.Documents;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Domain.Results;
using Alize.Domain.Signatures;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Rehearsal;

/// <summary>
/// The facts a rehearsal is played on: a copy of the programme's, without its mails, requests and running procedures, and of the
/// project's past only what the procedure does not bring about itself. Reads the real database and writes the private one.
/// </summary>
internal sealed class RehearsalFacts(AlizeDb real, RehearsalWorld world, Guid programmeId, RehearsalBeginning beginning)
{
    private static readonly MovementKind[] OfDecision = [MovementKind.AdvanceDecided, MovementKind.DaysCommitted];
    private static readonly MovementKind[] OfSignature = [.. OfDecision, MovementKind.AdvanceCommitted];

    private readonly List<object> rows = [];

    /// <summary>What was made up so that it could be played.</summary>
    public List<string> Assumptions { get; } = [];

    /// <summary>Copies the programme, with the project's past as far as it stays; makes a project up where none was chosen.</summary>
    /// <returns>The project.</returns>
    public async Task<Guid> CopyAsync(Guid? chosen, CancellationToken cancel)
    {
        rows.AddRange(await real.Programmes.AsNoTracking().Where(p => p.Id == programmeId).ToListAsync(cancel));
        await TakeAsync<Partner>(cancel);
        await TakeAsync<Contact>(cancel);
        await TakeAsync<Substitution>(cancel);
        await TakeAsync<Pledge>(cancel);
        await TakeAsync<Company>(cancel);
        await TakeAsync<CompanyLink>(cancel);
        await TakeAsync<DeclaredAid>(cancel);
        await TakeAsync<PublishedBaseRate>(cancel);
        await TakeAsync<CompanyProject>(cancel);
        await TakeAsync<CommitteeSession>(cancel);
        await TakeAsync<Reopening>(cancel);
        await TakeAsync<FundsCall>(cancel);
        await TakeAsync<PeriodClosing>(cancel);
        await TakeAsync<BankAccount>(cancel);
        await TakeAsync<PayeeAccount>(cancel);
        await TakeAsync<TemplateVersion>(cancel);
        await TakeAsync<ProgrammeEmblem>(cancel);
        await TakeAsync<JobSurvey>(cancel);
        await TakePastAsync(chosen, cancel);
        var projectId = chosen ?? MakeUp();
        await world.ReadAsync(async db =>
        {
            await world.Copy.TakeAsync(rows, db, cancel);
            return true;
        });
        return projectId;
    }

    /// <summary>Copies the definitions: the one that is tried as if it were published, and all others as they are.</summary>
    public async Task CopyDefinitionsAsync(StoredDefinition tried, CancellationToken cancel)
    {
        var others = await real.Definitions.AsNoTracking().Where(d => d.IsPublished && d.DefinitionId != tried.DefinitionId).ToListAsync(cancel);
        foreach (var definition in others.Append(tried))
            await world.DoAsync<IWorkflowStore, bool>(store => world.DoAsync<DefinitionTriggers, bool>(async triggers => await store.AddDefinitionAsync(
                new()
                {
                    Id = definition.Id,
                    DefinitionId = definition.DefinitionId,
                    Version = definition.Version,
                    Name = definition.Name,
                    Description = definition.Description,
                    Json = definition.Json,
                    IsLatest = true,
                    IsPublished = true,
                    CreatedAt = definition.CreatedAt,
                },
                definition == tried ? await TriggersAsync(triggers, store, definition, cancel) : [], cancel)));
    }

    private static async Task<IReadOnlyList<StoredTrigger>> TriggersAsync(DefinitionTriggers triggers, IWorkflowStore store, StoredDefinition definition, CancellationToken cancel)
    {
        try
        {
            return await triggers.OfAsync(definition, store, cancel);
        }
        catch (Exception cannotStart) when (cannotStart is DefinitionException or ExpressionException)
        {
            // It is started by hand here; the check before said what is wrong with it.
            return [];
        }
    }

    private async Task TakePastAsync(Guid? project, CancellationToken cancel)
    {
        var keeps = beginning.Keeps;
        await TakeAsync<CommitteeDecision>(cancel, d => keeps >= ProjectAge.Decided || d.ProjectId != project);
        await TakeAsync<CompetenceCommitment>(cancel, c => keeps >= ProjectAge.Decided || c.ProjectId != project);
        await TakeAsync<GrantedAdvance>(cancel, a => keeps >= ProjectAge.Paid || a.ProjectId != project);
        if (keeps >= ProjectAge.Signed && project is { } id)
        {
            rows.AddRange(await real.Conventions.AsNoTracking().Where(c => c.ProjectId == id).ToListAsync(cancel));
            var conventions = rows.OfType<CooperationConvention>().Select(c => c.Id).ToList();
            rows.AddRange(await real.SignatureEvidence.AsNoTracking().Where(e => conventions.Contains(e.ConventionId)).ToListAsync(cancel));
        }

        await TakeAsync<JournalEntry>(cancel, e => e.ProjectId != project || keeps switch
        {
            ProjectAge.Undecided => false,
            ProjectAge.Decided => OfDecision.Contains(e.Kind),
            ProjectAge.Signed => OfSignature.Contains(e.Kind),
            _ => true,
        });
    }

    private async Task TakeAsync<T>(CancellationToken cancel, Func<T, bool>? stays = null)
        where T : class =>
        rows.AddRange((await real.Set<T>().AsNoTracking().Where(row => EF.Property<Guid>(row, "ProgrammeId") == programmeId).ToListAsync(cancel)).Where(stays ?? (_ => true)));

    /// <summary>A company and a project that nothing stands against, detected by a partner of the programme; people for the roles nobody has.</summary>
    private Guid MakeUp()
    {
        var today = world.Days.Today;
        var partner = FillRoles(today);
        var company = new Company
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Name = "Atelier Exemple",
            Siret = "00000000000000",
            Commune = "Commune d’exemple",
            Activity = "Fabrication",
            IsRegistered = true,
            Headcount = 23,
            Turnover = Money.Euros(2_850_000),
            BalanceSheetTotal = Money.Euros(1_640_000),
            LargestHolderBasisPoints = 0,
        };
        var project = new CompanyProject
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Number = string.Create(CultureInfo.InvariantCulture, $"{today.Year}-EX"),
            CompanyId = company.Id,
            Title = "Projet d’exemple",
            Description = "Un projet inventé pour l’essai.",
            DetectedByPartnerId = partner,
            DetectedOn = today,
            JobsPlanned = 6,
            Cost = Money.Euros(180_000),
            OwnShare = Money.Euros(150_000),
            RequestedAdvance = Money.Euros(30_000),
            RequestedMonths = RepayableAdvance.MaxMonths,
            RequestedDeferralMonths = RepayableAdvance.MaxDeferralMonths,
            CompetencesAsked = "Organisation de la production",
        };
        rows.AddRange([company, project, Person(null, company.Id, ContactRole.CompanyHead, "Dominique Exemple", today)]);
        Assumptions.Add($"Projet inventé : avance de {project.RequestedAdvance} sur {project.RequestedMonths} mois dont {project.RequestedDeferralMonths} de différé.");
        return project.Id;
    }

    private Guid FillRoles(DateOnly today)
    {
        Partner PartnerOf(PartnerKind kind, string name)
        {
            if (rows.OfType<Partner>().FirstOrDefault(p => p.Kind == kind) is { } known) return known;
            var partner = new Partner { Id = Guid.CreateVersion7(), ProgrammeId = programmeId, Kind = kind, Name = name };
            rows.Add(partner);
            Assumptions.Add($"Aucun partenaire de ce type n’est enregistré : « {name} » a été inventé.");
            return partner;
        }

        void Need(Func<Contact, bool> has, Partner partner, ContactRole role, string name, string what)
        {
            if (rows.OfType<Contact>().Any(c => c.IsActiveOn(today) && has(c))) return;
            rows.Add(Person(partner.Id, null, role, name, today));
            Assumptions.Add($"Personne n’est enregistré comme {what} : « {name} » a été inventé.");
        }

        var company = PartnerOf(PartnerKind.Company, "Entreprise partenaire d’exemple");
        var astrees = PartnerOf(PartnerKind.Astrees, "ASTREES");
        var local = PartnerOf(PartnerKind.LocalOperator, "Opérateur local d’exemple");
        Need(c => c.Role == ContactRole.OperatorStaff, local, ContactRole.OperatorStaff, "Camille Exemple", "opérateur local");
        Need(c => c.Role == ContactRole.CommitteeChair, company, ContactRole.CommitteeChair, "Claude Exemple", "président du comité d’agrément");
        Need(c => c.PartnerId == company.Id && c.Role == ContactRole.Representative, company, ContactRole.Representative, "Andrea Exemple", "représentant d’une entreprise partenaire");
        Need(c => c.PartnerId == astrees.Id, astrees, ContactRole.Representative, "Sacha Exemple", "contact d’ASTREES");
        var detecting = rows.OfType<Partner>().FirstOrDefault(p => p.Kind == PartnerKind.RelayStructure && rows.OfType<Contact>().Any(c => c.PartnerId == p.Id && c.IsActiveOn(today)));
        return (detecting ?? company).Id;
    }

    // .invalid is a domain that will never exist (RFC 2606).
    private Contact Person(Guid? partner, Guid? company, ContactRole role, string name, DateOnly today) => new()
    {
        Id = Guid.CreateVersion7(),
        ProgrammeId = programmeId,
        PartnerId = partner,
        CompanyId = company,
        Role = role,
        FullName = name,
        Email = $"{name.Split(' ')[0].ToLowerInvariant()}@exemple.invalid",
        From = today,
    };
}

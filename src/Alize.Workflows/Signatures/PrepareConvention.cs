using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Alize.Workflows.Documents;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>
/// Writes the convention de coopération et développement of the project's decision, freezes its text by its hash and computes who
/// must sign it (R8, art. 6.2).
/// </summary>
[Activity("Alize", "Signature", "Établit la convention de coopération et développement, en fige le texte et calcule qui doit la signer.", DisplayName = "Établir la convention")]
public sealed class PrepareConvention : CodeActivity
{
    [Output(DisplayName = "Convention", Description = "Identifiant de la convention établie.")]
    public Output<string>? ConventionId { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var decision = await db.DecisionsInForce.AsNoTracking()
            .Where(d => d.ProjectId == file.Project.Id && d.Outcome == DecisionOutcome.Approved)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancel)
            ?? throw new InvalidOperationException($"Project '{file.Project.Number}' has no approval to put into a convention.");

        var signatories = await SignatoriesAsync(context, file, decision);
        var document = await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(context.StepKey(), await RecordAsync(context, file, decision, signatories), file.ProgrammeId, Trail.Service, file.Project.Id, decision.Id, file.Project.Number), cancel);
        var convention = new CooperationConvention
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = file.ProgrammeId,
            ProjectId = file.Project.Id,
            DecisionId = decision.Id,
            DocumentId = document.Id,
            Text = document.Text,
            Sha256 = document.Sha256,
            FrozenAt = context.GetRequiredService<ProgrammeClock>().UtcNow,
        };
        foreach (var (contact, capacity) in signatories) convention.Require(Guid.CreateVersion7(), contact.Id, capacity);
        db.Conventions.Add(convention);
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, "convention",
            $"Convention établie, empreinte {convention.Sha256[..12]}…, à signer par {string.Join(", ", signatories.Select(s => s.Contact.FullName).Distinct())}",
            projectId: file.Project.Id, subjectId: convention.Id);
        context.Set(ConventionId, convention.Id.ToString());
    }

    private static async Task<IReadOnlyList<(Contact Contact, SignatoryCapacity Capacity)>> SignatoriesAsync(
        ActivityExecutionContext context, ProjectFile file, CommitteeDecision decision)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var addressees = context.GetRequiredService<Addressees>();
        var people = new Dictionary<Guid, Contact>();
        async Task<Guid> FindAsync(string who)
        {
            // A person has one contact row for each role: who signs in two capacities gets one request and signs once.
            var contact = await addressees.FirstAsync(who, file.ProgrammeId, file.Project, cancel);
            contact = people.Values.FirstOrDefault(known => string.Equals(known.Email, contact.Email, StringComparison.OrdinalIgnoreCase)) ?? contact;
            people[contact.Id] = contact;
            return contact.Id;
        }

        var lenders = new List<(Guid Partner, Guid Contact)>();
        foreach (var partner in await db.CompetenceCommitments.Where(c => c.DecisionId == decision.Id)
            .OrderBy(c => c.Id).Select(c => c.PartnerId).ToListAsync(cancel))
            lenders.Add((partner, await FindAsync($"partner:{partner}")));
        (Guid, Guid)? lead = file.Project.LeadPartnerId is { } leadPartner ? (leadPartner, await FindAsync($"partner:{leadPartner}")) : null;
        var required = RequiredSignatories.Compute(await FindAsync("company"), await FindAsync("chair"), lenders, lead);
        return [.. required.Select(r => (people[r.Contact], r.Capacity))];
    }

    private static async Task<CooperationConventionDocument> RecordAsync(
        ActivityExecutionContext context, ProjectFile file, CommitteeDecision decision, IReadOnlyList<(Contact Contact, SignatoryCapacity Capacity)> signatories)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var commitments = await db.CompetenceCommitments.AsNoTracking().Where(c => c.DecisionId == decision.Id).OrderBy(c => c.Id).ToListAsync(cancel);
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == file.ProgrammeId).ToListAsync(cancel);
        string NameOf(Guid? id) => partners.FirstOrDefault(p => p.Id == id)?.Name ?? "";
        var head = signatories.First(s => s.Capacity == SignatoryCapacity.CompanyHead).Contact;
        return new(
            file.Company.Name, file.Company.Commune, Siret.TryParse(file.Company.Siret, out var siret, out _) ? siret.ToString() : file.Company.Siret, head.FullName, head.JobTitle,
            file.Project.Number, file.Project.Title, file.Project.Description, file.Project.JobsPlanned, file.Project.Cost, file.Project.OwnShare,
            decision.DecidedOn, new VoteCount(decision.Present, decision.Yes, decision.No, decision.Abstained).Proof(),
            [.. commitments.Select(c => new LentCompetence(NameOf(c.PartnerId), c.Field, FrenchText.Days(c.HalfDays), c.Value))],
            Money.Sum(commitments.Select(c => c.Value)),
            decision.Advance > Money.Zero, decision.Advance, decision.Months, decision.DeferralMonths, InstallmentsOf(file, decision),
            NameOf(file.Project.LeadPartnerId), partners.FirstOrDefault(p => p.Kind == PartnerKind.LocalOperator)?.Name ?? "",
            [.. signatories.Select(s => new SignatoryNamed(
                s.Contact.FullName, s.Contact.JobTitle, s.Capacity == SignatoryCapacity.CompanyHead ? file.Company.Name : NameOf(s.Contact.PartnerId), CapacityNames.French(s.Capacity)))]);
    }

    private static IReadOnlyList<InstallmentToCome> InstallmentsOf(ProjectFile file, CommitteeDecision decision)
    {
        if (decision.Advance <= Money.Zero) return [];
        var terms = new RepayableAdvance(decision.Advance, decision.Months, decision.DeferralMonths, file.Settings.DeferralCountsInside);
        var left = decision.Advance;
        return [.. terms.Amounts().Select((amount, i) => new InstallmentToCome(i + 1, terms.MonthsAfterPayment(i + 1), amount, left -= amount))];
    }
}

/// <summary>What people read for a signatory's capacity.</summary>
public static class CapacityNames
{
    public static string French(SignatoryCapacity capacity) => capacity switch
    {
        SignatoryCapacity.CompanyHead => "responsable de la PME bénéficiaire",
        SignatoryCapacity.CommitteeChair => "président du comité d’agrément",
        SignatoryCapacity.LendingPartner => "entreprise partenaire apportant des compétences",
        SignatoryCapacity.LeadPartner => "mandataire",
        _ => throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A capacity without a name: add it here."),
    };
}

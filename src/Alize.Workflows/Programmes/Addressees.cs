using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Workflows.Committee;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>
/// Finds the people behind a role named in a definition: <c>operator</c>, <c>chair</c>, <c>members</c>, <c>steering-members</c>,
/// <c>steering-chair</c>, <c>astrees</c>, <c>company</c>, <c>detecting-partner</c>, <c>lead-partner</c>, <c>signatories</c>,
/// <c>partner:{id}</c>, <c>contact:{id}</c>; several separated by commas.
/// One person who is meant twice is found once.
/// </summary>
public sealed class Addressees(AlizeDb db, CommitteeMembers committees, ProgrammeClock clock)
{
    /// <summary>The roles a definition may name, with what people read.</summary>
    public static readonly IReadOnlyDictionary<string, string> Roles = new Dictionary<string, string>
    {
        ["operator"] = "L’opérateur local",
        ["chair"] = "Le président du comité d’agrément",
        ["members"] = "Les membres du comité d’agrément",
        ["steering-members"] = "Les membres du comité de pilotage et d’évaluation",
        ["steering-chair"] = "Le président du comité de pilotage",
        ["astrees"] = "ASTREES, tête de réseau",
        ["company"] = "Le dirigeant de l’entreprise",
        ["detecting-partner"] = "Le partenaire qui a détecté le projet",
        ["lead-partner"] = "Le mandataire du projet",
        ["signatories"] = "Les signataires de la convention",
    };

    /// <exception cref="InvalidOperationException">Nobody is behind the role: the step is parked as an incident until somebody is.</exception>
    public async Task<IReadOnlyList<Contact>> FindAsync(string who, Guid programmeId, CompanyProject? project, CancellationToken cancel)
    {
        var found = new List<Contact>();
        foreach (var role in who.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            found.AddRange(await FindOneRoleAsync(role, programmeId, project, cancel));
        return [.. found.DistinctBy(c => c.Email.ToUpperInvariant())];
    }

    /// <summary>The one person asked in a role: of several, who came to it last.</summary>
    public async Task<Contact> FirstAsync(string who, Guid programmeId, CompanyProject? project, CancellationToken cancel) =>
        (await FindAsync(who, programmeId, project, cancel))[0];

    /// <summary>The same for one role; null where nobody stands behind it today.</summary>
    public async Task<Contact?> FirstOrNoneAsync(string role, Guid programmeId, CompanyProject? project, CancellationToken cancel) =>
        await ActiveAsync(role, programmeId, project, cancel) is [var first, ..] ? first : null;

    private async Task<IReadOnlyList<Contact>> FindOneRoleAsync(string role, Guid programmeId, CompanyProject? project, CancellationToken cancel) =>
        await ActiveAsync(role, programmeId, project, cancel) is { Count: > 0 } active ? active : throw new InvalidOperationException(
            $"Nobody active stands behind the role '{role}' in programme '{programmeId}' on {clock.Today:O}. Add a contact in that role, then retry.");

    private async Task<IReadOnlyList<Contact>> ActiveAsync(string role, Guid programmeId, CompanyProject? project, CancellationToken cancel)
    {
        if (role == "steering-members") return await committees.OfAsync(programmeId, CommitteeKind.Steering, cancel);
        var people = db.Contacts.Where(c => c.ProgrammeId == programmeId);
        var partnersOfKind = (PartnerKind kind) =>
            db.Partners.Where(p => p.ProgrammeId == programmeId && p.Kind == kind).Select(p => (Guid?)p.Id);

        var signatories = role == "signatories" ? await SignatoriesAsync(Of(project, role), cancel) : [];
        IQueryable<Contact> asked = role switch
        {
            "operator" => people.Where(c => c.Role == ContactRole.OperatorStaff),
            "chair" => people.Where(c => c.Role == ContactRole.CommitteeChair),
            "members" => people.Where(c => c.Role == ContactRole.CommitteeMember || c.Role == ContactRole.CommitteeChair),
            "steering-chair" => people.Where(c => c.Role == ContactRole.Representative && partnersOfKind(PartnerKind.State).Contains(c.PartnerId)),
            "astrees" => people.Where(c => partnersOfKind(PartnerKind.Astrees).Contains(c.PartnerId)),
            "company" => people.Where(c => c.CompanyId == Of(project, role).CompanyId),
            "detecting-partner" => OfPartner(people, Of(project, role).DetectedByPartnerId),
            "lead-partner" => OfPartner(people, Of(project, role).LeadPartnerId ?? Of(project, role).DetectedByPartnerId),
            "signatories" => people.Where(c => signatories.Contains(c.Id)),
            _ when role.StartsWith("partner:", StringComparison.Ordinal) => OfPartner(people, Guid.Parse(role["partner:".Length..])),
            _ when role.StartsWith("contact:", StringComparison.Ordinal) => ById(people, Guid.Parse(role["contact:".Length..])),
            _ => throw new InvalidOperationException(
                $"'{role}' is not a role this programme knows. Use one of: {string.Join(", ", Roles.Keys)}, partner:{{id}}, contact:{{id}}."),
        };

        var today = clock.Today;
        return [.. (await asked.AsNoTracking().ToListAsync(cancel))
            .Where(c => c.IsActiveOn(today)).OrderBy(c => c.Role).ThenByDescending(c => c.From).ThenBy(c => c.FullName, StringComparer.Ordinal)];
    }

    /// <summary>Who signs the project's latest convention.</summary>
    private async Task<List<Guid>> SignatoriesAsync(CompanyProject project, CancellationToken cancel)
    {
        var convention = await db.Conventions.AsNoTracking().Where(c => c.ProjectId == project.Id)
            .OrderByDescending(c => c.FrozenAt).ThenByDescending(c => c.Id).FirstOrDefaultAsync(cancel);
        return convention?.Signatories.Select(s => s.ContactId).ToList() ?? [];
    }

    private static IQueryable<Contact> OfPartner(IQueryable<Contact> people, Guid partnerId) => people.Where(c => c.PartnerId == partnerId);

    private static IQueryable<Contact> ById(IQueryable<Contact> people, Guid contactId) => people.Where(c => c.Id == contactId);

    private static CompanyProject Of(CompanyProject? project, string role) =>
        project ?? throw new InvalidOperationException($"The role '{role}' needs a project, and this instance is not about one.");
}

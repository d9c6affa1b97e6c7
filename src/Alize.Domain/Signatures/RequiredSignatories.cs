namespace Alize.Domain.Signatures;

/// <summary>In what capacity somebody signs the convention de coopération et développement.</summary>
public enum SignatoryCapacity
{
    /// <summary>Responsable de la PME bénéficiaire.</summary>
    CompanyHead,

    /// <summary>Président du comité d’agrément.</summary>
    CommitteeChair,

    /// <summary>Entreprise partenaire mettant des compétences à disposition.</summary>
    LendingPartner,

    /// <summary>Mandataire, when it is another partner.</summary>
    LeadPartner,
}

/// <summary>
/// Who signs and initials the convention de coopération et développement (R8, art. 6.2), in the order of the article.
/// </summary>
public static class RequiredSignatories
{
    /// <summary>
    /// One entry for each signature on the paper. A partner that lends twice signs once, by its first contact; the lead
    /// partner signs only when it lends nothing itself. A person in two capacities signs in both: as chair he does not bind his company.
    /// </summary>
    /// <param name="companyHead">Contact of the company.</param>
    /// <param name="chair">Contact of the committee's chair.</param>
    /// <param name="lenders">Partner companies that lend competences, with the contact who signs for each.</param>
    /// <param name="lead">The mandataire and its contact, if one was named.</param>
    public static IReadOnlyList<(Guid Contact, SignatoryCapacity Capacity)> Compute(
        Guid companyHead, Guid chair, IEnumerable<(Guid Partner, Guid Contact)> lenders, (Guid Partner, Guid Contact)? lead)
    {
        var lending = lenders.DistinctBy(lender => lender.Partner).ToList();
        List<(Guid Contact, SignatoryCapacity Capacity)> signatories =
        [
            (companyHead, SignatoryCapacity.CompanyHead),
            (chair, SignatoryCapacity.CommitteeChair),
            .. lending.Select(lender => (lender.Contact, SignatoryCapacity.LendingPartner)),
        ];
        if (lead is { } mandatary && lending.All(lender => lender.Partner != mandatary.Partner))
            signatories.Add((mandatary.Contact, SignatoryCapacity.LeadPartner));

        // One contact may stand for two partners of the same group: one request, not two alike.
        return [.. signatories.Distinct()];
    }
}

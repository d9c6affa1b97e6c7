using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>What a convention is made of: the terms of a decision, or those that are only asked for or put to the vote yet.</summary>
/// <param name="DecidedOn">Day of the decision.</param>
/// <param name="Vote">Proof of the majority (R2).</param>
/// <param name="Advance">The advance; zero for none.</param>
/// <param name="Months">Its duration.</param>
/// <param name="DeferralMonths">Its deferral.</param>
/// <param name="Lent">Competences lent.</param>
/// <param name="LeadPartnerId">Mandataire. Null for none.</param>
public sealed record ConventionTerms(
    DateOnly DecidedOn, string Vote, Money Advance, int Months, int DeferralMonths, IReadOnlyList<DaysLent> Lent, Guid? LeadPartnerId);

/// <summary>Days a partner lends. A partner that is not named yet is null.</summary>
public sealed record DaysLent(Guid? PartnerId, string Field, int HalfDays, Money Value);

/// <summary>Puts the values of a convention together: who signs it (R8) and what it says (art. 6.2).</summary>
public sealed class ConventionTexts(AlizeDb db, Addressees addressees)
{
    /// <summary>Stands where somebody is not known yet.</summary>
    private const string Unnamed = "à désigner";

    /// <summary>Everybody who must sign, each in every capacity; the first rows win where one person has several.</summary>
    /// <param name="file">The project's file.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="isDraft">Whether a place may be left open: a preview shows it so, a convention cannot be made.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InvalidOperationException">Nobody stands behind a capacity, and it is no draft.</exception>
    public async Task<IReadOnlyList<(Contact Contact, SignatoryCapacity Capacity)>> SignatoriesAsync(
        ProjectFile file, ConventionTerms terms, bool isDraft, CancellationToken cancel)
    {
        var people = new Dictionary<Guid, Contact>();
        async Task<Guid> FindAsync(string who)
        {
            // A person has one contact row for each role: who signs in two capacities gets one request and signs once.
            var contact = isDraft
                ? await addressees.FirstOrNoneAsync(who, file.ProgrammeId, file.Project, cancel) ?? Nobody(file.ProgrammeId, who)
                : await addressees.FirstAsync(who, file.ProgrammeId, file.Project, cancel);
            contact = people.Values.FirstOrDefault(known => string.Equals(known.Email, contact.Email, StringComparison.OrdinalIgnoreCase)) ?? contact;
            people[contact.Id] = contact;
            return contact.Id;
        }

        var lenders = new List<(Guid Partner, Guid Contact)>();
        foreach (var partner in terms.Lent.Select(l => l.PartnerId).OfType<Guid>()) lenders.Add((partner, await FindAsync($"partner:{partner}")));
        (Guid, Guid)? lead = terms.LeadPartnerId is { } leadPartner ? (leadPartner, await FindAsync($"partner:{leadPartner}")) : null;
        var required = RequiredSignatories.Compute(await FindAsync("company"), await FindAsync("chair"), lenders, lead);
        return [.. required.Select(r => (people[r.Contact], r.Capacity))];
    }

    /// <summary>The record its template is filled with.</summary>
    public async Task<CooperationConventionDocument> RecordAsync(
        ProjectFile file, ConventionTerms terms, IReadOnlyList<(Contact Contact, SignatoryCapacity Capacity)> signatories, CancellationToken cancel)
    {
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == file.ProgrammeId).ToListAsync(cancel);
        string NameOf(Guid? id) => partners.FirstOrDefault(p => p.Id == id)?.Name ?? "";
        var head = signatories.First(s => s.Capacity == SignatoryCapacity.CompanyHead).Contact;
        return new(
            file.Company.Name, file.Company.Commune, Siret.TryParse(file.Company.Siret, out var siret, out _) ? siret.ToString() : file.Company.Siret, head.FullName, head.JobTitle,
            file.Project.Number, file.Project.Title, file.Project.Description, file.Project.JobsPlanned, file.Project.Cost, file.Project.OwnShare,
            terms.DecidedOn, terms.Vote,
            [.. terms.Lent.Select(l => new LentCompetence(l.PartnerId is null ? Unnamed : NameOf(l.PartnerId), l.Field, l.HalfDays > 0 ? FrenchText.Days(l.HalfDays) : "à convenir", l.Value))],
            Money.Sum(terms.Lent.Select(l => l.Value)),
            terms.Advance > Money.Zero, terms.Advance, terms.Months, terms.DeferralMonths, InstallmentsOf(file, terms),
            NameOf(terms.LeadPartnerId), partners.FirstOrDefault(p => p.Kind == PartnerKind.LocalOperator)?.Name ?? "",
            [.. signatories.Select(s => new SignatoryNamed(
                s.Contact.FullName, s.Contact.JobTitle, s.Capacity == SignatoryCapacity.CompanyHead ? file.Company.Name : NameOf(s.Contact.PartnerId), CapacityNames.French(s.Capacity)))]);
    }

    private static IReadOnlyList<InstallmentToCome> InstallmentsOf(ProjectFile file, ConventionTerms terms)
    {
        if (terms.Advance <= Money.Zero) return [];
        var advance = new RepayableAdvance(terms.Advance, terms.Months, terms.DeferralMonths, file.Settings.DeferralCountsInside);
        if (advance.Refusals().Any()) return [];   // asked for, and never to be granted so
        var left = terms.Advance;
        return [.. advance.Amounts().Select((amount, i) => new InstallmentToCome(i + 1, advance.MonthsAfterPayment(i + 1), amount, left -= amount))];
    }

    private static Contact Nobody(Guid programmeId, string who) => new()
    {
        Id = Guid.CreateVersion7(),
        ProgrammeId = programmeId,
        Role = ContactRole.Representative,
        FullName = Unnamed,
        Email = who,
        From = DateOnly.MinValue,
    };
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

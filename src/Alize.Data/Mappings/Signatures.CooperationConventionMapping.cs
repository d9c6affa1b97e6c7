using Alize.Data.Documents;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class CooperationConventionMapping : IEntityTypeConfiguration<CooperationConvention>
{
    public void Configure(EntityTypeBuilder<CooperationConvention> convention)
    {
        convention.ToTable("Conventions").HasGivenId();
        convention.BelongsToProgramme();
        convention.HasOne<CompanyProject>().WithMany().ByKey(c => c.ProjectId);
        convention.HasOne<CommitteeDecision>().WithMany().ByKey(c => c.DecisionId);
        convention.HasOne<StoredDocument>().WithMany().ByKey(c => c.DocumentId);
        convention.HasParts(c => c.Signatories, s => s.ConventionId);
        convention.Property(c => c.Sha256).HasMaxLength(Lengths.Hash);
        convention.Property(c => c.Version).IsConcurrencyToken();
        convention.HasIndex(c => c.ProjectId);   // whether a project may be paid
    }
}

internal sealed class ConventionSignatoryMapping : IEntityTypeConfiguration<ConventionSignatory>
{
    public void Configure(EntityTypeBuilder<ConventionSignatory> signatory)
    {
        signatory.ToTable("ConventionSignatories").HasGivenId();
        signatory.HasOne<Contact>().WithMany().ByKey(s => s.ContactId);
        signatory.HasIndex(s => new { s.ConventionId, s.ContactId, s.Capacity }).IsUnique();   // loaded with their convention; signs once in each capacity
    }
}

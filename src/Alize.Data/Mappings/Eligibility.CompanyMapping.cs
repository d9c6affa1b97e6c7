using Alize.Domain.Eligibility;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class CompanyMapping : IEntityTypeConfiguration<Company>
{
    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("Companies").HasGivenId();
        company.BelongsToProgramme();
        company.Property(c => c.Siret).HasMaxLength(14);
        company.HasIndex(c => new { c.ProgrammeId, c.Siret }).IsUnique();   // is this company known already?
    }
}

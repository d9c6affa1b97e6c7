using Alize.Domain.Aid;
using Alize.Domain.Eligibility;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Alize.Data.Mappings;

internal sealed class CompanyMapping : IEntityTypeConfiguration<Company>
{
    public void Configure(EntityTypeBuilder<Company> company)
    {
        company.ToTable("Companies").HasGivenId();
        company.BelongsToProgramme();
        company.Property(c => c.Siret).HasMaxLength(14);
        company.Property(c => c.AccountsCloseOn).HasConversion(
            new ValueConverter<FiscalYearEnd, int>(close => (close.Month * 100) + close.Day, stored => new FiscalYearEnd(stored / 100, stored % 100)));   // 630: 30 June
        company.HasIndex(c => new { c.ProgrammeId, c.Siret }).IsUnique();   // is this company known already?
    }
}

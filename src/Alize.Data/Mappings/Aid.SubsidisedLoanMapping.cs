using Alize.Domain.Aid;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class SubsidisedLoanMapping : IEntityTypeConfiguration<SubsidisedLoan>
{
    public void Configure(EntityTypeBuilder<SubsidisedLoan> loan)
    {
        loan.ToTable("SubsidisedLoans").HasGivenId();
        loan.BelongsToProgramme();
        loan.HasOne<CompanyProject>().WithMany().ByKey(l => l.ProjectId);
        loan.HasOne<Partner>().WithMany().ByKey(l => l.LenderId);
        loan.Property(l => l.Version).IsConcurrencyToken();
        loan.HasIndex(l => new { l.ProgrammeId, l.GrantedOn });   // the programme's loans, newest first
        loan.HasIndex(l => l.ProjectId);                          // a project's loans
    }
}

using Alize.Data.Documents;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class FundsCallMapping : IEntityTypeConfiguration<FundsCall>
{
    public void Configure(EntityTypeBuilder<FundsCall> call)
    {
        call.ToTable("FundsCalls").HasGivenId();
        call.BelongsToProgramme();
        call.HasOne<Partner>().WithMany().ByKey(c => c.PartnerId);
        call.HasOne<StoredDocument>().WithMany().ByKey(c => c.ReportId);
        call.Property(c => c.Reference).HasMaxLength(Lengths.Name);
        call.Property(c => c.Version).IsConcurrencyToken();
        call.HasIndex(c => new { c.ProgrammeId, c.Reference }).IsUnique();   // the call a transfer names
        call.HasIndex(c => c.PartnerId);                                     // what a funder was asked for
    }
}

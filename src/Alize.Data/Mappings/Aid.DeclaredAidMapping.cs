using Alize.Domain.Aid;
using Alize.Domain.Eligibility;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class DeclaredAidMapping : IEntityTypeConfiguration<DeclaredAid>
{
    public void Configure(EntityTypeBuilder<DeclaredAid> aid)
    {
        aid.ToTable("DeclaredAids").HasGivenId();
        aid.BelongsToProgramme();
        aid.HasOne<Company>().WithMany().ByKey(a => a.CompanyId);
        aid.HasIndex(a => new { a.CompanyId, a.GrantedOn });   // what a company received over a period
    }
}

internal sealed class CompanyLinkMapping : IEntityTypeConfiguration<CompanyLink>
{
    public void Configure(EntityTypeBuilder<CompanyLink> link)
    {
        link.ToTable("CompanyLinks").HasGivenId();
        link.BelongsToProgramme();
        link.HasOne<Company>().WithMany().ByKey(l => l.HolderId);
        link.HasOne<Company>().WithMany().ByKey(l => l.HeldId);
        link.Ignore(l => l.Link);
        link.HasIndex(l => new { l.ProgrammeId, l.HolderId, l.HeldId }).IsUnique();   // a programme's links, to find an undertaking; each once
    }
}

internal sealed class PublishedBaseRateMapping : IEntityTypeConfiguration<PublishedBaseRate>
{
    public void Configure(EntityTypeBuilder<PublishedBaseRate> rate)
    {
        rate.ToTable("BaseRates").HasGivenId();
        rate.BelongsToProgramme();
        rate.Ignore(r => r.Rate);
        rate.HasIndex(r => new { r.ProgrammeId, r.From }).IsUnique();   // the rate in force on a day; one a day
    }
}

using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class CompanyProjectMapping : IEntityTypeConfiguration<CompanyProject>
{
    public void Configure(EntityTypeBuilder<CompanyProject> project)
    {
        project.ToTable("Projects").HasGivenId();
        project.BelongsToProgramme();
        project.HasOne<Company>().WithMany().ByKey(p => p.CompanyId);
        project.HasOne<Partner>().WithMany().ByKey(p => p.DetectedByPartnerId);
        project.HasOne<Partner>().WithMany().ByKey(p => p.LeadPartnerId);
        project.HasParts(p => p.StageChanges, c => c.ProjectId);
        project.Property(p => p.Number).HasMaxLength(Lengths.Name);
        project.Property(p => p.Version).IsConcurrencyToken();
        project.HasIndex(p => new { p.ProgrammeId, p.Number }).IsUnique();   // a project by its number; the next number
        project.HasIndex(p => new { p.ProgrammeId, p.Stage });               // the board, and the counts of the results
        project.HasIndex(p => p.CompanyId);                                  // a company's projects: State aid over three years
    }
}

internal sealed class StageChangeMapping : IEntityTypeConfiguration<StageChange>
{
    public void Configure(EntityTypeBuilder<StageChange> change)
    {
        change.ToTable("StageChanges");
        change.HasIndex(c => new { c.ProjectId, c.Id });   // loaded with their project
    }
}

using Alize.Data.Documents;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class ProgrammeYearMapping : IEntityTypeConfiguration<ProgrammeYear>
{
    public void Configure(EntityTypeBuilder<ProgrammeYear> year)
    {
        year.ToTable("ProgrammeYears").HasGivenId();
        year.BelongsToProgramme();
        year.HasOne<StoredDocument>().WithMany().ByKey(y => y.ReportId);
        year.Property(y => y.Version).IsConcurrencyToken();
        year.HasIndex(y => new { y.ProgrammeId, y.Year }).IsUnique();   // a year is opened once; the report a call for funds bears
    }
}

internal sealed class ProgrammeTermMapping : IEntityTypeConfiguration<ProgrammeTerm>
{
    public void Configure(EntityTypeBuilder<ProgrammeTerm> term)
    {
        term.ToTable("ProgrammeTerms").HasGivenId();
        term.BelongsToProgramme();
        term.HasOne<StoredDocument>().WithMany().ByKey(t => t.StudyId);
        term.Property(t => t.Version).IsConcurrencyToken();
        term.HasIndex(t => t.ProgrammeId).IsUnique();   // a programme ends once
    }
}

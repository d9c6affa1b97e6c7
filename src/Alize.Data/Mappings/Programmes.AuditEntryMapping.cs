using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

/// <summary>The trail names projects and subjects without a reference: a line is written whatever becomes of the thing.</summary>
internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("AuditEntries");
        entry.BelongsToProgramme();
        entry.Property(e => e.Kind).HasMaxLength(Lengths.Name);
        entry.HasIndex(e => new { e.ProgrammeId, e.Id });   // a programme's trail, page by page
        entry.HasIndex(e => new { e.ProjectId, e.Id });     // a project's timeline
    }
}

using Alize.Data.Documents;
using Alize.Domain.Eligibility;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class StoredDocumentMapping : IEntityTypeConfiguration<StoredDocument>
{
    public void Configure(EntityTypeBuilder<StoredDocument> document)
    {
        document.ToTable("Documents").HasGivenId();
        document.BelongsToProgramme();
        document.HasOne<CompanyProject>().WithMany().ByKey(d => d.ProjectId);
        document.HasOne<TemplateVersion>().WithMany().ByKey(d => d.TemplateVersionId);
        document.Property(d => d.Key).HasMaxLength(Lengths.Key);
        document.Property(d => d.Kind).HasMaxLength(Lengths.Name);
        document.Property(d => d.Sha256).HasMaxLength(Lengths.Hash);
        document.HasIndex(d => d.Key).IsUnique();                      // a step that runs twice finds its document
        document.HasIndex(d => d.ProjectId);                           // a project's file
        document.HasIndex(d => d.SubjectId);                           // the documents of a session, of a convention
        document.HasIndex(d => new { d.ProgrammeId, d.MadeAt });       // the programme's documents, newest first
        document.HasIndex(d => d.Sha256);                              // whose is a file somebody shows
    }
}

internal sealed class TemplateVersionMapping : IEntityTypeConfiguration<TemplateVersion>
{
    public void Configure(EntityTypeBuilder<TemplateVersion> version)
    {
        version.ToTable("TemplateVersions").HasGivenId();
        version.BelongsToProgramme();
        version.Property(v => v.Name).HasMaxLength(Lengths.Name);
        version.HasIndex(v => new { v.ProgrammeId, v.Name, v.SavedAt });   // the wording in force, and those before
    }
}

internal sealed class ProgrammeEmblemMapping : IEntityTypeConfiguration<ProgrammeEmblem>
{
    public void Configure(EntityTypeBuilder<ProgrammeEmblem> emblem)
    {
        emblem.ToTable("ProgrammeEmblems").HasGivenId();
        emblem.BelongsToProgramme();
        emblem.HasIndex(e => new { e.ProgrammeId, e.Owner }).IsUnique();   // the head of each document; one of each
    }
}

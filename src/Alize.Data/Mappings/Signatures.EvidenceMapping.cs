using Alize.Data.Signatures;
using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class SignatureEvidenceMapping : IEntityTypeConfiguration<SignatureEvidence>
{
    public void Configure(EntityTypeBuilder<SignatureEvidence> line)
    {
        line.ToTable("SignatureEvidence");
        line.BelongsToProgramme();
        line.HasOne<CooperationConvention>().WithMany().ByKey(e => e.ConventionId);
        line.Property(e => e.Hash).HasMaxLength(Lengths.Hash);
        line.HasIndex(e => new { e.ConventionId, e.Number }).IsUnique();   // a convention's chain, in order; no two lines share a place
    }
}

internal sealed class SigningCodeMapping : IEntityTypeConfiguration<SigningCode>
{
    public void Configure(EntityTypeBuilder<SigningCode> code)
    {
        code.ToTable("SigningCodes").HasGivenId();
        code.BelongsToProgramme();
        code.HasOne<PartnerTask>().WithMany().ByKey(c => c.TaskId);
        code.HasOne<Contact>().WithMany().ByKey(c => c.ContactId);
        code.Property(c => c.CodeHash).HasMaxLength(Lengths.Hash);
        code.Property(c => c.VisitHash).HasMaxLength(Lengths.Hash);
        code.Property(c => c.Version).IsConcurrencyToken();
        code.HasIndex(c => new { c.TaskId, c.SentAt });   // the newest code of a task
    }
}

internal sealed class SealKeyMapping : IEntityTypeConfiguration<SealKey>
{
    public void Configure(EntityTypeBuilder<SealKey> key)
    {
        key.ToTable("SealKeys").HasGivenId();
        key.Property(k => k.Thumbprint).HasMaxLength(Lengths.Hash);
        key.HasIndex(k => k.Thumbprint).IsUnique();   // whether a seal is the service's own
    }
}

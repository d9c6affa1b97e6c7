using Alize.Data.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("ApiKeys").HasGivenId();
        key.BelongsToProgramme();
        key.Property(k => k.Hash).HasMaxLength(Lengths.Hash);
        key.HasIndex(k => k.Hash).IsUnique();                      // who calls
        key.HasIndex(k => new { k.ProgrammeId, k.CreatedAt });     // the programme's list, newest first
    }
}

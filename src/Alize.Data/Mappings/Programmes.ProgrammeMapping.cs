using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class ProgrammeMapping : IEntityTypeConfiguration<Programme>
{
    public void Configure(EntityTypeBuilder<Programme> programme)
    {
        programme.ToTable("Programmes").HasGivenId();
        programme.Property(p => p.Slug).HasMaxLength(Lengths.Name);
        programme.HasParts(p => p.Settings, s => s.ProgrammeId);
        programme.HasIndex(p => p.Slug).IsUnique();   // every page finds its programme by the slug in its address
    }
}

internal sealed class ProgrammeSettingsMapping : IEntityTypeConfiguration<ProgrammeSettings>
{
    public void Configure(EntityTypeBuilder<ProgrammeSettings> settings)
    {
        settings.ToTable("ProgrammeSettings").HasGivenId();
        settings.HasIndex(s => new { s.ProgrammeId, s.From }).IsUnique();   // loaded with their programme; one row a day
    }
}

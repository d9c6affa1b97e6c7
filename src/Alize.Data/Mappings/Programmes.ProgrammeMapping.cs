using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class ProgrammeMapping : IEntityTypeConfiguration<Programme>
{
    private static readonly ValueComparer<IReadOnlyList<string>> SameNames = new(
        (a, b) => a!.SequenceEqual(b!), names => names.Aggregate(0, (hash, name) => HashCode.Combine(hash, name)), names => names.ToArray());

    public void Configure(EntityTypeBuilder<Programme> programme)
    {
        programme.ToTable("Programmes").HasGivenId();
        programme.Property(p => p.Slug).HasMaxLength(Lengths.Name);
        programme.Property(p => p.Communes).HasConversion(   // one a line: read whole, never searched
            names => string.Join('\n', names), lines => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries), SameNames);
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

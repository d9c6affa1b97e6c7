using Alize.Data.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

/// <summary>Without references: the instance's rows are written and deleted by the engine's own statements.</summary>
internal sealed class OutboxRequestMapping : IEntityTypeConfiguration<OutboxRequest>
{
    public void Configure(EntityTypeBuilder<OutboxRequest> request)
    {
        request.ToTable("OutboxRequests").HasGivenId();
        request.Property(r => r.Key).HasMaxLength(Lengths.Key);
        request.Property(r => r.WaitsAt).HasMaxLength(Lengths.Hash);
        request.Property(r => r.InstanceId).HasMaxLength(Lengths.Key);
        request.Property(r => r.Method).HasMaxLength(Lengths.Name);
        request.HasIndex(r => r.Key).IsUnique();    // a step that runs twice asks once
        request.HasIndex(r => r.NotBefore);         // what to send next
    }
}

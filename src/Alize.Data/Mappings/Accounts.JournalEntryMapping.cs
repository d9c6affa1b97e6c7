using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class JournalEntryMapping : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> entry)
    {
        entry.ToTable("JournalEntries").HasGivenId();
        entry.BelongsToProgramme();
        entry.HasParts(e => e.Lines, l => l.EntryId);
        entry.Property(e => e.Key).HasMaxLength(Lengths.Key);
        entry.HasIndex(e => new { e.ProgrammeId, e.Key }).IsUnique();                // a movement is booked once
        entry.HasIndex(e => new { e.ProgrammeId, e.Account, e.BookedOn });           // an account's journal and balance on a day
        entry.HasIndex(e => e.ProjectId);                                            // a project's money
    }
}

internal sealed class JournalLineMapping : IEntityTypeConfiguration<JournalLine>
{
    public void Configure(EntityTypeBuilder<JournalLine> line)
    {
        line.ToTable("JournalLines");
        line.HasIndex(l => new { l.EntryId, l.Id });                        // loaded with their entry
        line.HasIndex(l => new { l.ProgrammeId, l.Ledger, l.PartyId });     // balance of a ledger account, of one funder in it
    }
}

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

        // The account is in the key that lines refer to: a line of another account is refused by the database itself (R9).
        entry.HasAlternateKey(e => new { e.Id, e.Account });
        entry.HasMany(e => e.Lines).WithOne().HasForeignKey(l => new { l.EntryId, l.Account }).HasPrincipalKey(e => new { e.Id, e.Account })
            .IsRequired().OnDelete(DeleteBehavior.Cascade);
        entry.Navigation(e => e.Lines).AutoInclude().UsePropertyAccessMode(PropertyAccessMode.Field);
        entry.HasOne<JournalEntry>().WithMany().ByKey(e => e.ReversesId);
        entry.Property(e => e.Key).HasMaxLength(Lengths.Key);
        entry.Property(e => e.Seal).HasMaxLength(Lengths.Hash);
        entry.HasIndex(e => new { e.ProgrammeId, e.Key }).IsUnique();                // a movement is booked once
        entry.HasIndex(e => new { e.ProgrammeId, e.Sequence }).IsUnique();           // the chain, and its last link
        entry.HasIndex(e => new { e.ProgrammeId, e.Year, e.Number }).IsUnique();     // an entry by its number; the next one
        entry.HasIndex(e => e.ReversesId).IsUnique();                                // an entry is reversed once
        entry.HasIndex(e => new { e.ProgrammeId, e.Account, e.BookedOn });           // an account's journal, page by page
        entry.HasIndex(e => new { e.ProjectId, e.Kind });                            // a project's money
    }
}

internal sealed class JournalLineMapping : IEntityTypeConfiguration<JournalLine>
{
    public void Configure(EntityTypeBuilder<JournalLine> line)
    {
        line.ToTable("JournalLines", table =>
        {
            // Quoted as all three databases read it.
            table.HasCheckConstraint(
                "CK_JournalLines_OneSide",
                "\"DebitCents\" >= 0 AND \"CreditCents\" >= 0 AND (\"DebitCents\" = 0 OR \"CreditCents\" = 0)");
            table.HasCheckConstraint(
                "CK_JournalLines_OneSideOfDays",
                "\"DebitHalfDays\" >= 0 AND \"CreditHalfDays\" >= 0 AND (\"DebitHalfDays\" = 0 OR \"CreditHalfDays\" = 0)");
        });
        line.Ignore(l => l.Debit);
        line.Ignore(l => l.Credit);
        line.HasIndex(l => new { l.EntryId, l.Account, l.Id });                          // loaded with their entry
        line.HasIndex(l => new { l.ProgrammeId, l.Account, l.Ledger, l.PartyId });       // balance of a ledger account, of one funder in it
    }
}

internal sealed class PeriodClosingMapping : IEntityTypeConfiguration<PeriodClosing>
{
    public void Configure(EntityTypeBuilder<PeriodClosing> closing)
    {
        closing.ToTable("PeriodClosings").HasGivenId();
        closing.BelongsToProgramme();
        closing.HasIndex(c => new { c.ProgrammeId, c.Through }).IsUnique();   // the last day closed; closed once
    }
}

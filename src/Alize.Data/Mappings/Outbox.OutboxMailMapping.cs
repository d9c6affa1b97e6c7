using Alize.Data.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

/// <summary>Without references: a mail that was sent stays on record whatever becomes of what it was about.</summary>
internal sealed class OutboxMailMapping : IEntityTypeConfiguration<OutboxMail>
{
    private static readonly ValueComparer<IReadOnlyList<Guid>> SameDocuments = new(
        (a, b) => a!.SequenceEqual(b!), ids => ids.Aggregate(0, (hash, id) => HashCode.Combine(hash, id)), ids => ids.ToArray());

    public void Configure(EntityTypeBuilder<OutboxMail> mail)
    {
        mail.ToTable("OutboxMails").HasGivenId();
        mail.Property(m => m.Key).HasMaxLength(Lengths.Key);
        mail.Property(m => m.Name).HasMaxLength(Lengths.Name);
        mail.Property(m => m.ToAddress).HasMaxLength(254);
        mail.Property(m => m.Language).HasMaxLength(Lengths.Name);
        mail.Property(m => m.Attachments).HasConversion(   // read whole, with the mail
            ids => string.Join(' ', ids), text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse).ToArray(), SameDocuments);
        mail.HasIndex(m => m.Key).IsUnique();                      // a step that runs twice writes once
        mail.HasIndex(m => new { m.State, m.NotBefore });          // what to hand over next
        mail.HasIndex(m => new { m.ProgrammeId, m.CreatedAt });    // the programme's mails, newest first
        mail.HasIndex(m => m.ProjectId);                           // a project's mails
        mail.HasIndex(m => m.TaskId);                              // whether a task's mail went out
    }
}

using Alize.Data.Documents;
using Alize.Data.Tasks;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Alize.Data.Mappings;

internal sealed class PartnerTaskMapping : IEntityTypeConfiguration<PartnerTask>
{
    public void Configure(EntityTypeBuilder<PartnerTask> task)
    {
        task.ToTable("PartnerTasks").HasGivenId();
        task.BelongsToProgramme();
        task.HasOne<Contact>().WithMany().ByKey(t => t.AssigneeContactId);
        task.HasOne<StoredDocument>().WithMany().ByKey(t => t.DocumentId);
        task.Property(t => t.StepKey).HasMaxLength(Lengths.Key);
        task.Property(t => t.InstanceId).HasMaxLength(Lengths.Key);
        task.Property(t => t.Kind).HasMaxLength(Lengths.Name);
        task.Property(t => t.Version).IsConcurrencyToken();
        task.HasIndex(t => t.StepKey).IsUnique();                             // a step that runs twice finds its task
        task.HasIndex(t => new { t.AssigneeContactId, t.State });             // what one person is asked
        task.HasIndex(t => new { t.ProgrammeId, t.State, t.DueOn });          // the operator's list of what is awaited, late first
        task.HasIndex(t => t.InstanceId);                                     // tasks to close with their instance
        task.HasIndex(t => t.ProjectId);                                      // a project's page
    }
}

internal sealed class TaskLinkMapping : IEntityTypeConfiguration<TaskLink>
{
    public void Configure(EntityTypeBuilder<TaskLink> link)
    {
        link.ToTable("TaskLinks").HasKey(l => l.TokenHash);
        link.BelongsToProgramme();
        link.HasOne<PartnerTask>().WithMany().ByKey(l => l.TaskId);
        link.HasOne<Contact>().WithMany().ByKey(l => l.ContactId);
        link.Property(l => l.TokenHash).HasMaxLength(Lengths.Hash);
        link.Property(l => l.Purpose).HasMaxLength(Lengths.Name);
        link.HasIndex(l => l.TaskId);      // links of a reassigned task
        link.HasIndex(l => l.ExpiresAt);   // the retention job deletes old ones
    }
}

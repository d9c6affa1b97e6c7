using Alize.Data.Workflow;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Mappings;

/// <summary>
/// The engine's rows. Without references between them: they are written by plain statements in whatever order a burst needs, and
/// old instances leave by plain deletes.
/// </summary>
internal static class EngineMapping
{
    public static void Configure(ModelBuilder builder, bool sqlServer)
    {
        builder.Entity<WorkflowInstance>(instance =>
        {
            instance.ToTable("WorkflowInstances").HasGivenId();
            instance.Property(i => i.Id).HasMaxLength(Lengths.Key);
            instance.Property(i => i.DefinitionId).HasMaxLength(Lengths.Name);
            instance.Property(i => i.CorrelationId).HasMaxLength(Lengths.Key);
            instance.Property(i => i.ParentInstanceId).HasMaxLength(Lengths.Key);
            instance.Property(i => i.Name).HasMaxLength(WorkflowInstance.LongestName);
            instance.Property(i => i.TenantId).HasMaxLength(Lengths.Name);
            instance.Property(i => i.Status).HasMaxLength(Lengths.State);
            instance.Property(i => i.SubStatus).HasMaxLength(Lengths.State);
            instance.Property(i => i.ActivationKey).HasMaxLength(Lengths.Hash);
            instance.HasIndex(i => i.ActivationKey).IsUnique();    // one at a time, also of two started at the same moment
            instance.HasIndex(i => i.CorrelationId);       // the workflows of one project
            instance.HasIndex(i => i.ParentInstanceId);    // the children of an instance

            // The lists of instances, see InstanceSeek: every column but the last two is given, the last two are the order. None by what
            // every burst changes: it would be written by every burst, and no page asks for that order.
            instance.HasIndex(i => new { i.TenantId, i.CreatedAt, i.Id });                                         // newest first
            instance.HasIndex(i => new { i.TenantId, i.FinishedAt, i.Id })                                         // what retention may delete
                .HasFilter(sqlServer ? "[FinishedAt] IS NOT NULL" : "\"FinishedAt\" IS NOT NULL");
            instance.HasIndex(i => new { i.TenantId, i.Name, i.Id });                                              // by name
            instance.HasIndex(i => new { i.TenantId, i.Status, i.SubStatus, i.CreatedAt, i.Id });                  // by state
            instance.HasIndex(i => new { i.TenantId, i.DefinitionId, i.Status, i.SubStatus, i.CreatedAt, i.Id });  // by definition and state
            instance.HasIndex(i => new { i.CreatedAt, i.Id }, "IX_WorkflowInstances_Incidents")                    // what is stuck
                .HasFilter(sqlServer ? "[IncidentCount] > 0" : "\"IncidentCount\" > 0");
        });
        builder.Entity<StoredBookmark>(bookmark =>
        {
            bookmark.ToTable("WorkflowBookmarks").HasGivenId();
            bookmark.Property(b => b.Id).HasMaxLength(Lengths.Key);
            bookmark.Property(b => b.InstanceId).HasMaxLength(Lengths.Key);
            bookmark.Property(b => b.Name).HasMaxLength(Lengths.Name);
            bookmark.Property(b => b.Hash).HasMaxLength(Lengths.Hash);
            bookmark.HasIndex(b => b.Hash);         // what a stimulus wakes
            bookmark.HasIndex(b => b.InstanceId);   // what an instance waits for
        });
        builder.Entity<StoredTrigger>(trigger =>
        {
            trigger.ToTable("WorkflowTriggers").HasGivenId();
            trigger.Property(t => t.Id).HasMaxLength(Lengths.Key);
            trigger.Property(t => t.DefinitionId).HasMaxLength(Lengths.Name);
            trigger.Property(t => t.Hash).HasMaxLength(Lengths.Hash);
            trigger.HasIndex(t => t.Hash);           // what a stimulus starts
            trigger.HasIndex(t => t.DefinitionId);   // replaced with their definition
        });
        builder.Entity<StoredTimer>(timer =>
        {
            timer.ToTable("WorkflowTimers").HasGivenId();
            timer.Property(t => t.Id).HasMaxLength(Lengths.Key);
            timer.Property(t => t.InstanceId).HasMaxLength(Lengths.Key);
            timer.Property(t => t.JobId).HasMaxLength(Lengths.Name);
            timer.HasIndex(t => t.DueAt);        // what is due, what to schedule, the next moment
            timer.HasIndex(t => t.InstanceId);   // the deadlines of an instance
        });
        builder.Entity<Stimulus>(stimulus =>
        {
            stimulus.ToTable("WorkflowStimuli").HasGivenId();
            stimulus.Property(s => s.Id).HasMaxLength(Lengths.Key);
            stimulus.Property(s => s.Hash).HasMaxLength(Lengths.Hash);
            stimulus.Property(s => s.InstanceId).HasMaxLength(Lengths.Key);
            stimulus.HasIndex(s => s.NotBefore);   // what to deliver next
            stimulus.HasIndex(s => s.Hash);        // what came before the bookmark it is meant for
            stimulus.HasIndex(s => s.InstanceId);  // what goes with a deleted instance
        });
        builder.Entity<JournalPack>(pack =>
        {
            pack.ToTable("WorkflowJournal");
            pack.Property(p => p.InstanceId).HasMaxLength(Lengths.Key - 16);   // with two numbers the key still fits its 900 bytes
            pack.HasKey(p => new { p.InstanceId, p.LastSequence, p.Revision });   // an instance's journal, page by page
        });
        builder.Entity<RetentionEntry>(entry =>
        {
            entry.ToTable("WorkflowRetention").HasGivenId();
            entry.Property(e => e.TenantId).HasMaxLength(Lengths.Name);
            entry.Property(e => e.DefinitionId).HasMaxLength(Lengths.Name);
            entry.HasIndex(e => new { e.TenantId, e.At });   // what went, newest first
        });
        builder.Entity<StoredDefinition>(definition =>
        {
            definition.ToTable("WorkflowDefinitions").HasGivenId();
            definition.Property(d => d.Id).HasMaxLength(Lengths.Key);
            definition.Property(d => d.DefinitionId).HasMaxLength(Lengths.Name);
            definition.Property(d => d.FileHash).HasMaxLength(Lengths.Hash);
            definition.HasIndex(d => new { d.DefinitionId, d.Version }).IsUnique();   // the latest, the published one, all versions
        });
    }
}

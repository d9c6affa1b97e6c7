using Alize.Data;
using Alize.Domain.Programmes;

namespace Alize.Workflows.Programmes;

/// <summary>Writes the append-only trail (R19) in the unit of work at hand.</summary>
public sealed class Trail(AlizeDb db, TimeProvider time)
{
    /// <summary>Who acts when a workflow does by itself.</summary>
    public const string Service = "Service ALIZÉ";

    public void Add(Guid programmeId, string kind, string text, string actor = Service, Guid? projectId = null, Guid? subjectId = null) =>
        db.AuditEntries.Add(new AuditEntry
        {
            ProgrammeId = programmeId,
            At = time.GetUtcNow().UtcDateTime,
            Actor = actor,
            Kind = kind,
            Text = text,
            ProjectId = projectId,
            SubjectId = subjectId,
        });
}

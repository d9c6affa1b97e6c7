using System.Security.Claims;
using Alize.Data;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>What somebody may start instances about: nothing, or a project or a session of a programme within reach.</summary>
internal sealed class StartBounds(AlizeDb db, IWorkflowStore store, ProgrammeReach reach)
{
    /// <summary>Why a start is refused; null when it is not. What is out of reach is said as if it did not exist.</summary>
    public async Task<string?> RefusalAsync(RunRequest asked, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await TenantAsync(db, asked.CorrelationId, cancel) is { } tenant && !(await reach.TenantsAsync(user, cancel)).Contains(tenant))
            return $"« {asked.CorrelationId} » n’est ni un projet ni une séance d’un programme où vous êtes opérateur ou concepteur. Rien n’a été démarré.";

        // Starting what runs already answers with where it stands.
        return asked.InstanceId is { Length: > 0 } id && await store.FindInstanceAsync(id, cancel) is { } instance && !await reach.HoldsAsync(user, instance, cancel)
            ? $"L’identifiant « {id} » est déjà pris. Choisissez-en un autre, ou n’en donnez pas."
            : null;
    }

    /// <summary>The programme of what an instance is about: a project's or a session's. Null for a trial run about nothing.</summary>
    public static async Task<string?> TenantAsync(AlizeDb db, string? correlationId, CancellationToken cancel)
    {
        if (!Guid.TryParse(correlationId, out var id)) return null;
        var programme = await db.Projects.Where(p => p.Id == id).Select(p => (Guid?)p.ProgrammeId).SingleOrDefaultAsync(cancel)
            ?? await db.CommitteeSessions.Where(s => s.Id == id).Select(s => (Guid?)s.ProgrammeId).SingleOrDefaultAsync(cancel);
        return programme?.ToString();
    }
}

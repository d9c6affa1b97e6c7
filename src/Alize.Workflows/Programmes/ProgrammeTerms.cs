using Alize.Data;
using Alize.Domain;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Programmes;

/// <summary>What the operator records about the end of the convention by hand (R16, art. 8); the rest comes from mailed forms.</summary>
public sealed class ProgrammeTerms(AlizeDb db, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime)
{
    /// <summary>
    /// Records the clauses spécifiques signed between the funders and the operator: what is repaid then goes back as it comes in. The
    /// procedure that waits looks again at once. Empty: recorded.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> AgreeAsync(Guid programmeId, string clause, string by, CancellationToken cancel)
    {
        var reference = clause.Trim();
        if (reference.Length == 0) return [new("clause", "Indiquez la référence de la clause signée : avenant, date, article.")];
        if (await db.ProgrammeTerms.SingleOrDefaultAsync(t => t.ProgrammeId == programmeId, cancel) is not { } term)
            return [new("", "La procédure du terme n’est pas encore ouverte. Ouvrez-la depuis « Bilans », puis recommencez.")];
        if (term.SpecificClause == reference) return [];
        term.Agree(reference);
        trail.Add(programmeId, "term", FrenchText.Typeset($"Clause spécifique sur les sommes remboursées : {reference}"), by, subjectId: term.Id);
        var signal = signals.For(Signals.TermChanged, term.Id);
        store.Enqueue(signal);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return [new("", "Quelqu’un d’autre vient d’agir sur le terme. Rechargez la page, puis recommencez.")];
        }

        await runtime.DeliverAsync(signal.Id, cancel);
        return [];
    }
}

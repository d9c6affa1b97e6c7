using Alize.Workflows.Accounts;
using Alize.Workflows.Repayment;

namespace Alize.Workflows.Demo.Years;

/// <summary>
/// Whether everything that says the same thing says the same figure, to the cent: journal, advances, bank statements, orders, dotations,
/// staff-days, fichier des écritures comptables (R19, art. 5.3).
/// </summary>
/// <param name="Figures">What was found.</param>
/// <param name="Disagreements">What does not agree, one line each; empty when all does.</param>
public sealed record Agreement(YearsFigures Figures, IReadOnlyList<string> Disagreements)
{
    /// <summary>SIREN under which the story's books are exported.</summary>
    internal const string Holder = "732829320";

    /// <summary>Compares everything as of a day on which every statement through it is imported.</summary>
    public static async Task<Agreement> AtAsync(YearsWorld world, Guid programmeId, DateOnly on, CancellationToken cancel)
    {
        await world.DoAsync<Repayments>(r => r.BookDueAsync(cancel));
        var books = await YearsBooks.ReadAsync(world, programmeId, on, cancel);
        var figures = await YearsFigures.ReadAsync(world, programmeId, on, books, cancel);
        var fec = await world.AskAsync<FecExport, IReadOnlyList<string>>(export => FecAgreement.AtAsync(export, world, programmeId, on, cancel));
        var report = await ReportAgreement.AtAsync(world, programmeId, books, cancel);
        var audit = await world.AskAsync<Books, JournalAudit>(b => b.AuditAsync(programmeId, cancel));
        return new(figures, [.. books.Balance(), .. books.Advances(), .. books.Bank(), .. books.Partners(), .. books.Ended(), .. fec, .. report,
            .. audit.BrokenAt is { } broken ? [$"entry {broken} is not what was written"] : Array.Empty<string>()]);
    }
}

using Alize.Data;
using Alize.Data.Documents;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Documents;

/// <summary>A document without its bytes.</summary>
public sealed record DocumentLine(Guid Id, string Kind, string Title, DateTime MadeAt, string MadeBy, string Sha256, int Length, bool HasData)
{
    /// <summary>The documents of a query, as lines: their bytes stay in the database.</summary>
    public static IQueryable<DocumentLine> Of(IQueryable<StoredDocument> documents) =>
        documents.Select(d => new DocumentLine(d.Id, d.Kind, d.Title, d.MadeAt, d.MadeBy, d.Sha256, d.Content.Length, d.Source != ""));
}

/// <summary>All documents of the programme, newest first.</summary>
public sealed class IndexModel(AlizeDb db) : ProgrammePage
{
    private const int PerPage = 50;

    /// <summary>Id of the last document on the page before; ids follow time.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Before { get; set; }

    public IReadOnlyList<DocumentLine> Lines { get; private set; } = [];

    public Guid? NextBefore { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var documents = db.Documents.AsNoTracking().Where(d => d.ProgrammeId == ProgrammeId);
        if (Before is { } before)
        {
            var at = await documents.Where(d => d.Id == before).Select(d => (DateTime?)d.MadeAt).SingleOrDefaultAsync(cancel);
            documents = documents.Where(d => d.MadeAt < at || (d.MadeAt == at && d.Id < before));
        }

        var lines = await DocumentLine.Of(documents.OrderByDescending(d => d.MadeAt).ThenByDescending(d => d.Id).Take(PerPage + 1)).ToListAsync(cancel);
        NextBefore = lines.Count > PerPage ? lines[PerPage - 1].Id : null;
        Lines = [.. lines.Take(PerPage)];
    }
}

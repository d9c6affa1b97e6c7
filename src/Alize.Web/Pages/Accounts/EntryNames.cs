using System.Globalization;
using Alize.Data;
using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>What the entries of a page name by id: funders, companies, projects, and where their source is shown. Of one request.</summary>
public sealed class EntryNames(AlizeDb db)
{
    private Dictionary<Guid, string> parties = [];
    private Dictionary<Guid, string> projects = [];
    private Dictionary<Guid, string> advances = [];

    public async Task LoadAsync(Guid programmeId, IReadOnlyCollection<JournalEntry> entries, CancellationToken cancel)
    {
        parties = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        await LoadPartiesAsync(programmeId, entries.SelectMany(e => e.Lines).Select(l => l.PartyId).OfType<Guid>(), cancel);
        foreach (var some in entries.Select(e => e.ProjectId).OfType<Guid>().Distinct().Chunk(500))
        {
            foreach (var project in await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == programmeId && some.Contains(p.Id)).Select(p => new { p.Id, p.Number }).ToListAsync(cancel))
                projects[project.Id] = project.Number;
            foreach (var advance in await db.Advances.AsNoTracking().IgnoreAutoIncludes().Where(a => a.ProgrammeId == programmeId && some.Contains(a.ProjectId)).Select(a => new { a.ProjectId, a.Reference }).ToListAsync(cancel))
                advances[advance.ProjectId] = advance.Reference;
        }
    }

    /// <summary>The names of some parties, whether or not an entry of the page names them.</summary>
    public async Task LoadPartiesAsync(Guid programmeId, IEnumerable<Guid> ids, CancellationToken cancel)
    {
        foreach (var some in ids.Where(id => !parties.ContainsKey(id)).Distinct().Chunk(500))
            foreach (var company in await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == programmeId && some.Contains(c.Id)).Select(c => new { c.Id, c.Name }).ToListAsync(cancel))
                parties[company.Id] = company.Name;
    }

    public string? Party(Guid? id) => id is { } known ? parties.GetValueOrDefault(known) : null;

    /// <summary>The funder or company an entry is about.</summary>
    public string? Party(JournalEntry entry) => Party(entry.Lines.Select(l => l.PartyId).FirstOrDefault(p => p is not null));

    /// <summary>Number of the project an entry is about.</summary>
    public string? Project(JournalEntry entry) => entry.ProjectId is { } id ? projects.GetValueOrDefault(id) : null;

    /// <summary>Reference of the advance an entry moves; null for one that is only decided.</summary>
    public string? Advance(JournalEntry entry) =>
        entry.Account == FundAccount.Advances && entry.ProjectId is { } id ? advances.GetValueOrDefault(id) : null;

    /// <summary>An entry as people name it: « 2026-12 ».</summary>
    public static string Number(JournalEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Year}-{entry.Number}");

    public static string French(SourceKind kind) => kind switch
    {
        SourceKind.Decision => "Décision",
        SourceKind.Document => "Document",
        SourceKind.BankLine => "Relevé bancaire",
        SourceKind.Person => "Déclaration",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A source without a name: add it here."),
    };
}

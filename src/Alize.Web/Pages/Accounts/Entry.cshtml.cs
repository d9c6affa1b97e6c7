using Alize.Data;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>One entry with its lines and what it rests on: the third click of the drill-down (R19).</summary>
public sealed class EntryModel(AlizeDb db, Books books, EntryNames names) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public string Number { get; set; } = "";

    public JournalEntry Entry { get; private set; } = null!;

    public string? Reverses { get; private set; }

    public string? ReversedBy { get; private set; }

    /// <summary>Page of the thing that justifies the entry; null when it is only named.</summary>
    public string? SourceHref { get; private set; }

    public EntryNames Names => names;

    // As typed.
    public string Reason { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await LoadAsync(cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostReverseAsync(string? reason, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Reason = reason ?? "";
        var (problems, refusals) = await books.ReverseAsync(ProgrammeId, Entry.Id, Reason, By, cancel);
        if (problems.Count + refusals.Count > 0) return Refused([.. problems, .. refusals.Select(r => new Problem("", $"{r}"))]);
        Say($"L’écriture {Number} est extournée.");
        return Redirect($"{Root}/accounts/entries/{Number}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (Number.Split('-') is not [var typedYear, var typedNumber] || !int.TryParse(typedYear, out var year) || !int.TryParse(typedNumber, out var number)) return false;
        var entry = await db.JournalEntries.AsNoTracking().SingleOrDefaultAsync(e => e.ProgrammeId == ProgrammeId && e.Year == year && e.Number == number, cancel);
        if (entry is null) return false;
        Entry = entry;
        await names.LoadAsync(ProgrammeId, [entry], cancel);
        Reverses = await NumberOfAsync(e => e.Id == entry.ReversesId, cancel);
        ReversedBy = await NumberOfAsync(e => e.ReversesId == entry.Id, cancel);
        SourceHref = await HrefAsync(cancel);
        return true;
    }

    private async Task<string?> NumberOfAsync(System.Linq.Expressions.Expression<Func<JournalEntry, bool>> which, CancellationToken cancel) =>
        await db.JournalEntries.AsNoTracking().IgnoreAutoIncludes().Where(e => e.ProgrammeId == ProgrammeId).Where(which)
            .Select(e => e.Year + "-" + e.Number).SingleOrDefaultAsync(cancel);

    private async Task<string?> HrefAsync(CancellationToken cancel)
    {
        if (Entry.SourceId is not { } id) return Project();
        if (await db.Documents.Where(d => d.SubjectId == id && d.ProgrammeId == ProgrammeId).OrderByDescending(d => d.MadeAt).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(cancel) is { } document)
            return $"{Root}/documents/{document}";
        if (await db.FundsCalls.AnyAsync(c => c.Id == id && c.ProgrammeId == ProgrammeId, cancel)) return $"{Root}/accounts/pledges#calls";
        if (await db.Pledges.AnyAsync(p => p.Id == id && p.ProgrammeId == ProgrammeId, cancel)) return $"{Root}/accounts/pledges";
        if (await db.CompetenceCommitments.AnyAsync(c => c.Id == id && c.ProgrammeId == ProgrammeId, cancel)) return $"{Root}/competences/{id}#time";
        var session = await db.Decisions.Where(d => d.Id == id && d.ProgrammeId == ProgrammeId).Select(d => (Guid?)d.SessionId).SingleOrDefaultAsync(cancel)
            ?? await db.Advances.SelectMany(a => a.Rulings).Where(r => r.Id == id && r.ProgrammeId == ProgrammeId).Select(r => (Guid?)r.SessionId).SingleOrDefaultAsync(cancel);
        if (session is not null) return $"{Root}/sessions/{session}";
        return Project();
    }

    private string? Project() =>
        names.Advance(Entry) is { } advance ? $"{Root}/advances/{advance}"
        : names.Project(Entry) is { } project ? $"{Root}/projects/{project}"
        : null;
}

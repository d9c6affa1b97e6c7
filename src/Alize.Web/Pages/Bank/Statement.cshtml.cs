using Alize.Data;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Bank;

/// <summary>One statement, line by line, as the bank sent it.</summary>
public sealed class StatementModel(AlizeDb db) : ProgrammePage
{
    private const int AtOnce = 100;

    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Number of the last line of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public int? After { get; set; }

    public BankStatement Statement { get; private set; } = null!;

    public IReadOnlyList<BankLine> Lines { get; private set; } = [];

    public int? NextAfter { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var statement = await db.BankStatements.AsNoTracking().SingleOrDefaultAsync(s => s.ProgrammeId == ProgrammeId && s.Id == Id, cancel);
        if (statement is null) return NotFound();
        Statement = statement;
        var after = After ?? 0;
        Lines = await db.BankLines.AsNoTracking().Where(l => l.StatementId == Id && l.Number > after).OrderBy(l => l.Number).Take(AtOnce).ToListAsync(cancel);
        if (Lines.Count == AtOnce && Lines[^1].Number < statement.Lines) NextAfter = Lines[^1].Number;
        return Page();
    }
}

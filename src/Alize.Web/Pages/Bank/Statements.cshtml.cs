using Alize.Data;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Bank;

/// <summary>The statements, the latest imported first.</summary>
public sealed class StatementsModel(AlizeDb db) : ProgrammePage
{
    private const int AtOnce = 30;

    /// <summary>Id of the last statement of the page before; ids ascend with the import.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? After { get; set; }

    public IReadOnlyList<(BankStatement Statement, int Open)> Statements { get; private set; } = [];

    public Guid? NextAfter { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var all = db.BankStatements.AsNoTracking().Where(s => s.ProgrammeId == ProgrammeId);
        if (After is { } last) all = all.Where(s => s.Id.CompareTo(last) < 0);
        var found = await all.OrderByDescending(s => s.Id).Take(AtOnce + 1).ToListAsync(cancel);
        var ids = found.Select(s => s.Id).ToList();
        var open = await db.BankLines.Where(l => ids.Contains(l.StatementId) && l.Matched != l.Amount).GroupBy(l => l.StatementId)
            .Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        Statements = [.. found.Take(AtOnce).Select(s => (s, open.GetValueOrDefault(s.Id)))];
        if (found.Count > AtOnce) NextAfter = found[AtOnce - 1].Id;
    }
}

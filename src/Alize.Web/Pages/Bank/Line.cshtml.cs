using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts.Bank;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Bank;

/// <summary>One bank line: what it may be, what it was found to be, and the way back.</summary>
public sealed class LineModel(AlizeDb db, BankMatching matching, BankCounterparts counterparts) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public BankLine Line { get; private set; } = null!;

    public BankStatement Statement { get; private set; } = null!;

    public IReadOnlyList<BankMatch> Matches { get; private set; } = [];

    public IReadOnlyList<MatchSuggestion> Suggestions { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Choices { get; private set; } = [];

    public IReadOnlyList<SelectListItem> Costs { get; } = [.. BankMatching.Costs.Select(c => new SelectListItem(c.French(), c.ToString()))];

    // As typed.
    public string Target { get; private set; } = "";

    public string Part { get; private set; } = "";

    public string Cost { get; private set; } = nameof(LedgerAccount.Expenses);

    public string Label { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Part = Typed(new(Math.Abs(Line.Remaining.Cents)));
        return Page();
    }

    public async Task<IActionResult> OnPostConfirmAsync(string? target, string? part, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Target, Part) = (target ?? "", part ?? Typed(new(Math.Abs(Line.Remaining.Cents))));
        if (target?.Split('.') is not [var kind, var id] || !Enum.TryParse<CounterpartKind>(kind, out var what) || !Guid.TryParse(id, out var targetId))
            return Refused([new("target", "Choisissez la contrepartie de cette opération.")]);
        if (!Money.TryParse(Part, out var amount)) return Refused([new("part", $"« {Part} » n’est pas un montant. Écrivez par exemple 833,33.")]);
        return await DoneAsync(await matching.ConfirmAsync(ProgrammeId, Id, what, targetId, amount, By, cancel), "L’opération est rapprochée, sa ligne de relevé sert de justificatif.", cancel);
    }

    public async Task<IActionResult> OnPostCostAsync(LedgerAccount cost, string? label, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        (Cost, Label, Part) = (cost.ToString(), label ?? "", Typed(new(Math.Abs(Line.Remaining.Cents))));
        return await DoneAsync(await matching.BookCostAsync(ProgrammeId, Id, cost, Label, By, cancel), "La charge est inscrite au journal des frais de fonctionnement.", cancel);
    }

    public async Task<IActionResult> OnPostUndoAsync(Guid match, string? reason, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Part = Typed(new(Math.Abs(Line.Remaining.Cents)));
        return await DoneAsync(await matching.UndoAsync(ProgrammeId, match, reason ?? "", By, cancel), "Le rapprochement est annulé par une écriture inverse.", cancel);
    }

    private async Task<IActionResult> DoneAsync(IReadOnlyList<Workflows.Problem> problems, string said, CancellationToken cancel)
    {
        if (problems.Count > 0) return Refused(problems);
        Say(said);
        await LoadAsync(cancel);
        return Redirect(Line.Remaining == Money.Zero ? $"{Root}/bank" : $"{Root}/bank/lines/{Id}");
    }

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        var line = await db.BankLines.AsNoTracking().SingleOrDefaultAsync(l => l.ProgrammeId == ProgrammeId && l.Id == Id, cancel);
        if (line is null) return false;
        Line = line;
        Statement = await db.BankStatements.AsNoTracking().SingleAsync(s => s.Id == line.StatementId, cancel);
        Matches = await db.BankMatches.AsNoTracking().Where(m => m.LineId == line.Id).OrderBy(m => m.ConfirmedAt).ThenBy(m => m.Id).ToListAsync(cancel);
        var all = await counterparts.OfAsync(ProgrammeId, cancel);
        Suggestions = new BankLineMatching(all).For(line);
        Choices = [.. all.Where(c => c.Account == line.Account && c.IsReceived == line.Amount > Money.Zero)
            .Select(c => new SelectListItem($"{c.Label} – {c.Party}", $"{c.Kind}.{c.TargetId}"))];
        return true;
    }

    private static string Typed(Money amount) => (amount.Cents / 100m).ToString("0.00", CultureInfo.InvariantCulture).Replace('.', ',');
}

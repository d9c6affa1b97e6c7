using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts.Bank;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Bank;

/// <summary>One of the two accounts: what the bank says, and what the books say on the same day.</summary>
public sealed record AccountStanding(FundAccount Account, BankAccount? Bank, BankStatement? Last, Money Booked);

/// <summary>Statements come in, and what is on them finds its counterpart (R9, R19).</summary>
[RequestSizeLimit(StatementFile.MostBytes + (64 * 1024))]
[RequestFormLimits(MultipartBodyLengthLimit = StatementFile.MostBytes + (64 * 1024))]
public sealed class IndexModel(AlizeDb db, BankStatements statements, BankMatching matching, BankCounterparts counterparts) : ProgrammePage
{
    private const int AtOnce = 25;

    /// <summary>Day and id of the last line of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public string? After { get; set; }

    public IReadOnlyList<AccountStanding> Accounts { get; private set; } = [];

    public int OpenCount { get; private set; }

    public int SureCount { get; private set; }

    public IReadOnlyList<(BankLine Line, IReadOnlyList<MatchSuggestion> Suggestions)> Lines { get; private set; } = [];

    public string? NextAfter { get; private set; }

    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostImportAsync(IFormFile? file, CancellationToken cancel)
    {
        if (file is null or { Length: 0 }) return await AgainAsync([new("file", "Choisissez le fichier du relevé, puis importez-le.")], cancel);
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancel);
        var import = await statements.ImportAsync(ProgrammeId, file.FileName, content.ToArray(), By, cancel);
        Refusals = import.Refusals;
        if (import.Problems.Count > 0 || Refusals.Count > 0) return await AgainAsync(import.Problems, cancel);
        Say(string.Join(' ', [$"Relevé importé : {FrenchText.Plural(import.Statements.Sum(s => s.Lines), "opération")}.", .. import.Remarks]));
        return Redirect($"{Root}/bank");
    }

    public async Task<IActionResult> OnPostConfirmAsync(Guid line, string? target, CancellationToken cancel)
    {
        if (target?.Split('.') is not [var kind, var id] || !Enum.TryParse<CounterpartKind>(kind, out var what) || !Guid.TryParse(id, out var targetId)) return BadRequest();
        var problems = await matching.ConfirmAsync(ProgrammeId, line, what, targetId, null, By, cancel);
        if (problems.Count > 0) return await AgainAsync(problems, cancel);
        Say("L’opération est rapprochée, sa ligne de relevé sert de justificatif.");
        return Redirect($"{Root}/bank#lines");
    }

    public async Task<IActionResult> OnPostConfirmSureAsync(CancellationToken cancel)
    {
        var (booked, problems) = await matching.ConfirmSureAsync(ProgrammeId, By, cancel);
        if (problems.Count > 0) return await AgainAsync(problems, cancel);
        Say($"{FrenchText.Plural(booked, "opération rapprochée", "opérations rapprochées")}.");
        return Redirect($"{Root}/bank");
    }

    private async Task<IActionResult> AgainAsync(IReadOnlyList<Workflows.Problem> problems, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        return Refused(problems);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var accounts = new List<AccountStanding>();
        foreach (var account in FundAccountNames.WithMoney)
        {
            var bank = await db.BankAccounts.AsNoTracking().Where(a => a.ProgrammeId == ProgrammeId && a.Account == account).OrderByDescending(a => a.RecordedAt).FirstOrDefaultAsync(cancel);
            var last = await db.BankStatements.AsNoTracking().Where(s => s.ProgrammeId == ProgrammeId && s.Account == account).OrderByDescending(s => s.To).ThenByDescending(s => s.Id).FirstOrDefaultAsync(cancel);
            var day = last?.To ?? Clock.Today;
            var booked = await db.JournalEntries.Where(e => e.ProgrammeId == ProgrammeId && e.Account == account && e.BookedOn <= day)
                .SelectMany(e => e.Lines).Where(l => l.Ledger == LedgerAccount.Bank).SumAsync(l => l.DebitCents - l.CreditCents, cancel);
            accounts.Add(new(account, bank, last, new(booked)));
        }

        Accounts = accounts;
        var known = new BankLineMatching(await counterparts.OfAsync(ProgrammeId, cancel));
        var all = await matching.Open(ProgrammeId).AsNoTracking().ToListAsync(cancel);
        OpenCount = all.Count;
        var suggested = all.Select(line => (Line: line, Suggestions: known.For(line))).ToList();
        SureCount = suggested.Count(s => s.Suggestions.Any(x => x.IsSure));
        if (After?.Split('.') is [var on, var id] && DateOnly.TryParseExact(on, "yyyy-MM-dd", out var lastDay) && Guid.TryParse(id, out var lastId))
            suggested = [.. suggested.SkipWhile(s => s.Line.BookedOn < lastDay || (s.Line.BookedOn == lastDay && s.Line.Id != lastId)).Skip(1)];
        Lines = [.. suggested.Take(AtOnce)];
        if (suggested.Count > AtOnce) NextAfter = string.Create(CultureInfo.InvariantCulture, $"{Lines[^1].Line.BookedOn:yyyy-MM-dd}.{Lines[^1].Line.Id:N}");
    }
}

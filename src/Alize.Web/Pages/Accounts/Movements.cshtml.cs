using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>A line with the entry it is in.</summary>
public sealed record MovementLine(JournalEntry Entry, JournalLine Line);

/// <summary>A sub-account.</summary>
public sealed record PartyBalance(Guid Id, string Name, Money Balance);

/// <summary>The movements of one ledger account, of all parties or of one, newest first: the second click of the drill-down (R19).</summary>
public sealed class MovementsModel(AlizeDb db, Ledger ledger, EntryNames names) : ProgrammePage
{
    private const int AtOnce = 50;

    /// <summary>Code of the journal: AV, FO, CO.</summary>
    [BindProperty(SupportsGet = true)]
    public string Book { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public string Number { get; set; } = "";

    [BindProperty(SupportsGet = true)]
    public Guid? Party { get; set; }

    /// <summary>Place in the chain of the last entry of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    /// <summary>One calendar year alone.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Year { get; set; }

    /// <summary>Up to the end of a calendar year.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Through { get; set; }

    /// <summary>Kinds of movement, separated by commas: those a figure of a report counts.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Kinds { get; set; }

    /// <summary>The same choice of movements, in an address.</summary>
    public string Choice => string.Concat(Year is { } year ? $"&year={year}" : "", Through is { } through ? $"&through={through}" : "", Kinds is { Length: > 0 } kinds ? $"&kinds={Uri.EscapeDataString(kinds)}" : "");

    /// <summary>The choice in words. Empty: everything is shown.</summary>
    public string ChoiceWords => (Year, Through) switch
    {
        ({ } year, _) => $"en {year}",
        (_, { } through) => $"jusqu’au 31 décembre {through}",
        _ => Kinds is { Length: > 0 } ? "d’une seule nature" : "",
    };

    public FundAccount Account { get; private set; }

    public ChartLine Line { get; private set; } = ChartOfAccounts.Lines[0];

    public Money Balance { get; private set; }

    public int HalfDays { get; private set; }

    public IReadOnlyList<PartyBalance> Parties { get; private set; } = [];

    public string? PartyName => names.Party(Party);

    public IReadOnlyList<MovementLine> Lines { get; private set; } = [];

    public long? NextBefore { get; private set; }

    public EntryNames Names => names;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!Find()) return NotFound();
        var entries = Entries();
        if (Before is { } last) entries = entries.Where(e => e.Sequence < last);
        var found = await entries.OrderByDescending(e => e.Sequence).Take(AtOnce + 1).ToListAsync(cancel);
        var balances = (await ledger.BalancesAsync(ProgrammeId, null, cancel)).Where(b => b.Account == Account && b.Ledger == Line.Ledger).ToList();
        await names.LoadAsync(ProgrammeId, found, cancel);
        var ofParties = balances.Where(b => b.PartyId is not null && b.Balance != Money.Zero).ToList();
        await names.LoadPartiesAsync(ProgrammeId, ofParties.Select(b => b.PartyId!.Value), cancel);
        Parties = [.. ofParties.Select(b => new PartyBalance(b.PartyId!.Value, names.Party(b.PartyId) ?? "–", b.Balance)).OrderBy(p => p.Name, StringComparer.CurrentCulture)];
        var shown = Party is null ? balances : [.. balances.Where(b => b.PartyId == Party)];
        (Balance, HalfDays) = (Money.Sum(shown.Select(b => b.Balance)), shown.Sum(b => b.HalfDays));
        if (Choice.Length > 0)
        {
            var lines = Entries().SelectMany(e => e.Lines).Where(l => l.Ledger == Line.Ledger && (Party == null || l.PartyId == Party));
            (Balance, HalfDays) = (new(await lines.SumAsync(l => l.DebitCents - l.CreditCents, cancel)), await lines.SumAsync(l => l.DebitHalfDays - l.CreditHalfDays, cancel));
        }

        Lines = [.. found.Take(AtOnce).SelectMany(Of)];
        if (found.Count > AtOnce) NextBefore = found[AtOnce - 1].Sequence;
        return Page();
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        if (!Find()) return NotFound();
        var entries = await Entries().OrderBy(e => e.Sequence).ToListAsync(cancel);
        await names.LoadAsync(ProgrammeId, entries, cancel);
        var sheet = new Sheet("Date", "N°", "Libellé", "Pièce", "Date de pièce", "Tiers", "Projet", "Débit (€)", "Crédit (€)", "Journées débit", "Journées crédit", "Par");
        foreach (var (entry, line) in entries.SelectMany(Of))
            sheet.Row(
                entry.BookedOn, EntryNames.Number(entry), entry.Label, entry.SourceReference, entry.SourceOn, names.Party(line.PartyId), names.Project(entry), line.Debit, line.Credit,
                line.DebitHalfDays / 2m, line.CreditHalfDays / 2m, entry.BookedBy);
        return sheet.File($"{Number} {Line.Label}");
    }

    private bool Find()
    {
        var account = Enum.GetValues<FundAccount>().Where(a => a.JournalCode() == Book).Select(a => (FundAccount?)a).SingleOrDefault();
        if (account is null || ChartOfAccounts.Of(account.Value).SingleOrDefault(l => l.Ledger.NumberIn(account.Value) == Number) is not { } line) return false;
        (Account, Line) = (account.Value, line);
        return true;
    }

    private IQueryable<JournalEntry> Entries()
    {
        var entries = db.JournalEntries.AsNoTracking().Where(e =>
            e.ProgrammeId == ProgrammeId && e.Account == Account && e.Lines.Any(l => l.Ledger == Line.Ledger && (Party == null || l.PartyId == Party)));
        if (Year is { } year) entries = entries.Where(e => e.Year == year);
        if (Through is { } through) entries = entries.Where(e => e.Year <= through);
        var kinds = (Kinds ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(k => Enum.TryParse<MovementKind>(k, out _)).Select(Enum.Parse<MovementKind>).ToList();
        return kinds.Count == 0 ? entries : entries.Where(e => kinds.Contains(e.Kind));
    }

    private IEnumerable<MovementLine> Of(JournalEntry entry) =>
        entry.Lines.Where(l => l.Ledger == Line.Ledger && (Party is null || l.PartyId == Party)).Select(l => new MovementLine(entry, l));
}

using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Web.Programmes;
using Alize.Workflows.Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Accounts;

/// <summary>One account of the chart, in one of the books.</summary>
public sealed record AccountBalance(ChartLine Line, Money Balance, int HalfDays)
{
    /// <summary>On the side where this account usually stands; negative where it stands on the other.</summary>
    public Money Shown => Line.IsCreditNormal ? -Balance : Balance;

    /// <summary>Half-days, on the same side.</summary>
    public int ShownHalfDays => Line.IsCreditNormal ? -HalfDays : HalfDays;
}

/// <summary>One of the books: its balances, and the two sums that must be equal.</summary>
public sealed record AccountBalances(FundAccount Account, IReadOnlyList<AccountBalance> Balances, Money Debits, Money Credits);

/// <summary>The two accounts (R9) and their journal (R19), newest first.</summary>
public sealed class IndexModel(AlizeDb db, Ledger ledger) : ProgrammePage
{
    private const int Entries = 30;

    [BindProperty(SupportsGet = true)]
    public FundAccount? Account { get; set; }

    /// <summary>Day and id of the last entry of the page before.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Before { get; set; }

    public IReadOnlyList<AccountBalances> Accounts { get; private set; } = [];

    public Money CreditsAvailable { get; private set; }

    public IReadOnlyList<JournalEntry> Journal { get; private set; } = [];

    public string? NextBefore { get; private set; }

    private Dictionary<Guid, string> Parties { get; set; } = [];

    private Dictionary<Guid, string> Projects { get; set; } = [];

    private Dictionary<Guid, string> Sources { get; set; } = [];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        CreditsAvailable = await ledger.CreditsAvailableAsync(ProgrammeId, cancel);
        var balances = await ledger.BalancesAsync(ProgrammeId, null, cancel);
        Accounts = [.. Enum.GetValues<FundAccount>().Select(account => Of(account, balances))];

        var entries = db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == ProgrammeId);
        if (Account is { } one) entries = entries.Where(e => e.Account == one);
        if (Before?.Split('.') is [var day, var id] && DateOnly.TryParseExact(day, "yyyy-MM-dd", out var on) && Guid.TryParse(id, out var last))
            entries = entries.Where(e => e.BookedOn < on || (e.BookedOn == on && e.Id.CompareTo(last) < 0));
        var found = await entries.OrderByDescending(e => e.BookedOn).ThenByDescending(e => e.Id).Take(Entries + 1).ToListAsync(cancel);
        Journal = [.. found.Take(Entries)];
        if (found.Count > Entries) NextBefore = string.Create(CultureInfo.InvariantCulture, $"{Journal[^1].BookedOn:yyyy-MM-dd}.{Journal[^1].Id:N}");
        await LoadNamesAsync(cancel);
    }

    public string? Party(JournalEntry entry) =>
        entry.Lines.Select(l => l.PartyId).FirstOrDefault(p => p is not null) is { } party ? Parties.GetValueOrDefault(party) : null;

    /// <summary>Number of the project an entry is about.</summary>
    public string? Project(JournalEntry entry) => entry.ProjectId is { } id ? Projects.GetValueOrDefault(id) : null;

    /// <summary>Reference of the advance that justifies an entry.</summary>
    public string? Advance(JournalEntry entry) => entry.SourceId is { } id ? Sources.GetValueOrDefault(id) : null;

    private static AccountBalances Of(FundAccount account, IEnumerable<LedgerBalance> balances)
    {
        var of = balances.Where(b => b.Account == account).ToList();
        return new(
            account,
            [.. ChartOfAccounts.Of(account).Select(line => new AccountBalance(
                line, Money.Sum(of.Where(b => b.Ledger == line.Ledger).Select(b => b.Balance)), of.Where(b => b.Ledger == line.Ledger).Sum(b => b.HalfDays)))],
            Money.Sum(of.Select(b => b.Debits)),
            Money.Sum(of.Select(b => b.Credits)));
    }

    private async Task LoadNamesAsync(CancellationToken cancel)
    {
        var parties = Journal.SelectMany(e => e.Lines).Select(l => l.PartyId).OfType<Guid>().Distinct().ToList();
        Parties = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId && parties.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        foreach (var (id, name) in await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId && parties.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name, cancel))
            Parties[id] = name;
        var projects = Journal.Select(e => e.ProjectId).OfType<Guid>().Distinct().ToList();
        Projects = await db.Projects.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId && projects.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Number, cancel);

        // A payment's source is its advance; a repayment's is what was received, which names its advance.
        var sources = Journal.Select(e => e.SourceId).OfType<Guid>().Distinct().ToList();
        Sources = await db.Advances.AsNoTracking().Where(a => a.ProgrammeId == ProgrammeId && sources.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.Reference, cancel);
        foreach (var received in await db.RepaymentsReceived.AsNoTracking().Where(r => r.ProgrammeId == ProgrammeId && sources.Contains(r.Id))
            .Join(db.Advances, r => r.AdvanceId, a => a.Id, (r, a) => new { r.Id, a.Reference }).ToListAsync(cancel))
            Sources[received.Id] = received.Reference;
    }
}

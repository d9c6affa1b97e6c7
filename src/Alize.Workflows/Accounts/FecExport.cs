using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Accounts;

/// <summary>Hands out a year of the journal as a fichier des écritures comptables (R15, R19).</summary>
public sealed class FecExport(AlizeDb db, Ledger ledger, ProgrammeClock clock)
{
    /// <summary>Years from the first entry to today's, the latest first: one without entries still begins with its balances.</summary>
    public async Task<IReadOnlyList<int>> YearsAsync(Guid programmeId, CancellationToken cancel) =>
        await db.JournalEntries.Where(e => e.ProgrammeId == programmeId).MinAsync(e => (int?)e.Year, cancel) is { } first
            ? [.. Enumerable.Range(first, Math.Max(1, clock.Today.Year - first + 1)).Reverse()]
            : [];

    /// <summary>The file of a year, or why it cannot be named.</summary>
    public async Task<(string Name, string Content, IReadOnlyList<Problem> Problems)> OfYearAsync(Guid programmeId, int year, string siren, CancellationToken cancel)
    {
        if (!(await YearsAsync(programmeId, cancel)).Contains(year)) return ("", "", [new("year", "Le journal n’a pas d’écritures de cette année-là. Choisissez une année de la liste.")]);
        if (!Siren.TryParse(siren, out var holder, out var wrong)) return ("", "", [new("siren", wrong)]);
        var entries = await db.JournalEntries.AsNoTracking().Where(e => e.ProgrammeId == programmeId && e.Year == year).OrderBy(e => e.Number).ToListAsync(cancel);

        var parties = (await db.Companies.AsNoTracking().Where(c => c.ProgrammeId == programmeId).Select(c => new { c.Id, c.Siret, c.Name }).ToListAsync(cancel))
            .ToDictionary(c => c.Id, c => new FecParty($"C{c.Siret[..9]}", c.Name));
        foreach (var partner in await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programmeId).Select(p => new { p.Id, p.Name }).ToListAsync(cancel))
            parties[partner.Id] = new($"P{partner.Id.ToString("N")[^8..].ToUpperInvariant()}", partner.Name);

        var before = (await ledger.BalancesAsync(programmeId, new DateOnly(year - 1, 12, 31), cancel)).Select(b => (b.Account, b.Ledger, b.PartyId, b.Balance));
        var lines = Fec.Opening(year, before, parties).Concat(Fec.Lines(entries, parties, at => DateOnly.FromDateTime(clock.ToLocal(at)))).ToList();
        return (Fec.FileName(holder, year), Fec.Write(lines), []);
    }
}

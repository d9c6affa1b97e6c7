using Alize.Data;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Programmes;

/// <summary>Euros and half-days promised.</summary>
public sealed record Pledged(Money Amount, int HalfDays)
{
    public static Pledged Of(IEnumerable<Pledge> pledges)
    {
        var all = pledges.ToList();
        return new(Money.Sum(all.Select(p => p.Amount)), all.Sum(p => p.HalfDays));
    }
}

/// <summary>What one partner promised, by year.</summary>
public sealed record PledgeLine(Guid PartnerId, string Name, IReadOnlyList<Pledge> Pledges)
{
    public Pledged Total => Pledged.Of(Pledges);

    public Pledged In(int year) => Pledged.Of(Pledges.Where(p => p.Year == year));
}

/// <summary>What partners promised for each year, in euros and in days (annexe 1).</summary>
public sealed class PledgesModel(AlizeDb db) : ProgrammePage
{
    public IReadOnlyList<int> Years { get; private set; } = [];

    public IReadOnlyList<PledgeLine> Lines { get; private set; } = [];

    public Pledged Total => Pledged.Of(Lines.SelectMany(l => l.Pledges));

    public Pledged TotalIn(int year) => Pledged.Of(Lines.SelectMany(l => l.Pledges).Where(p => p.Year == year));

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var pledges = await db.Pledges.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToListAsync(cancel);
        var names = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        Years = [.. pledges.Select(p => p.Year).Distinct().Order()];
        Lines = [.. pledges.GroupBy(p => p.PartnerId).Select(g => new PledgeLine(g.Key, names[g.Key], [.. g])).OrderByDescending(l => l.Total.Amount).ThenBy(l => l.Name, StringComparer.Ordinal)];
    }
}

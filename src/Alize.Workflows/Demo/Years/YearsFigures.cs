using System.Globalization;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>What a programme comes to on a day: every balance by name, and what became of the projects. Two runs of a seed have the same.</summary>
/// <param name="On">The day.</param>
/// <param name="Lines">Every figure, one a line, sorted.</param>
/// <param name="Summary">The few that people read first.</param>
public sealed record YearsFigures(DateOnly On, IReadOnlyList<string> Lines, string Summary)
{
    internal static Task<YearsFigures> ReadAsync(YearsWorld world, Guid programmeId, DateOnly on, YearsBooks books, CancellationToken cancel) => world.ReadAsync(async db =>
    {
        var stages = await db.Projects.Where(p => p.ProgrammeId == programmeId).GroupBy(p => p.Stage).Select(g => new { Stage = g.Key, Count = g.Count() }).ToListAsync(cancel);
        var jobs = await db.JobSurveys.Where(s => s.ProgrammeId == programmeId && s.JobsCreated != null).GroupBy(s => s.MonthsAfter).Select(g => new { After = g.Key, Jobs = g.Sum(s => s.JobsCreated!.Value) }).ToListAsync(cancel);
        var positions = books.All.Select(a => a.Position).ToList();
        IEnumerable<string> lines =
        [
            .. books.Through.Select(b => string.Create(
                CultureInfo.InvariantCulture, $"{b.Account} {b.Ledger.NumberIn(b.Account)} {(b.PartyId is { } party ? books.Names[party] : "")}: {b.Debits.Cents} − {b.Credits.Cents}, {b.HalfDays}")),
            .. books.All.Select(a => string.Create(
                CultureInfo.InvariantCulture, $"{a.Reference}: {a.Position.PaidOut.Cents} {a.Position.Received.Cents} {a.Position.Lost.Cents} {a.Position.Returned.Cents}, {a.Payouts.Count} {a.Rulings.Count} {a.Received.Count(r => r.IsCancelled)}")),
            .. stages.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Stage}: {s.Count}")),
            .. jobs.Select(j => string.Create(CultureInfo.InvariantCulture, $"jobs after {j.After} months: {j.Jobs}")),
            .. books.Statements.Select(s => string.Create(CultureInfo.InvariantCulture, $"statement {s.Account} {s.To:O}: {s.Closing.Cents}, {s.Lines} lines")),
        ];
        Money Sum(Func<Domain.Repayment.AdvancePosition, Money> of) => Money.Sum(positions.Select(of));
        var summary = $"{FrenchText.Date(on)} : {FrenchText.Plural(books.All.Count, "avance")}, {Sum(p => p.PaidOut)} versés, {Sum(p => p.Repaid)} remboursés, {Sum(p => p.Lost)} perdus dont {Sum(p => p.Recovered)} récupérés, "
            + $"{Sum(p => p.Outstanding)} dus ; dotations {-YearsBooks.Of(books.Through, FundAccount.Advances, LedgerAccount.Endowments)}, banque {YearsBooks.Of(books.Through, FundAccount.Advances, LedgerAccount.Bank)} "
            + $"et {YearsBooks.Of(books.Through, FundAccount.OperatingCosts, LedgerAccount.Bank)} ; {FrenchText.Days(books.Days.Values.Sum(d => d.Logged))} passées ; "
            + string.Join(", ", stages.OrderBy(s => s.Stage).Select(s => $"{s.Count} {StageNames.French(s.Stage)}"));
        return new YearsFigures(on, [.. lines.Order(StringComparer.Ordinal)], summary);
    });
}

using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Results;
using Alize.Workflows.Results;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>The activity report's figures against what they are not made of: bank lines, time sheets, the advances themselves.</summary>
internal static class ReportAgreement
{
    public static async Task<IReadOnlyList<string>> AtAsync(YearsWorld world, Guid programmeId, YearsBooks books, CancellationToken cancel)
    {
        var disagreements = new List<string>();
        var year = books.On.Year;
        var programme = await world.ReadAsync(db => db.Programmes.AsNoTracking().SingleAsync(p => p.Id == programmeId, cancel));
        var report = await world.AskAsync<ActivityReports, ActivityReport>(r => r.OfAsync(programme, year, cancel));
        foreach (var account in FundAccountNames.WithMoney)
            Compare($"bank of {account.French()}", report.Books.Balance(account, LedgerAccount.Bank), YearsBooks.Of(books.Through, account, LedgerAccount.Bank));
        Compare("outstanding", report.Outstanding, YearsBooks.Of(books.Through, FundAccount.Advances, LedgerAccount.AdvancesOutstanding));

        var (received, days) = await world.ReadAsync(async db => (
            (await db.BankMatches.AsNoTracking().Where(m => m.ProgrammeId == programmeId && m.Kind == CounterpartKind.Endowment && m.UndoneAt == null
                && db.BankLines.Any(l => l.Id == m.LineId && l.BookedOn <= books.On)).ToListAsync(cancel)).ToLookup(m => m.TargetId, m => m.Amount),
            (await db.CompetenceCommitments.AsNoTracking().Where(c => c.ProgrammeId == programmeId).ToListAsync(cancel))
                .SelectMany(c => c.Time.Where(t => t.On <= books.On), (c, t) => (c.PartnerId, HalfDays: t.Sign * t.HalfDays)).ToLookup(t => t.PartnerId, t => t.HalfDays)));
        foreach (var partner in report.Partners)
        {
            Compare($"received from {partner.Name}", partner.Given.ReceivedInAll, Money.Sum(received[partner.Given.PartnerId]));
            if (partner.Given.HalfDaysInAll != days[partner.Given.PartnerId].Sum())
                disagreements.Add($"report {year}, {partner.Name}: {partner.Given.HalfDaysInAll} half-days, {days[partner.Given.PartnerId].Sum()} on its time sheets");
        }

        // The advances stand as of today: beside a year that is over they may have moved on.
        if (books.Today > books.On) return disagreements;
        var positions = books.All.ToDictionary(a => a.Reference, a => a.Position);
        if (report.Advances.Count != positions.Count) disagreements.Add($"report {year}: {report.Advances.Count} advances, {positions.Count} were paid");
        foreach (var advance in report.Advances)
        {
            var position = positions[advance.Reference];
            Compare($"{advance.Reference} paid", advance.Moved.PaidOut, position.PaidOut);
            Compare($"{advance.Reference} repaid", advance.Moved.Repaid, position.Repaid);
            Compare($"{advance.Reference} lost", advance.Moved.Lost, position.Lost);
            Compare($"{advance.Reference} outstanding", advance.Moved.Outstanding, position.Outstanding);
        }

        return disagreements;

        void Compare(string what, Money said, Money found)
        {
            if (said != found) disagreements.Add($"report {year}, {what}: {said} in the report, {found} elsewhere");
        }
    }
}

using Alize.Data;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Programmes;
using Alize.Domain.Results;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows.Committee;
using Alize.Workflows.Programmes;
using Alize.Workflows.Results;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Results;

/// <summary>
/// The figures of a year's activity report, each a link to the entries it counts (R15, R19): the first of the three clicks from a
/// figure to its voucher. The same figures as the PDF, and a spreadsheet.
/// </summary>
public sealed class YearModel(AlizeDb db, ActivityReports reports, ProgrammeYears years) : ProgrammePage
{
    [BindProperty(SupportsGet = true)]
    public int Year { get; set; }

    public ActivityReport Report { get; private set; } = null!;

    public ProgrammeYear? Row { get; private set; }

    public IReadOnlyList<YearlyDuty> Duties { get; private set; } = [];

    /// <summary>The reports drawn up for the year, newest first.</summary>
    public IReadOnlyList<(Guid Id, DateTime MadeAt)> Documents { get; private set; } = [];

    public IReadOnlyList<ReportedCeiling> Ceilings => ActivityReportDocument.CeilingsOf(Report.Books);

    /// <summary>Whether the figures may still change.</summary>
    public bool IsProvisional { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        Row = await db.ProgrammeYears.AsNoTracking().SingleOrDefaultAsync(y => y.ProgrammeId == ProgrammeId && y.Year == Year, cancel);
        Duties = Row is null ? [] : await years.DutiesAsync(Row, cancel);
        IsProvisional = Duties.FirstOrDefault(d => d.Kind == YearlyDutyKind.AccountsClosed)?.DoneOn is null;
        Documents = Row is null ? [] : [.. (await db.Documents.AsNoTracking().Where(d => d.ProgrammeId == ProgrammeId && d.SubjectId == Row.Id)
            .OrderByDescending(d => d.MadeAt).Select(d => new { d.Id, d.MadeAt }).ToListAsync(cancel)).Select(d => (d.Id, d.MadeAt))];
        return Page();
    }

    /// <summary>One table of the report, or all of them, a sheet each.</summary>
    public async Task<IActionResult> OnGetExportAsync(string? table, CancellationToken cancel)
    {
        if (!await LoadAsync(cancel)) return NotFound();
        var sheets = Sheets();
        if (table is null) return Sheet.Book($"Rapport d’activité {Year}", sheets);
        var (name, sheet) = sheets.FirstOrDefault(s => s.Name == table);
        return sheet is null ? NotFound() : sheet.File($"{name} {Year}");
    }

    /// <summary>The entries that a flow counts, in the year or since the beginning.</summary>
    public string Href(BooksFlow flow, bool isInYear) =>
        $"{AccountHref(flow.Account, flow.Ledger)}?{(isInYear ? "year" : "through")}={Year}{(flow.Kinds.Count > 0 ? $"&kinds={string.Join(',', flow.Kinds)}" : "")}";

    /// <summary>The entries that make up a stock.</summary>
    public string Href(BooksStock stock, bool isAtStart) => $"{AccountHref(stock.Account, stock.Ledger)}?through={(isAtStart ? Year - 1 : Year)}";

    /// <summary>What a partner paid in to an account.</summary>
    public string EndowmentHref(Guid partnerId, FundAccount account) =>
        $"{AccountHref(account, LedgerAccount.Endowments)}?party={partnerId}&year={Year}&kinds={MovementKind.EndowmentReceived},{MovementKind.Reversal}";

    /// <summary>A partner's days: committed by decisions, spent.</summary>
    public string DaysHref(Guid partnerId, LedgerAccount ledger) =>
        $"{AccountHref(FundAccount.Competences, ledger)}?party={partnerId}&year={Year}{(ledger == LedgerAccount.DaysCommitted ? $"&kinds={MovementKind.DaysCommitted}" : "")}";

    private string AccountHref(FundAccount account, LedgerAccount ledger) => $"{Root}/accounts/{account.JournalCode()}/{ledger.NumberIn(account)}";

    private async Task<bool> LoadAsync(CancellationToken cancel)
    {
        if (Year > Clock.Today.Year || !YearlyDuties.Years(Programme.SignedOn, Programme.EndsOn).Contains(Year)) return false;
        Report = await reports.OfAsync(Programme, Year, cancel);
        return true;
    }

    private IReadOnlyList<(string Name, Sheet Sheet)> Sheets()
    {
        var goals = new Sheet("Objectif", "Visé", "Atteint", "Attendu à ce jour").Row("Projets soutenus", Report.Projects.Target, Report.Projects.Reached, Report.Projects.ExpectedByNow)
            .Row("Emplois créés", Report.Jobs.Target, Report.Jobs.Reached, Report.Jobs.ExpectedByNow);
        var projects = new Sheet("Projet", "Entreprise", "Décidé le", "Décision", "Avance (€)", "Emplois prévus", "Emplois comptés");
        foreach (var p in Report.Decided) projects.Row(p.Number, p.Company, p.DecidedOn, OutcomeNames.French(p.Outcome), p.Advance, p.JobsPlanned, p.JobsCounted);
        var partners = new Sheet("Partenaire", "Promis (€)", "Reçu, avances (€)", "Reçu, fonctionnement (€)", "Reçu depuis l’origine (€)", "Journées promises", "Journées engagées", "Journées passées", "Valeur passée (€)", "Journées depuis l’origine", "Valeur depuis l’origine (€)");
        foreach (var p in Report.Partners)
            partners.Row(
                p.Name, p.Pledged, p.Given.ForAdvances, p.Given.ForCosts, p.Given.ReceivedInAll, p.HalfDaysPledged / 2m, p.Given.HalfDaysCommitted / 2m, p.Given.HalfDaysSpent / 2m, p.Given.ValueSpent,
                p.Given.HalfDaysInAll / 2m, p.Given.ValueInAll);
        var flows = new Sheet("Compte", "Opération", "Dans l’année (€)", "Depuis l’origine (€)");
        foreach (var f in Report.Books.AdvanceFlows.Concat(Report.Books.CostFlows)) flows.Row(f.Account.French(), f.Label, f.InYear, f.InAll);
        var stocks = new Sheet("Compte", "Situation", "En début d’année (€)", $"Au {FrenchText.Short(Report.Through)} (€)");
        foreach (var s in Report.Books.AdvanceStocks.Concat(Report.Books.CostStocks)) stocks.Row(s.Account.French(), s.Label, s.AtStart, s.AtEnd);
        var advances = new Sheet("Avance", "Entreprise", "Versé dans l’année (€)", "Versé (€)", "Remboursé dans l’année (€)", "Remboursé (€)", "Perte (€)", "Reste dû (€)", "Retard 1–30 j (€)", "Retard 31–60 j (€)", "Retard 61–90 j (€)", "Retard plus de 90 j (€)");
        foreach (var a in Report.Advances)
            advances.Row(
                a.Reference, a.Company, a.Moved.PaidInYear, a.Moved.PaidOut, a.Moved.RepaidInYear, a.Moved.Repaid, a.Moved.Lost, a.Moved.Outstanding, a.Arrears.UpTo30Days, a.Arrears.UpTo60Days,
                a.Arrears.UpTo90Days, a.Arrears.Over90Days);
        var ceilings = new Sheet("Plafond", "Versé (€)", "Plafond (€)");
        foreach (var c in Ceilings) ceilings.Row(c.Label, c.Paid, c.Ceiling);
        return [("Objectifs", goals), ("Projets", projects), ("Partenaires", partners), ("Opérations", flows), ("Situation", stocks), ("Avances", advances), ("Plafonds", ceilings)];
    }
}

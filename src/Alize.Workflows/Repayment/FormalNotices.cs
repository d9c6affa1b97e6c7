using Alize.Data;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Engine.Expressions;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>Writes the lettre de mise en demeure of an advance from its template: what is overdue on the day (R6, art. 6.2).</summary>
public sealed class FormalNotices(AlizeDb db, LiquidTemplates templates, ProgrammeClock clock)
{
    private static readonly Lazy<string> Template = new(() =>
    {
        using var stream = typeof(FormalNotices).Assembly.GetManifestResourceStream("FormalNotice.fr.md")
            ?? throw new InvalidOperationException("The template 'FormalNotice.fr.md' is not in the program: it must be an embedded resource.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The letter, in Markdown.</summary>
    public async Task<string> WriteAsync(GrantedAdvance advance, CancellationToken cancel)
    {
        var today = clock.Today;
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == advance.CompanyId, cancel);
        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == advance.ProgrammeId, cancel);
        var localOperator = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == advance.ProgrammeId && p.Kind == PartnerKind.LocalOperator)
            .Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var late = advance.Installments.Where(i => i.Outstanding > Money.Zero && Arrears.DaysOverdue(i.CollectOn, today) > 0).ToList();
        var model = new Dictionary<string, object?>
        {
            ["operator"] = localOperator ?? programme.Name,
            ["programme"] = programme.Name,
            ["company"] = company.Name,
            ["siret"] = company.Siret,
            ["commune"] = company.Commune,
            ["today"] = FrenchText.Date(today),
            ["reference"] = advance.Reference,
            ["principal"] = $"{advance.Position.PaidOut}",
            ["total"] = $"{Money.Sum(late.Select(i => i.Outstanding))}",
            ["lines"] = late.Select(i => new Dictionary<string, object?>
            {
                ["number"] = advance.RankOf(i),
                ["day"] = FrenchText.Date(i.CollectOn),
                ["amount"] = $"{i.Outstanding}",
                ["late"] = FrenchText.Plural(Arrears.DaysOverdue(i.CollectOn, today), "jour"),
            }).ToArray(),
        };
        return FrenchText.Typeset(templates.Render(Template.Value, model, MarkdownText.Escape, cancel));
    }
}

using Alize.Data;
using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Domain.Programmes;
using Alize.Engine.Expressions;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Aid;

/// <summary>Writes the attestation of aid de minimis that the company keeps, as of any day (R7c, art. 6.2).</summary>
public sealed class AidCertificates(AlizeDb db, StateAid aid, LiquidTemplates templates, ProgrammeClock clock)
{
    private static readonly Lazy<string> Template = new(() =>
    {
        using var stream = typeof(AidCertificates).Assembly.GetManifestResourceStream("AidCertificate.fr.md")
            ?? throw new InvalidOperationException("The template 'AidCertificate.fr.md' is not in the program: it must be an embedded resource.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The certificate, in Markdown.</summary>
    public async Task<string> WriteAsync(Guid companyId, DateOnly day, CancellationToken cancel)
    {
        var company = await db.Companies.AsNoTracking().SingleAsync(c => c.Id == companyId, cancel);
        var programme = await db.Programmes.AsNoTracking().SingleAsync(p => p.Id == company.ProgrammeId, cancel);
        var localOperator = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == programme.Id && p.Kind == PartnerKind.LocalOperator)
            .Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var answer = await aid.OnAsync(companyId, day, null, cancel);
        var model = new Dictionary<string, object?>
        {
            ["operator"] = localOperator ?? programme.Name,
            ["programme"] = programme.Name,
            ["company"] = company.Name,
            ["siret"] = company.Siret,
            ["commune"] = company.Commune,
            ["day"] = FrenchText.Date(day),
            ["today"] = FrenchText.Date(clock.Today),
            ["regulation"] = day >= DeMinimis.RollingYearsFrom ? "règlement (UE) 2023/2831" : "règlement (UE) 1407/2013",
            ["counted"] = answer.Position.CompetencesCount,
            ["granted"] = $"{answer.Position.Granted}",
            ["from"] = FrenchText.Date(answer.Position.From),
            ["ceiling"] = $"{answer.Position.Ceiling}",
            ["lines"] = answer.Aids.Where(a => a.DecisionId is not null).Select(a => new Dictionary<string, object?>
            {
                ["day"] = FrenchText.Date(a.Grant.GrantedOn),
                ["origin"] = a.Origin,
                ["money"] = $"{a.Grant.Money}",
                ["days"] = $"{a.Grant.Competences}",
            }).ToArray(),
        };
        return FrenchText.Typeset(templates.Render(Template.Value, model, MarkdownText.Escape, cancel));
    }
}

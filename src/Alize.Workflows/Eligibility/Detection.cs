using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Eligibility;

/// <summary>Sends a partner's contact the personal link that opens the detection form.</summary>
public sealed record DetectionLinkMail;

/// <summary>A project is « détecté » by a partner (art. 6.1): its file is opened and its life begins.</summary>
public sealed class Detection(
    AlizeDb db, Outbox outbox, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, ProgrammeClock clock)
{
    /// <summary>The procedure a project lives by.</summary>
    public const string Procedure = "company-project";

    /// <summary>Mails a personal link when the address is a partner's contact; to whoever asks, the answer looks the same.</summary>
    public async Task SendLinkAsync(Guid programmeId, string email, CancellationToken cancel)
    {
        var typed = email.Trim();
        var people = await db.Contacts.AsNoTracking()
            .Where(c => c.ProgrammeId == programmeId && c.PartnerId != null && c.Email == typed).ToListAsync(cancel);
        var contact = people.Where(c => c.IsActiveOn(clock.Today)).MinBy(c => c.Role);
        if (contact is null) return;
        var hour = clock.UtcNow.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
        await outbox.PostAsync(
            new DetectionLinkMail(), contact, new(programmeId, LinkPurpose: TaskLinks.DetectPurpose), $"detect:{contact.Id:N}:{hour}", cancel);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Opens the file and starts the procedure, in one transaction. Nothing is written when there is a problem.</summary>
    public async Task<(Guid? ProjectId, IReadOnlyList<Problem> Problems)> DetectAsync(
        Guid programmeId, Guid detectedByPartnerId, DetectionForm form, string by, CancellationToken cancel)
    {
        var read = new FormReader();
        var partner = await db.Partners.SingleOrDefaultAsync(p => p.Id == detectedByPartnerId && p.ProgrammeId == programmeId, cancel);
        if (partner is null) read.Add("", "Ce partenaire n’est pas connu de ce dispositif. Choisissez un partenaire de la liste.");
        if (!Siret.TryParse(form.Siret, out var siret, out var wrongSiret)) read.Add(nameof(form.Siret), wrongSiret);
        var name = read.Required(nameof(form.Company), form.Company, "Entreprise");
        var commune = read.Required(nameof(form.Commune), form.Commune, "Commune");
        var headName = read.Required(nameof(form.HeadName), form.HeadName, "Dirigeant");
        var headEmail = read.Email(nameof(form.HeadEmail), form.HeadEmail);
        var title = read.Required(nameof(form.Title), form.Title, "Intitulé du projet");
        var headcount = read.Integer(nameof(form.Headcount), form.Headcount, 0, 1_000_000);
        var turnover = read.Amount(nameof(form.Turnover), form.Turnover);
        var balance = read.Amount(nameof(form.BalanceSheetTotal), form.BalanceSheetTotal);
        var holder = read.BasisPoints(nameof(form.LargestHolderPercent), form.LargestHolderPercent);
        var jobs = read.Integer(nameof(form.JobsPlanned), form.JobsPlanned, 0, 100_000);
        var cost = read.Amount(nameof(form.Cost), form.Cost);
        var ownShare = read.Amount(nameof(form.OwnShare), form.OwnShare);
        var advance = read.Amount(nameof(form.RequestedAdvance), form.RequestedAdvance);
        var months = read.Integer(nameof(form.RequestedMonths), form.RequestedMonths, 0, 600);
        var deferral = read.Integer(nameof(form.RequestedDeferralMonths), form.RequestedDeferralMonths, 0, 600);
        var deMinimis = read.Amount(nameof(form.DeclaredDeMinimis), form.DeclaredDeMinimis);
        if (advance > Money.Zero && months is { } asked)
            foreach (var refusal in new Domain.Aid.RepayableAdvance(advance.Value, asked, deferral ?? 0).Refusals())
                read.Add(nameof(form.RequestedMonths), refusal.ToString());
        if (read.Problems.Count > 0) return (null, read.Problems);

        var digits = siret.Digits;
        var company = await db.Companies.SingleOrDefaultAsync(c => c.ProgrammeId == programmeId && c.Siret == digits, cancel);
        if (company is not null && (await db.Projects.Where(p => p.CompanyId == company.Id).ToListAsync(cancel)).FirstOrDefault(p => !p.IsEnded) is { } running)
            return (null, [new(nameof(form.Siret), $"{company.Name} a déjà un projet en cours, le n° {running.Number}. Rapprochez-vous de l’opérateur local.")]);

        company ??= db.Companies.Add(new Company
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Name = name,
            Siret = digits,
            Commune = commune,
        }).Entity;
        (company.Name, company.Commune, company.Activity) = (name, commune, form.Activity.Trim());
        if (form.IsRegistered) company.IsRegistered = true;
        company.Headcount = headcount ?? company.Headcount;
        company.Turnover = turnover ?? company.Turnover;
        company.BalanceSheetTotal = balance ?? company.BalanceSheetTotal;
        company.LargestHolderBasisPoints = holder ?? company.LargestHolderBasisPoints;
        if (!await db.Contacts.AnyAsync(c => c.CompanyId == company.Id && c.Email == headEmail, cancel))
            db.Contacts.Add(new Contact
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programmeId,
                CompanyId = company.Id,
                Role = ContactRole.CompanyHead,
                FullName = headName,
                JobTitle = "Dirigeant",
                Email = headEmail,
                From = clock.Today,
            });

        var project = new CompanyProject
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Number = await NextNumberAsync(programmeId, cancel),
            CompanyId = company.Id,
            Title = title,
            Description = form.Description.Trim(),
            DetectedByPartnerId = detectedByPartnerId,
            DetectedOn = clock.Today,
            JobsPlanned = jobs,
            Cost = cost ?? Money.Zero,
            OwnShare = ownShare ?? Money.Zero,
            RequestedAdvance = advance ?? Money.Zero,
            RequestedMonths = months ?? 0,
            RequestedDeferralMonths = deferral ?? 0,
            CompetencesAsked = form.CompetencesAsked.Trim(),
            DeclaredDeMinimis = deMinimis ?? Money.Zero,
        };
        db.Projects.Add(project);
        trail.Add(programmeId, "stage", $"Projet détecté par {partner!.Name} : {title}", by, project.Id, project.Id);
        var start = signals.Start(Procedure, $"project-{project.Id:N}", project.Id, programmeId, $"{project.Number} · {company.Name}");
        store.Enqueue(start);
        await db.SaveChangesAsync(cancel);
        await runtime.DeliverAsync(start.Id, cancel);
        return (project.Id, []);
    }

    /// <summary>The year and a running number; the unique index refuses the second of two simultaneous ones.</summary>
    private async Task<string> NextNumberAsync(Guid programmeId, CancellationToken cancel)
    {
        var year = clock.Today.Year.ToString(CultureInfo.InvariantCulture);
        var numbers = await db.Projects.Where(p => p.ProgrammeId == programmeId && p.Number.StartsWith(year)).Select(p => p.Number).ToListAsync(cancel);
        var last = numbers.Select(n => int.Parse(n[5..], CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        return $"{year}-{last + 1:000}";
    }
}

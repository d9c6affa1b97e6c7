using System.Globalization;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Eligibility;

/// <summary>Sends a partner's contact the personal link that opens the detection form.</summary>
public sealed record DetectionLinkMail;

/// <summary>A project is « détecté » by a partner (art. 6.1): its file is opened and its life begins.</summary>
public sealed class Detection(
    AlizeDb db, Outbox outbox, Trail trail, Signals signals, IWorkflowStore store, WorkflowRuntime runtime, ProgrammeClock clock)
{
    private const int MostTries = 3;

    /// <summary>What the form says, read.</summary>
    private sealed record Detected(
        string Siret, string Company, string Commune, string HeadName, string HeadEmail, string Title, int? Headcount, Money? Turnover,
        Money? BalanceSheetTotal, int? LargestHolderBasisPoints, int? JobsPlanned, Money Cost, Money OwnShare, Money Advance, int Months,
        int DeferralMonths, Money DeMinimis, DetectionForm Form);

    /// <summary>The procedure a project lives by.</summary>
    public const string Procedure = "company-project";

    /// <summary>Mails a personal link when the address is a partner's contact; to whoever asks, the answer looks the same.</summary>
    public async Task SendLinkAsync(Guid programmeId, string email, CancellationToken cancel)
    {
        var typed = email.Trim();
        var people = await db.Contacts.AsNoTracking()
            .Where(c => c.ProgrammeId == programmeId && c.PartnerId != null).ToListAsync(cancel);

        // Compared here: whether the database tells capitals apart depends on which it is.
        var contact = people.Where(c => string.Equals(c.Email, typed, StringComparison.OrdinalIgnoreCase) && c.IsActiveOn(clock.Today)).MinBy(c => c.Role);
        if (contact is null) return;
        var hour = clock.UtcNow.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
        await outbox.PostAsync(
            new DetectionLinkMail(), contact, new(programmeId, LinkPurpose: MailLinks.Detect), $"detect:{contact.Id:N}:{hour}", cancel);
        await outbox.SaveOnceAsync($"detect:{contact.Id:N}:{hour}", cancel);
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

        var facts = new Detected(
            siret.Digits, name, commune, headName, headEmail, title, headcount, turnover, balance, holder, jobs, cost ?? Money.Zero, ownShare ?? Money.Zero,
            advance ?? Money.Zero, months ?? 0, deferral ?? 0, deMinimis ?? Money.Zero, form);
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await OpenFileAsync(partner!, facts, by, cancel);
            }
            catch (DbUpdateException) when (tries < MostTries)
            {
                // Two partners at once: the number, or the company, was taken in between. What is there now decides.
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<(Guid? ProjectId, IReadOnlyList<Problem> Problems)> OpenFileAsync(Partner partner, Detected facts, string by, CancellationToken cancel)
    {
        var programmeId = partner.ProgrammeId;
        var form = facts.Form;
        var company = await db.Companies.SingleOrDefaultAsync(c => c.ProgrammeId == programmeId && c.Siret == facts.Siret, cancel);
        if (company is not null && (await db.Projects.Where(p => p.CompanyId == company.Id).ToListAsync(cancel)).FirstOrDefault(p => !p.IsEnded) is { } running)
            return (null, [new(nameof(form.Siret), $"{company.Name} a déjà un projet en cours, le n° {running.Number}. Rapprochez-vous de l’opérateur local.")]);

        company ??= db.Companies.Add(new Company
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Name = facts.Company,
            Siret = facts.Siret,
            Commune = facts.Commune,
        }).Entity;
        (company.Name, company.Commune, company.Activity) = (facts.Company, facts.Commune, form.Activity.Trim());
        if (form.IsRegistered) company.IsRegistered = true;
        company.Headcount = facts.Headcount ?? company.Headcount;
        company.Turnover = facts.Turnover ?? company.Turnover;
        company.BalanceSheetTotal = facts.BalanceSheetTotal ?? company.BalanceSheetTotal;
        company.LargestHolderBasisPoints = facts.LargestHolderBasisPoints ?? company.LargestHolderBasisPoints;
        if (!await db.Contacts.AnyAsync(c => c.CompanyId == company.Id && c.Email == facts.HeadEmail, cancel))
            db.Contacts.Add(new Contact
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = programmeId,
                CompanyId = company.Id,
                Role = ContactRole.CompanyHead,
                FullName = facts.HeadName,
                JobTitle = "Dirigeant",
                Email = facts.HeadEmail,
                From = clock.Today,
            });

        var project = new CompanyProject
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programmeId,
            Number = await NextNumberAsync(programmeId, cancel),
            CompanyId = company.Id,
            Title = facts.Title,
            Description = form.Description.Trim(),
            DetectedByPartnerId = partner.Id,
            DetectedOn = clock.Today,
            JobsPlanned = facts.JobsPlanned,
            Cost = facts.Cost,
            OwnShare = facts.OwnShare,
            RequestedAdvance = facts.Advance,
            RequestedMonths = facts.Months,
            RequestedDeferralMonths = facts.DeferralMonths,
            CompetencesAsked = form.CompetencesAsked.Trim(),
            DeclaredDeMinimis = facts.DeMinimis,
        };
        db.Projects.Add(project);
        trail.Add(programmeId, "stage", $"Projet détecté par {partner.Name} : {facts.Title}", by, project.Id, project.Id);
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

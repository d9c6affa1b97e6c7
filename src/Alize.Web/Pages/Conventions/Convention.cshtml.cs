using Alize.Data;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Pages.Conventions;

/// <summary>One signatory, in all capacities.</summary>
public sealed record SignatoryLine(
    Contact Person, string Capacities, int Group, DateTime? SignedAt, string? Initials, string? RefusedBecause, PartnerTask? Task, IReadOnlyList<Contact> Substitutes);

/// <summary>The signatures of one convention: who has signed, who is awaited since when, and what the operator may do about it (R8).</summary>
[RequestSizeLimit(LargestScan + (64 * 1024))]
[RequestFormLimits(MultipartBodyLengthLimit = LargestScan + (64 * 1024))]
public sealed class ConventionModel(AlizeDb db, ConventionSigning signing, Trail trail) : ProgrammePage
{
    private const int LargestScan = 8 * 1024 * 1024;

    public CooperationConvention Convention { get; private set; } = null!;

    public string Number { get; private set; } = "";

    public IReadOnlyList<SignatoryLine> Signatories { get; private set; } = [];

    public IReadOnlyList<SignatureEvidence> Lines { get; private set; } = [];

    /// <summary>First line of the chain that is not as it was written. Null: intact.</summary>
    public int? Broken { get; private set; }

    /// <summary>Whether signatures are asked one group after another.</summary>
    public bool HasOrder => Signatories.Select(s => s.Group).Distinct().Count() > 1;

    /// <summary>The task a refused form was about.</summary>
    public Guid? Asked { get; private set; }

    public string Reason { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel) => await LoadAsync(id, cancel) ? Page() : NotFound();

    public async Task<IActionResult> OnPostSubstituteAsync(Guid id, Guid task, Guid contact, string? reason, CancellationToken cancel)
    {
        if (!await LoadAsync(id, cancel) || Signatories.All(s => s.Task?.Id != task)) return NotFound();
        (Asked, Reason) = (task, reason ?? "");
        db.ChangeTracker.Clear();
        var problems = await signing.SubstituteAsync(task, contact, Reason, By, trail, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("Le signataire est remplacé : la demande lui est envoyée, l’ancien lien n’ouvre plus rien.");
        return Redirect($"{Root}/conventions/{id}");
    }

    public async Task<IActionResult> OnPostPaperAsync(Guid id, Guid task, IFormFile? scan, string? initials, bool attested, CancellationToken cancel)
    {
        if (!await LoadAsync(id, cancel) || Signatories.All(s => s.Task?.Id != task)) return NotFound();
        Asked = task;
        if (scan is null || scan.Length is 0 or > LargestScan) return Refused([new("scan", "Envoyez la convention signée numérisée : un PDF de 8 Mo au plus.")]);
        using var bytes = new MemoryStream();
        await scan.CopyToAsync(bytes, cancel);
        var problems = await signing.SignOnPaperAsync(task, bytes.ToArray(), (initials ?? "").Trim(), attested, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say("La signature sur papier est versée au dossier, avec votre attestation.");
        return Redirect($"{Root}/conventions/{id}");
    }

    private async Task<bool> LoadAsync(Guid id, CancellationToken cancel)
    {
        var convention = await db.Conventions.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id && c.ProgrammeId == ProgrammeId, cancel);
        if (convention is null) return false;
        Convention = convention;
        Number = await db.Projects.Where(p => p.Id == convention.ProjectId).Select(p => p.Number).SingleAsync(cancel);
        Lines = await db.SignatureEvidence.AsNoTracking().Where(e => e.ConventionId == id).OrderBy(e => e.Number).ToListAsync(cancel);
        Broken = EvidenceChain.FirstBroken(Lines, convention.EvidenceHead, convention.Sha256);
        var tasks = await db.PartnerTasks.AsNoTracking()
            .Where(t => t.SubjectId == id && t.Kind == SignatureForm.Kind && t.State == PartnerTaskState.Open).ToListAsync(cancel);
        var people = await db.Contacts.AsNoTracking().Where(c => c.ProgrammeId == ProgrammeId).ToListAsync(cancel);
        Signatories = [.. convention.Signatories.GroupBy(s => s.ContactId).Select(of =>
        {
            var person = people.Single(p => p.Id == of.Key);
            return new SignatoryLine(
                person, FrenchText.List(of.Select(s => CapacityNames.French(s.Capacity))), of.Max(s => s.Group), of.First().SignedAt, of.First().Initials, of.First().RefusedBecause,
                tasks.FirstOrDefault(t => t.AssigneeContactId == of.Key),
                [.. people.Where(p => p.Id != person.Id && p.PartnerId == person.PartnerId && p.CompanyId == person.CompanyId && p.IsActiveOn(Clock.Today)
                    && !string.Equals(p.Email, person.Email, StringComparison.OrdinalIgnoreCase)).DistinctBy(p => p.Email).OrderBy(p => p.FullName)]);
        }).OrderBy(s => s.Group)];
        return true;
    }
}

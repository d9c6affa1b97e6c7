using System.Reflection;
using Alize.Data;
using Alize.Workflows.Aid;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Documents;

/// <summary>Pièces jointes: the documents a definition may attach to a mail, by name; several separated by commas.</summary>
public sealed class ProcedureAttachments(AlizeDb db, AidCertificates certificates)
{
    private const string Convention = "convention";
    private const string AidCertificate = "aid-certificate";
    private const string ActivityReport = "activity-report";
    private const string RenewalStudy = "renewal-study";

    /// <summary>The names a definition may use, with what people read.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>
    {
        [Convention] = "La convention signée et scellée",
        [AidCertificate] = "L’attestation d’aide de minimis",
        [ActivityReport] = "Le rapport d’activité de l’année",
        [RenewalStudy] = "L’étude des conditions de poursuite",
    };

    /// <summary>The documents behind the names, made where need be within the unit of work at hand. One that has no object is left out.</summary>
    /// <exception cref="InvalidOperationException">A name nobody knows, or a document that is not there yet: the step is parked until it is.</exception>
    public async Task<IReadOnlyList<AttachedDocument>> FindAsync(string? names, StepSubject subject, CancellationToken cancel)
    {
        var found = new List<AttachedDocument>();
        foreach (var name in (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var document = name switch
            {
                Convention => await SealedConventionAsync(ProjectOf(subject, name), cancel),
                AidCertificate => await CertificateAsync(subject.Programme.Id, ProjectOf(subject, name), cancel),
                ActivityReport => await KeptAsync(subject.Year?.ReportId, name, cancel),
                RenewalStudy => await KeptAsync(subject.Term?.StudyId, name, cancel),
                _ => throw new InvalidOperationException($"'{name}' is no document a mail can carry. Use one of: {string.Join(", ", Names.Keys)}."),
            };
            if (document is not null) found.Add(document);
        }

        return found;
    }

    private async Task<AttachedDocument> SealedConventionAsync(Guid projectId, CancellationToken cancel)
    {
        // Tracked: it may have been sealed a moment ago, in this very burst.
        var convention = await db.Conventions.Where(c => c.ProjectId == projectId).OrderByDescending(c => c.FrozenAt).ThenByDescending(c => c.Id).FirstOrDefaultAsync(cancel);
        if (convention?.SealedDocumentId is not { } id)
            throw new InvalidOperationException($"The convention of project '{projectId}' is not sealed, so it cannot be attached. Send this mail after the signatures.");
        return await KeptAsync(id, Convention, cancel);
    }

    private static Guid ProjectOf(StepSubject subject, string name) =>
        subject.File?.Project.Id ?? throw new InvalidOperationException($"'{name}' is a project's document, and this instance is not about a project.");

    private async Task<AttachedDocument> KeptAsync(Guid? kept, string name, CancellationToken cancel)
    {
        var id = kept ?? throw new InvalidOperationException($"'{name}' is not drawn up yet, or this instance is not what it is about. Send this mail after the step that makes it.");
        return db.Documents.Local.FirstOrDefault(d => d.Id == id) is { } made
            ? new(made.Id, made.Title)
            : await db.Documents.Where(d => d.Id == id).Select(d => new AttachedDocument(d.Id, d.Title)).SingleAsync(cancel);
    }

    private async Task<AttachedDocument?> CertificateAsync(Guid programmeId, Guid projectId, CancellationToken cancel)
    {
        var decision = await db.DecisionsInForce.Where(d => d.ProjectId == projectId && d.Outcome == Domain.Committee.DecisionOutcome.Approved)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).Select(d => (Guid?)d.Id).FirstOrDefaultAsync(cancel)
            ?? throw new InvalidOperationException($"Project '{projectId}' was not approved: there is no aid to attest.");
        return await certificates.MakeAsync(programmeId, decision, Trail.Service, cancel) is { } made ? new(made.Id, made.Title) : null;
    }
}

/// <summary>A document that goes with a mail.</summary>
public sealed record AttachedDocument(Guid Id, string Title);

/// <summary>Fills a drop-down with the documents a mail may carry, and what definitions write there now.</summary>
public sealed class AttachmentChoices : IPropertyUIHandler
{
    public ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(DropDownProps.Specification([new SelectListItem("Aucune", ""), .. ProcedureAttachments.Names.Select(n => new SelectListItem(n.Value, n.Key))]));
}

using Alize.Data;
using Alize.Domain.Committee;
using Alize.Domain.Signatures;
using Alize.Workflows.Documents;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Signatures;

/// <summary>
/// Writes the convention de coopération et développement of the project's decision, freezes its text by its hash and computes who
/// must sign it (R8, art. 6.2).
/// </summary>
[Activity("Alize", "Signature", "Établit la convention de coopération et développement, en fige le texte et calcule qui doit la signer.", DisplayName = "Établir la convention")]
public sealed class PrepareConvention : CodeActivity
{
    [Output(DisplayName = "Convention", Description = "Identifiant de la convention établie.")]
    public Output<string>? ConventionId { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var decision = await db.DecisionsInForce.AsNoTracking()
            .Where(d => d.ProjectId == file.Project.Id && d.Outcome == DecisionOutcome.Approved)
            .OrderByDescending(d => d.DecidedOn).ThenByDescending(d => d.Id).FirstOrDefaultAsync(cancel)
            ?? throw new InvalidOperationException($"Project '{file.Project.Number}' has no approval to put into a convention.");

        var lent = await db.CompetenceCommitments.AsNoTracking().Where(c => c.DecisionId == decision.Id).OrderBy(c => c.Id).ToListAsync(cancel);
        var terms = new ConventionTerms(
            decision.DecidedOn, decision.Count.Proof(), decision.Advance, decision.Months, decision.DeferralMonths,
            [.. lent.Select(c => new DaysLent(c.PartnerId, c.Field, c.HalfDays, c.Value))], file.Project.LeadPartnerId);
        var texts = context.GetRequiredService<ConventionTexts>();
        var signatories = await texts.SignatoriesAsync(file, terms, isDraft: false, cancel);
        var document = await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(context.StepKey(), await texts.RecordAsync(file, terms, signatories, cancel), file.ProgrammeId, Trail.Service, file.Project.Id, decision.Id, file.Project.Number), cancel);
        var convention = new CooperationConvention
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = file.ProgrammeId,
            ProjectId = file.Project.Id,
            DecisionId = decision.Id,
            DocumentId = document.Id,
            Text = document.Text,
            Sha256 = document.Sha256,
            FrozenAt = context.GetRequiredService<ProgrammeClock>().UtcNow,
        };
        foreach (var (contact, capacity) in signatories) convention.Require(Guid.CreateVersion7(), contact.Id, capacity);
        db.Conventions.Add(convention);
        context.GetRequiredService<EvidenceBook>().Add(convention, new(
            "frozen", "", "", $"{document.Title} ; à signer par {string.Join(", ", signatories.Select(s => $"{s.Contact.FullName} ({CapacityNames.French(s.Capacity)})"))}"));
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, "convention",
            $"Convention établie, empreinte {convention.Sha256[..12]}…, à signer par {string.Join(", ", signatories.Select(s => s.Contact.FullName).Distinct())}",
            projectId: file.Project.Id, subjectId: convention.Id);
        context.Set(ConventionId, convention.Id.ToString());
    }
}

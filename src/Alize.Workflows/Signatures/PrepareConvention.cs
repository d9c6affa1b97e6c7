using System.Security.Cryptography;
using System.Text;
using Alize.Data;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
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
    [Input(DisplayName = "Texte", Description = "Texte de la convention, Markdown avec {{ … }}. Vide : le texte livré.", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? Text { get; set; }

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

        var signatories = await SignatoriesAsync(context, file, decision);
        var text = await TextAsync(context, file, decision, signatories);
        var convention = new CooperationConvention
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = file.ProgrammeId,
            ProjectId = file.Project.Id,
            DecisionId = decision.Id,
            Text = text,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            FrozenAt = context.GetRequiredService<ProgrammeClock>().UtcNow,
        };
        foreach (var (contact, capacity) in signatories) convention.Require(Guid.CreateVersion7(), contact.Id, capacity);
        db.Conventions.Add(convention);
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, "convention",
            $"Convention établie, empreinte {convention.Sha256[..12]}…, à signer par {string.Join(", ", signatories.Select(s => s.Contact.FullName).Distinct())}",
            projectId: file.Project.Id, subjectId: convention.Id);
        context.Set(ConventionId, convention.Id.ToString());
    }

    private static async Task<IReadOnlyList<(Contact Contact, SignatoryCapacity Capacity)>> SignatoriesAsync(
        ActivityExecutionContext context, ProjectFile file, CommitteeDecision decision)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var addressees = context.GetRequiredService<Addressees>();
        var people = new Dictionary<Guid, Contact>();
        async Task<Guid> FindAsync(string who)
        {
            // A person has one contact row for each role: who signs in two capacities gets one request and signs once.
            var contact = await addressees.FirstAsync(who, file.ProgrammeId, file.Project, cancel);
            contact = people.Values.FirstOrDefault(known => string.Equals(known.Email, contact.Email, StringComparison.OrdinalIgnoreCase)) ?? contact;
            people[contact.Id] = contact;
            return contact.Id;
        }

        var lenders = new List<(Guid Partner, Guid Contact)>();
        foreach (var partner in await db.CompetenceCommitments.Where(c => c.DecisionId == decision.Id)
            .OrderBy(c => c.Id).Select(c => c.PartnerId).ToListAsync(cancel))
            lenders.Add((partner, await FindAsync($"partner:{partner}")));
        (Guid, Guid)? lead = file.Project.LeadPartnerId is { } leadPartner ? (leadPartner, await FindAsync($"partner:{leadPartner}")) : null;
        var required = RequiredSignatories.Compute(await FindAsync("company"), await FindAsync("chair"), lenders, lead);
        return [.. required.Select(r => (people[r.Contact], r.Capacity))];
    }

    private async Task<string> TextAsync(
        ActivityExecutionContext context, ProjectFile file, CommitteeDecision decision, IReadOnlyList<(Contact Contact, SignatoryCapacity Capacity)> signatories)
    {
        var cancel = context.CancellationToken;
        var db = context.GetRequiredService<AlizeDb>();
        var commitments = await db.CompetenceCommitments.AsNoTracking().Where(c => c.DecisionId == decision.Id).ToListAsync(cancel);
        var partners = await db.Partners.AsNoTracking().Where(p => p.ProgrammeId == file.ProgrammeId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        var own = new Dictionary<string, object?>
        {
            ["has_advance"] = decision.Advance > Money.Zero,
            ["commitments"] = commitments.Select(c => new Dictionary<string, object?>
            {
                ["partner"] = partners[c.PartnerId],
                ["field"] = c.Field,
                ["days"] = FrenchText.Days(c.HalfDays),
                ["value"] = c.Value.ToString(),
            }).ToArray(),
            ["lead_partner"] = file.Project.LeadPartnerId is { } lead ? partners[lead] : "",
            ["signatories"] = signatories.Select(s => new Dictionary<string, object?>
            {
                ["name"] = s.Contact.FullName,
                ["title"] = s.Contact.JobTitle,
                ["capacity"] = CapacityNames.French(s.Capacity),
            }).ToArray(),
        };
        var template = context.Get(Text) is { Length: > 0 } written ? written : EmbeddedText.Read("CooperationConvention.fr.md");
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        return await context.GetRequiredService<ProcedureTexts>().MarkdownAsync(new(template), null, subject, own, cancel);
    }
}

/// <summary>What people read for a signatory's capacity.</summary>
public static class CapacityNames
{
    public static string French(SignatoryCapacity capacity) => capacity switch
    {
        SignatoryCapacity.CompanyHead => "responsable de la PME bénéficiaire",
        SignatoryCapacity.CommitteeChair => "président du comité d’agrément",
        SignatoryCapacity.LendingPartner => "entreprise partenaire apportant des compétences",
        SignatoryCapacity.LeadPartner => "mandataire",
        _ => throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A capacity without a name: add it here."),
    };
}

/// <summary>Texts that travel inside the assembly.</summary>
internal static class EmbeddedText
{
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The text '{name}' is not in the assembly; it should stand beside the step that uses it.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

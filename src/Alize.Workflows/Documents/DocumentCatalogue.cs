using System.Reflection;
using Alize.Workflows.Accounts;
using Alize.Workflows.Aid;
using Alize.Workflows.Committee;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Alize.Workflows.Repayment;
using Alize.Workflows.Results;
using Alize.Workflows.Signatures;

namespace Alize.Workflows.Documents;

/// <summary>A template the operator may word anew: of a document, or of a mail in one language.</summary>
/// <param name="Record">The record whose properties fill it.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="Label">What people call it.</param>
/// <param name="Samples">Made-up values to show it with, and to try a new wording on.</param>
public sealed record TemplateKind(Type Record, string Language, string Label, IReadOnlyList<object> Samples)
{
    /// <summary>Name in addresses and in the database.</summary>
    public string Name => $"{Record.Name}.{Language}";

    public bool IsMail => Record.Name.EndsWith("Mail", StringComparison.Ordinal);

    /// <summary>What it may name between braces.</summary>
    public IReadOnlyList<string> Placeholders =>
    [
        .. Record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract").Select(p => p.Name),
        .. IsMail ? ["Name", "Programme", "Project", "link"] : (string[])["Programme", "Territory", "Today"],
    ];

    /// <summary>The text that came with the program.</summary>
    public string Shipped => TextTemplate.Shipped(Record, Language);
}

/// <summary>Every template there is. A document's record bears its own samples; a mail's are made by type.</summary>
public static class DocumentCatalogue
{
    /// <summary>What the operator calls a mail; one that is not named here goes by the name of its record.</summary>
    private static readonly Dictionary<string, string> MailNames = new()
    {
        ["AskPartnerMail"] = "Demande à une personne",
        ["DetectionLinkMail"] = "Lien pour signaler un projet",
        ["EscalateTaskMail"] = "Alerte : demande restée sans réponse",
        ["FreshLinkMail"] = "Nouveau lien demandé",
        ["FundsCallMail"] = "Appel de fonds",
        ["NotifyMail"] = "Information",
        ["RemindCompanyMail"] = "Relance d’une échéance",
        ["RemindPartnerMail"] = "Relance d’une demande",
        ["ProgressReportMail"] = "Point du mandataire",
        ["SigningCodeMail"] = "Code à usage unique d’un signataire",
        ["StatementOfAccountMail"] = "Relevé de compte demandé",
    };

    private static readonly Lazy<IReadOnlyList<TemplateKind>> Kinds = new(() =>
    [
        new(typeof(CooperationConventionDocument), "fr", "Convention de coopération et développement", CooperationConventionDocument.Samples),
        new(typeof(InvitationDocument), "fr", "Invitation à une séance", [InvitationDocument.Sample]),
        new(typeof(MinutesDocument), "fr", "Compte rendu de séance", [MinutesDocument.Sample]),
        new(typeof(AidCertificateDocument), "fr", "Attestation d’aide de minimis", [AidCertificateDocument.Sample]),
        new(typeof(FormalNoticeDocument), "fr", "Mise en demeure", [FormalNoticeDocument.Sample]),
        new(typeof(StatementOfAccountDocument), "fr", "Relevé de compte", StatementOfAccountDocument.Samples),
        new(typeof(FundsCallDocument), "fr", "Appel de fonds", [FundsCallDocument.Sample]),
        new(typeof(ActivityReportDocument), "fr", "Rapport d’activité", [ActivityReportDocument.Sample]),
        new(typeof(RenewalStudyDocument), "fr", "Étude des conditions de poursuite", [RenewalStudyDocument.Sample]),
        new(typeof(RemainderStatementDocument), "fr", "Relevé de dévolution", RemainderStatementDocument.Samples),
        .. typeof(MailComposer).Assembly.GetTypes().Where(IsMail).OrderBy(t => t.Name, StringComparer.Ordinal)
            .SelectMany(record => new[] { "fr", "en" }.Select(language => new TemplateKind(
                record, language, MailNames.GetValueOrDefault(record.Name, record.Name),
                [MailSamples.Of(record, isFull: true), MailSamples.Of(record, isFull: false)]))),
    ]);

    public static IReadOnlyList<TemplateKind> All => Kinds.Value;

    public static TemplateKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    /// <summary>The template a record is filled into.</summary>
    /// <exception cref="InvalidOperationException">The record is no document's: add it to the list.</exception>
    public static TemplateKind Of(object record, string language = "fr") =>
        Find($"{record.GetType().Name}.{language}") ?? throw new InvalidOperationException($"'{record.GetType().Name}' is not in the catalogue of documents; add it there.");

    /// <summary>Mails are the records whose name says so.</summary>
    public static bool IsMail(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsNested: false } && type.Name.EndsWith("Mail", StringComparison.Ordinal) && type.GetMethod("<Clone>$") is not null;
}

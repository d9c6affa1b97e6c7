using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Workflows.Eligibility;

namespace Alize.Web.Pages.Detection;

/// <summary>A part of the form that is read in one go.</summary>
public sealed record FormPart(string Title, IReadOnlyList<TaskField> Fields);

/// <summary>
/// The detection form in both languages. A field is named as the property of <see cref="DetectionForm"/> it fills: that is the
/// name a problem comes back under.
/// </summary>
internal static class DetectionParts
{
    public static IReadOnlyList<FormPart> In(bool english)
    {
        return
        [
            new(english ? "The company" : "L’entreprise",
            [
                Field(nameof(DetectionForm.Company), "Nom de l’entreprise", "Company name", isRequired: true),
                Field(nameof(DetectionForm.Siret), "SIRET", "SIRET number", isRequired: true, help: "14 chiffres, espaces permis. Il figure sur ses factures.", englishHelp: "14 digits, spaces allowed. It stands on its invoices."),
                Field(nameof(DetectionForm.Commune), "Commune", "Town", isRequired: true),
                Field(nameof(DetectionForm.Activity), "Activité", "Line of business"),
                Field(nameof(DetectionForm.HeadName), "Dirigeant : prénom et nom", "Head: first and last name", isRequired: true),
                Field(nameof(DetectionForm.HeadEmail), "Adresse électronique du dirigeant", "Email address of the head", isRequired: true, help: "Ce qui manque au dossier lui sera demandé à cette adresse.", englishHelp: "What the file lacks will be asked at this address."),
                Field(nameof(DetectionForm.IsRegistered), "Inscrite au registre du commerce (RCS) ou au répertoire des métiers (RM)", "Registered in the trade register (RCS) or the crafts register (RM)", "checkbox"),
                Field(nameof(DetectionForm.Headcount), "Effectif", "Headcount", "integer"),
                Field(nameof(DetectionForm.Turnover), "Chiffre d’affaires annuel", "Yearly turnover", "money"),
                Field(nameof(DetectionForm.BalanceSheetTotal), "Total du bilan", "Balance sheet total", "money"),
                Field(nameof(DetectionForm.LargestHolderPercent), "Plus grande part du capital détenue par une autre entreprise", "Largest share held by another company", "percent", help: "0 si aucune entreprise n’est au capital.", englishHelp: "0 if no company holds a share."),
            ]),
            new(english ? "Its project" : "Son projet",
            [
                Field(nameof(DetectionForm.Title), "Intitulé du projet", "Title of the project", isRequired: true),
                Field(nameof(DetectionForm.Description), "En quelques lignes", "In a few lines", "longtext"),
                Field(nameof(DetectionForm.JobsPlanned), "Emplois à créer", "Jobs to be created", "integer"),
                Field(nameof(DetectionForm.Cost), "Coût du projet", "Cost of the project", "money"),
                Field(nameof(DetectionForm.OwnShare), "Part payée par l’entreprise", "Part the company pays itself", "money"),
            ]),
            new(english ? "The support hoped for" : "L’appui souhaité",
            [
                Field(nameof(DetectionForm.CompetencesAsked), "Compétences recherchées", "Competences wanted", "longtext", help: "Par exemple : qualité, achats, organisation de la production.", englishHelp: "For instance quality, purchasing, production planning."),
                Field(nameof(DetectionForm.RequestedAdvance), "Avance remboursable souhaitée", "Repayable advance hoped for", "money"),
                Field(nameof(DetectionForm.RequestedMonths), "Durée de remboursement, en mois", "Repayment term, in months", "integer"),
                Field(nameof(DetectionForm.RequestedDeferralMonths), "Dont différé, en mois", "Of which deferral, in months", "integer"),
                Field(nameof(DetectionForm.DeclaredDeMinimis), "Aides de minimis déjà reçues sur trois ans", "De minimis aid received over three years", "money"),
            ]),
        ];

        TaskField Field(string name, string french, string foreign, string type = "text", bool isRequired = false, string? help = null, string? englishHelp = null) =>
            english
                ? new(name, foreign, type, isRequired, englishHelp)
                : new(name, FrenchText.Typeset(french), type, isRequired, help is null ? null : FrenchText.Typeset(help));
    }

    /// <summary>What was typed, by the properties' names; what is absent is unknown.</summary>
    public static DetectionForm Read(IReadOnlyDictionary<string, string> typed)
    {
        return new()
        {
            Company = Text(nameof(DetectionForm.Company)),
            Siret = Text(nameof(DetectionForm.Siret)),
            Commune = Text(nameof(DetectionForm.Commune)),
            Activity = Text(nameof(DetectionForm.Activity)),
            HeadName = Text(nameof(DetectionForm.HeadName)),
            HeadEmail = Text(nameof(DetectionForm.HeadEmail)),
            IsRegistered = Text(nameof(DetectionForm.IsRegistered)) is "true" or "on",
            Headcount = Text(nameof(DetectionForm.Headcount)),
            Turnover = Text(nameof(DetectionForm.Turnover)),
            BalanceSheetTotal = Text(nameof(DetectionForm.BalanceSheetTotal)),
            LargestHolderPercent = Text(nameof(DetectionForm.LargestHolderPercent)),
            Title = Text(nameof(DetectionForm.Title)),
            Description = Text(nameof(DetectionForm.Description)),
            JobsPlanned = Text(nameof(DetectionForm.JobsPlanned)),
            Cost = Text(nameof(DetectionForm.Cost)),
            OwnShare = Text(nameof(DetectionForm.OwnShare)),
            RequestedAdvance = Text(nameof(DetectionForm.RequestedAdvance)),
            RequestedMonths = Text(nameof(DetectionForm.RequestedMonths)),
            RequestedDeferralMonths = Text(nameof(DetectionForm.RequestedDeferralMonths)),
            CompetencesAsked = Text(nameof(DetectionForm.CompetencesAsked)),
            DeclaredDeMinimis = Text(nameof(DetectionForm.DeclaredDeMinimis)),
        };

        string Text(string name) => typed.GetValueOrDefault(name, "");
    }
}

using System.Globalization;
using Alize.Domain;

namespace Alize.Workflows.Eligibility;

/// <summary>A project as a partner signals it: everything as typed; what is left empty is unknown and will be asked of the company.</summary>
public sealed record DetectionForm
{
    public string Company { get; init; } = "";
    public string Siret { get; init; } = "";
    public string Commune { get; init; } = "";
    public string Activity { get; init; } = "";
    public string HeadName { get; init; } = "";
    public string HeadEmail { get; init; } = "";
    public bool IsRegistered { get; init; }
    public string Headcount { get; init; } = "";
    public string Turnover { get; init; } = "";
    public string BalanceSheetTotal { get; init; } = "";
    public string LargestHolderPercent { get; init; } = "";
    public string Title { get; init; } = "";
    public string Description { get; init; } = "";
    public string JobsPlanned { get; init; } = "";
    public string Cost { get; init; } = "";
    public string OwnShare { get; init; } = "";
    public string RequestedAdvance { get; init; } = "";
    public string RequestedMonths { get; init; } = "";
    public string RequestedDeferralMonths { get; init; } = "";
    public string CompetencesAsked { get; init; } = "";
    public string DeclaredDeMinimis { get; init; } = "";
}

/// <summary>Reads the typed fields of a form one by one and collects what is wrong with them.</summary>
internal sealed class FormReader
{
    private readonly List<Problem> problems = [];

    public IReadOnlyList<Problem> Problems => problems;

    public void Add(string field, string sentence) => problems.Add(new(field, sentence));

    public string Required(string field, string text, string label)
    {
        if (text.Trim().Length == 0) Add(field, $"« {label} » est nécessaire. Remplissez ce champ.");
        return text.Trim();
    }

    public int? Integer(string field, string text, int minimum, int maximum)
    {
        var typed = new string([.. text.Where(c => !char.IsWhiteSpace(c))]);
        if (typed.Length == 0) return null;
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum) return number;
        Add(field, $"« {text.Trim()} » n’est pas un nombre entier entre {minimum} et {maximum}. Corrigez-le, ou laissez vide ce que vous ne savez pas.");
        return null;
    }

    public Money? Amount(string field, string text)
    {
        if (text.Trim().Length == 0) return null;
        if (Money.TryParse(text, out var amount) && amount >= Money.Zero) return amount;
        Add(field, $"« {text.Trim()} » n’est pas un montant en euros. Écrivez par exemple 15 000 ou 15000,50.");
        return null;
    }

    public int? BasisPoints(string field, string text)
    {
        var typed = text.Trim().TrimEnd('%').Trim().Replace(',', '.');
        if (typed.Length == 0) return null;
        if (decimal.TryParse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100)
            return (int)(percent * 100);
        Add(field, $"« {text.Trim()} » n’est pas un pourcentage entre 0 et 100. Écrivez par exemple 24,9.");
        return null;
    }

    public string Email(string field, string text)
    {
        var typed = text.Trim();
        if (!MimeKit.MailboxAddress.TryParse(typed, out var address) || !address.Address.Contains('@'))
            Add(field, $"« {typed} » n’est pas une adresse de courriel. Vérifiez-la : la réponse y sera demandée.");
        return typed;
    }
}
